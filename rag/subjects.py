"""A topic to the subjects whose figures and directions are set side by side: its terms, or what forecasts consist of."""

from __future__ import annotations

from collections.abc import Iterable

from rag.claims import Subject
from rag.domain import Language, Understood
from rag.lexicon import Lexicon
from rag.text import fold

# Where a topic names a company and no quantity, or forecasts as such.
_QUANTITIES: dict[Language, tuple[str, ...]] = {
    "zh": ("营业收入", "归母净利润", "净利润", "毛利率", "净利率", "EPS", "目标价", "净资产收益率", "市盈率"),
    "en": ("revenue", "net profit", "gross margin", "net margin", "EPS", "target price", "ROE", "P/E"),
}
_FORECASTS = frozenset(map(fold, ("盈利预测", "业绩", "业绩预测", "预测", "估值", "财务", "forecast", "forecasts", "estimates", "results", "earnings forecast", "profit forecast")))  # fmt: skip


def subjects_of(asked: Understood, topic: str, lexicon: Lexicon) -> list[Subject]:
    """`topic` are the words that are asked of each side."""
    terms = [term for term in asked.terms if fold(term.text) not in _FORECASTS]
    if terms:
        return _subjects((term.text, *term.named_in(asked.language), *term.zh, *term.en) for term in terms)
    if asked.companies or asked.terms:
        return _subjects(
            (quantity, *(name for term in lexicon.find(quantity) for name in (*term.zh, *term.en)))
            for quantity in _QUANTITIES[asked.language]
        )
    return _subjects([(topic,)])


def _subjects(names: Iterable[tuple[str, ...]]) -> list[Subject]:
    """The first of the names is for showing; a name belongs to the first subject that has it."""
    return [Subject(of[0], tuple(dict.fromkeys(map(fold, of)))) for of in names]
