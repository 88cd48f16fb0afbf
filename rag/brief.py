"""Candidate sentences to a brief: thesis, drivers, key numbers, risks, view, within its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.choose import Choice, best, is_number, is_view, length
from rag.domain import Language
from rag.parts import RISKY
from rag.salience import LEANS, Candidate, form, is_told
from rag.sparse import bigrams

_ENOUGH: dict[Language, int] = {"zh": 200, "en": 120}  # characters, or words
MOST: dict[Language, int] = {"zh": 300, "en": 180}
_LONGEST: dict[Language, int] = {"zh": 130, "en": 60}  # of one sentence
_SHORT_RISK: dict[Language, int] = {"zh": 26, "en": 12}
_RISKS_JOINED = 3
_RISK_LABEL: dict[Language, str] = {"zh": "风险提示：", "en": "Risks: "}


class _Room:
    """What was chosen, and how much room it takes."""

    def __init__(self, language: Language) -> None:
        self.chosen: list[Candidate] = []
        self._language = language
        self._taken = 0

    @property
    def is_enough(self) -> bool:
        return self._taken >= _ENOUGH[self._language]

    def take(self, some: Sequence[Candidate]) -> Candidate | None:
        """The first that fits and is not told yet."""
        for candidate in some:
            cost = length(candidate.text, self._language)
            if self._taken + cost <= MOST[self._language] and not is_told(candidate, self.chosen):
                self.chosen.append(candidate)
                self._taken += cost
                return candidate
        return None


def write_brief(choice: Choice) -> list[Candidate]:
    """The sentences in order; one of each role that is there, then more drivers until it is long enough."""
    fits = [
        c
        for c in choice.found
        if length(c.text, choice.language) <= _LONGEST[choice.language] and (choice.is_risk(c) or form(c.text) > LEANS)
    ]
    choice = replace(choice, found=fits)
    leads = choice.leads()
    room = _Room(choice.language)
    drivers = [c for c in (room.take(leads[:1]),) if c is not None]
    numbers = room.take(choice.ranked(is_number))
    view = None if numbers is not None and is_view(numbers) else room.take(choice.ranked(is_view))
    risk = room.take(_warnings(choice))
    more = [*leads[1:], *best((c for c in fits if not choice.is_risk(c)), 12)]
    while (not room.is_enough or len(drivers) < 2) and (driver := room.take(more)) is not None:
        drivers.append(driver)
    ordered = [*drivers[:1], *choice.ordered(drivers[1:])]
    last = (risk, numbers) if view is None and numbers is not None and is_view(numbers) else (numbers, risk, view)
    return [*ordered, *(c for c in last if c is not None)]


def _warnings(choice: Choice) -> list[Candidate]:
    """The risks in reading order; first, where they are but names of risks, the first few in one sentence."""
    risks = choice.risks()
    if not risks or length(risks[0].text, choice.language) > _SHORT_RISK[choice.language]:
        return risks
    first = risks[0]
    short = [c for c in risks if length(c.text, choice.language) <= _SHORT_RISK[choice.language]]
    near = [c for c in short if c.page == first.page and c.first and c.paragraph != first.paragraph]
    if not first.first:
        return risks  # a short sentence of a text, no name
    stop = "。" if choice.language == "zh" else "."
    comma = "；" if choice.language == "zh" else "; "
    text = comma.join(c.text.rstrip("。.；;") for c in [first, *near[: _RISKS_JOINED - 1]]) + stop
    if not RISKY.search(text):
        text = _RISK_LABEL[choice.language] + text
    return [replace(first, text=text, terms=frozenset(bigrams(text))), *risks]
