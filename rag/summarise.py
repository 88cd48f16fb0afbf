"""A report's pages to the sentences of its digest, taken from its text as they stand; needs no LLM.

A brief: thesis, drivers, key numbers, risks, view. An outline: the core view, then the report's own chapters, then the risks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.brief import MOST, write_brief
from rag.choose import Choice, best, distinct, length
from rag.domain import Language, Page, ReportType, Style
from rag.paragraphs import read_paragraphs
from rag.parts import Part, parts_of
from rag.salience import LEANS, Candidate, candidates, form


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence for a digest and the page it was taken from; None: one that is to be found."""

    text: str
    page: int | None


Outline = list[tuple[str, list[Told]]]
"""(heading, sentences): one part without heading for a brief, the headings of an outline."""

CORE_VIEW: dict[Language, str] = {"zh": "核心观点", "en": "Core view"}
RISKS: dict[Language, str] = {"zh": "风险提示", "en": "Risks"}
_TOLD_BY_MANAGEMENT = re.compile(
    r"管理层|经营情况|经营讨论|主要业务|业务概要|从事的业务|行业情况|竞争力|未来发展|业绩|分析$"
    r"|management\W?s discussion|\bbusiness\b|overview|results of operations|liquidity|outlook|executive summary|segments?\b|financial condition|strategy|highlights|quarter|fiscal",
    re.IGNORECASE,
)
_AUDITED = re.compile(r"责任|审计|治理|\bauditors?\b|\bnotes?\b|controls? and procedures", re.IGNORECASE)
_LEADS = 5
_RISKS = 4
_BULLETS = (2, 5)
_MOST_PARTS = 8
_MOST_BULLETS = 30
_LEAST_WORTH = 0.35  # of a bullet beside the best of its chapter


def summarise(
    style: Style, language: Language, title: str, pages: Sequence[Page], kind: ReportType | None = None
) -> Outline:
    """[] where the report has no sentences to take; of a filing only what its management tells counts as such."""
    read = read_paragraphs(pages)
    parts = _narrative(parts_of(read)) if kind == "filing" else parts_of(read)
    found = [c for c in candidates(read, parts, title, language) if parts[c.part].role != "skipped"]
    if not found:
        return []
    choice = Choice(language, parts, found)
    return [("", _told(write_brief(choice)))] if style == "brief" else _outline(choice, len(pages))


def _narrative(parts: Sequence[Part]) -> list[Part]:
    """The parts of a filing, those skipped that are rules of accounting, governance and the like."""
    return [
        part
        if part.role == "risk" or (part.role == "body" and _is_managements(part.heading))
        else replace(part, role="skipped")
        for part in parts
    ]


def _is_managements(heading: str) -> bool:
    return _TOLD_BY_MANAGEMENT.search(heading) is not None and _AUDITED.search(heading) is None


def _told(chosen: Iterable[Candidate]) -> list[Told]:
    return [Told(c.text, c.page) for c in chosen]


def within_brief(language: Language, some: Sequence[Told]) -> list[Told]:
    """The first ones that a brief has room for."""
    kept: list[Told] = []
    taken = 0
    for told in some:
        taken += length(told.text, language)
        if kept and taken > MOST[language]:
            break
        kept.append(told)
    return kept


def _outline(choice: Choice, page_count: int) -> Outline:
    leads = [choice.borne_out(c) for c in choice.leads()[:_LEADS]]
    chapters = _chapters(choice, leads, page_count)
    told = [*leads, *(c for _, bullets in chapters for c in bullets)]
    risks = distinct(choice.ordered(best(choice.risks(), _RISKS, told)))
    made: Outline = [(CORE_VIEW[choice.language], _told(leads))]
    made += [(choice.parts[n].heading, _told(bullets)) for n, bullets in chapters]
    made.append((RISKS[choice.language], _told(risks)))
    return [(heading, sentences) for heading, sentences in made if sentences]


def _chapters(choice: Choice, leads: Sequence[Candidate], page_count: int) -> list[tuple[int, list[Candidate]]]:
    """The best chapters with their bullets, in order; of each third of the report one at least."""
    held: dict[int, list[Candidate]] = {}
    for candidate in choice.found:
        if choice.parts[candidate.part].role == "body" and not choice.is_risk(candidate):
            held.setdefault(candidate.part, []).append(candidate)
    share = max(_BULLETS[0], min(_BULLETS[1], _MOST_BULLETS // max(1, min(len(held), _MOST_PARTS))))
    told = list(leads)
    made: dict[int, list[Candidate]] = {}
    for number, some in held.items():
        bullets = _bullets(choice, some, share, told)
        if bullets:
            made[number] = bullets
            told += bullets
    worth = {n: sum(c.score for c in bullets) for n, bullets in made.items()}
    third = {n: min(2, 3 * bullets[0].page // page_count) for n, bullets in made.items()}
    kept = sorted(worth, key=lambda n: (-worth[n], n))[:_MOST_PARTS]
    for missing in sorted(set(third.values()) - {third[n] for n in kept}):
        spare = [n for n in kept if sum(third[k] == third[n] for k in kept) > 1]
        kept.remove(min(spare, key=lambda n: worth[n]))
        kept.append(max((n for n in worth if third[n] == missing), key=lambda n: worth[n]))
    return [(n, made[n]) for n in sorted(kept)]


def _bullets(choice: Choice, held: Sequence[Candidate], share: int, told: Sequence[Candidate]) -> list[Candidate]:
    """The best of a chapter: more the more pages it has, none that is much less worth than its best."""
    spread = len({c.page for c in held})
    whole = [c for c in held if form(c.text) > LEANS] or held
    chosen = best(whole, max(_BULLETS[0], min(share, 1 + spread)), told)
    worthy = [c for c in chosen if c.score >= _LEAST_WORTH * chosen[0].score and c.score > 0]
    return distinct(choice.borne_out(c) for c in choice.ordered(worthy))
