"""What speaks for a value in; how sure it is and where it was read out, and of all values the Metadata.

Confidence is made the same way for every field. Each independent piece of evidence leaves a doubt, 1 minus its weight;
the doubts are multiplied ("noisy or"), what speaks against the value takes its share off, and nothing is surer than
0.98. So a printed label beside the value (LABEL) and the place where such a thing stands (PLACE) and the file name
(FILE) agree to 0.95, the file name alone gives 0.40. Rank and bands are meant, not a probability to two digits: of 2278
facts of 74 real reports, read whole and with file name, first pages or all text taken away, 100 % were right from 0.8 on,
93 % from 0.6 to 0.8, 52 % from 0.5 to 0.6, 14 % below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from rag.domain import Fact, FactName, Language, Metadata, Origin, ReportType

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LABEL = 0.8  # a printed label right beside it
PLACE = 0.6  # it stands where, and as large as, such a thing stands
TEXT = 0.5  # a sentence says so
FILE = 0.4  # the file name says so
PDF = 0.35  # the properties of the PDF say so
HINT = 0.25  # it would fit
_SUREST = 0.98


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """A value with its confidence, the page it was read from and where it comes from."""

    value: T_co
    confidence: float
    page: int | None = None
    origin: Origin = "page"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found of a report."""

    title: Found[str]
    language: Found[Language]
    type: Found[ReportType] | None = None
    publisher: Found[str] | None = None
    published: Found[date] | None = None
    analysts: Found[tuple[str, ...]] | None = None
    company: Found[str] | None = None
    ticker: Found[str] | None = None
    rating: Found[str] | None = None
    target_price: Found[str] | None = None
    form: Found[str] | None = None
    fiscal_period: Found[str] | None = None


def confidence(*weights: float, against: float = 0.0) -> float:
    """How sure a value is for which these pieces of evidence speak; `against` is the share that is taken off."""
    doubt = math.prod(1.0 - weight for weight in weights)
    return round(max(0.0, min(_SUREST, (1.0 - doubt) * (1.0 - against))), 2)


def lead(best: float, second: float) -> float:
    """What the runner-up speaks against the best: nothing below half of its strength, a half where they are level."""
    return max(0.0, second / best - 0.5) if best > 0 else 1.0


def metadata_of(reading: Reading) -> Metadata:
    """The fields and their facts."""
    return Metadata(
        title=reading.title.value,
        publisher=_value(reading.publisher),
        published=_value(reading.published),
        language=reading.language.value,
        type=_value(reading.type),
        analysts=_value(reading.analysts) or (),
        company=_value(reading.company),
        ticker=_value(reading.ticker),
        rating=_value(reading.rating),
        target_price=_value(reading.target_price),
        form=_value(reading.form),
        fiscal_period=_value(reading.fiscal_period),
        facts=_facts(reading),
    )


def _value(found: Found[T] | None) -> T | None:
    return found.value if found else None


def _facts(reading: Reading) -> tuple[Fact, ...]:
    published, analysts = reading.published, reading.analysts
    day = None if published is None else _as_text(published, published.value.isoformat())
    names = None if analysts is None else _as_text(analysts, "; ".join(analysts.value))
    found: tuple[tuple[FactName, Found[str] | None], ...] = (
        ("title", reading.title),
        ("publisher", reading.publisher),
        ("published", day),
        ("language", reading.language),
        ("type", reading.type),
        ("analysts", names),
        ("company", reading.company),
        ("ticker", reading.ticker),
        ("rating", reading.rating),
        ("target_price", reading.target_price),
        ("form", reading.form),
        ("fiscal_period", reading.fiscal_period),
    )
    return tuple(Fact(name, f.value, f.confidence, f.page, f.origin) for name, f in found if f is not None)


def _as_text(found: Found[T], text: str) -> Found[str]:
    return Found(text, found.confidence, found.page, found.origin)
