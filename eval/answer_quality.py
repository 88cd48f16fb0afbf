"""An answer and its label to what can be scored without a judge: citations, numbers, characters, refusals.

Citations after ALCE (Gao et al. 2023): a sentence is recalled when its cited pages together support it; a citation is
precise when its page supports the sentence alone, or when the others do not without it. The judge is a `Verifier`, so a
figure is only as good as that, and is told with its name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.domain import Answer, Sentence
from rag.numbers import Number, find_numbers
from rag.ports import Verifier
from rag.text import fold

_TOLERANCE = Decimal("0.01")
_POWERS = range(-12, 13)
_MOST_CELLS = 8
_MONTH = r"\b(?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
_CHARACTER = re.compile(r"[\w%]")


@dataclass(frozen=True, slots=True)
class Cited:
    """Counts of ALCE over sentences and their citations."""

    sentences: int = 0
    recalled: int = 0
    citations: int = 0
    precise: int = 0

    def __add__(self, other: Cited) -> Cited:
        return Cited(
            self.sentences + other.sentences,
            self.recalled + other.recalled,
            self.citations + other.citations,
            self.precise + other.precise,
        )


def score_citations(sentences: Sequence[Sentence], evidence: Callable[[str, int], str], verifier: Verifier) -> Cited:
    """`evidence` gives the text of a page by report and number."""
    counts = Cited()
    for sentence in sentences:
        texts = list(dict.fromkeys(evidence(c.report_id, c.page) for c in sentence.citations))

        def supports(pages: Sequence[str], claim: str = sentence.text) -> bool:
            return bool(pages) and verifier.verify(claim, "\n".join(pages)).verdict.label == "supported"

        recalled = supports(texts)
        precise = sum(
            recalled and (supports([text]) or not supports([other for other in texts if other != text]))
            for text in texts
        )
        counts += Cited(1, int(recalled), len(texts), precise)
    return counts


def number_matches(answer: Sequence[str], reference: str) -> tuple[bool, bool] | None:
    """Whether the first figure that an answer states is the reference's, and whether one of its first eight is.

    Within 1 %, whatever the power of ten; dates count on neither side. None: the reference has no figure.
    """
    wanted = _figures(reference)
    if not wanted:
        return None
    shown = [_is_near(number.value, wanted[0].value) for text in answer for number in _figures(text)][:_MOST_CELLS]
    return any(shown[:1]), any(shown)


def _figures(text: str) -> list[Number]:
    return [number for number in find_numbers(text) if not _is_date(number, text)]


def _is_date(number: Number, text: str) -> bool:
    """A year, a day or month before 年月日 or beside the name of a month, a quarter or year after its letter (Q2, FY23)."""
    whole = number.value == number.value.to_integral_value() and "," not in number.text and number.rate is None
    if not whole or number.scale is not None:
        return False
    before, after = text[: number.start], text[number.end :]
    return (
        1900 <= number.value <= 2100
        or after.startswith(tuple("年月日季"))
        or before.endswith(tuple("QqHYy"))
        or re.match(rf"\s*{_MONTH}", after) is not None
        or re.search(rf"{_MONTH}\s*$", before) is not None
    )


def _is_near(value: Decimal, wanted: Decimal) -> bool:
    one, other = abs(value), abs(wanted)
    if not one or not other:
        return one == other
    return any(abs(one.scaleb(power) / other - 1) <= _TOLERANCE for power in _POWERS)


def character_f1(answer: str, reference: str) -> float:
    """F1 over characters, marks and blanks left out (as CMRC and other Chinese sets score)."""
    told, wanted = (Counter(_CHARACTER.findall(fold(text))) for text in (answer, reference))
    shared = sum((told & wanted).values())
    return 2 * shared / (sum(told.values()) + sum(wanted.values())) if shared else 0.0


@dataclass(frozen=True, slots=True)
class OnGold:
    """Counts of answers whose label names pages: those that cite one, in their first sentence, and markers that do."""

    answers: int = 0
    cite_one: int = 0
    first: int = 0
    markers: int = 0
    on_gold: int = 0

    def add(self, sentences: Sequence[Sentence], report_id: str, pages: Sequence[int]) -> OnGold:
        """An answer without sentences is none."""
        if not sentences:
            return self
        hits = [[c.report_id == report_id and c.page in pages for c in sentence.citations] for sentence in sentences]
        return OnGold(
            self.answers + 1,
            self.cite_one + any(any(of) for of in hits),
            self.first + any(hits[0]),
            self.markers + sum(map(len, hits)),
            self.on_gold + sum(map(sum, hits)),
        )


@dataclass(frozen=True, slots=True)
class Refusals:
    """Counts of questions with a label that says whether they can be answered."""

    refused_rightly: int = 0
    refused: int = 0
    unanswerable: int = 0

    def add(self, answer: Answer, *, answerable: bool) -> Refusals:
        refused = answer.refusal is not None
        return Refusals(
            self.refused_rightly + (refused and not answerable),
            self.refused + refused,
            self.unanswerable + (not answerable),
        )
