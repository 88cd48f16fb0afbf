"""A question to what its answer must cover where the passages hold it: figures, forecasts, causes, the sides of a comparison."""

from __future__ import annotations

import re
from typing import Literal

from rag.domain import Understood
from rag.text import fold
from rag.wanted import core, kinds

Cover = Literal["figure", "forecast", "cause", "comparison"]

_FORECAST = re.compile(
    r"预计|预测|预期|展望|指引|目标价|有望|未来|将会?(?:如何|怎|达|有)"
    r"|\b(?:forecasts?|expect(?:s|ed|ations?)?|outlook|guidance|targets?|estimates?|project(?:s|ed|ions?)|will)\b",
    re.IGNORECASE,
)


def must_cover(asked: Understood) -> tuple[Cover, ...]:
    """In the order of `Cover`; none for a question that asks for no such thing."""
    wanted = kinds(asked.topic)
    asks: dict[Cover, bool] = {
        "figure": "figure" in wanted or bool(asked.units),
        "forecast": _FORECAST.search(fold(core(asked.topic))) is not None,
        "cause": "cause" in wanted,
        "comparison": asked.compares,
    }
    return tuple(cover for cover, is_asked in asks.items() if is_asked)
