"""A report's chunks to the sentences of its digest, taken from its text; needs no LLM.

A sentence's score adds: terms shared with the title, being the first of its section, cue words of a view or forecast,
standing on the first page, holding a figure (title and cue method after Edmundson 1969). Near-doubles are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.boilerplate import is_boilerplate
from rag.domain import Language, Page, Style
from rag.grid import has_figure
from rag.numbers import find_numbers
from rag.sentences import split_sentences
from rag.sparse import bigrams
from rag.text import runs_on, simplified, width

Outline = list[tuple[str, list[str]]]
_CUES = re.compile(
    r"预计|建议|认为|判断|有望|核心|维持|首次覆盖|目标价|评级|看好|风险|受益|驱动|预测"
    r"|\bwe (?:expect|believe|see|recommend|forecast|initiate|maintain|raise|cut)\b|outlook|target price|\brating\b|\brisks?\b|guidance|driven by|expected to",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"^(?:其中|此外|另外|同时|因此|但|而|其|这|该|上述|如图|如下|见图|(?:however|moreover|in addition|this|these|it|they|as shown)\b)",
    re.IGNORECASE,
)
_CLOSED = ("。", "！", "？", ".", "!", "?", "；")
_BRIEF_UNITS = {"zh": (300, 560), "en": (520, 1000)}  # width units: 150-280 han, about 100-170 words
_BULLETS_A_SECTION = 3
_MOST_SECTIONS = 8
_FULL_LINE = 60  # width units; what was read as a heading and is longer may be the bold first line of a paragraph
_LEAD_HEADING = {"zh": "核心观点", "en": "Core view"}


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    section: int
    position: int
    terms: frozenset[str]
    score: float


def summarise(style: Style, language: Language, title: str, pages: Sequence[Page]) -> Outline:
    """(heading, sentences): one part without heading for a brief, the report's own headings for an outline."""
    headings, candidates = _candidates(title, pages)
    if not candidates:
        return []
    if style == "brief":
        return [("", [c.text for c in _brief(language, candidates)])]
    return _outline(language, headings, candidates)


def _candidates(title: str, pages: Sequence[Page]) -> tuple[list[str], list[_Candidate]]:
    subject = frozenset(bigrams(title))
    headings = [""]
    found: list[_Candidate] = []
    above = ""  # the last paragraph, were it on the page before
    for page in pages:
        first = True
        for block in page.blocks:
            if block.kind == "heading":
                heading = page.text[block.start : block.end].replace("\t", " ").strip("•●⚫ ")
                if not is_boilerplate(heading) and len(heading) > 2:
                    headings.append(heading)
                    first = True
                above = heading if width(heading) >= _FULL_LINE else ""
                continue
            text = page.text[block.start : block.end]
            if block.kind == "row":
                cells = text.split("\t")
                above = "" if has_figure(cells[1:]) else " ".join(cells)
            if block.kind != "text":  # tables, figures, captions, running headers, notices
                continue
            sentences = _sentences(text, cut=runs_on(above))
            above = text
            for sentence in sentences:
                terms = frozenset(bigrams(sentence))
                score = _score(sentence, terms, subject, first, page.number)
                found.append(_Candidate(sentence, len(headings) - 1, len(found), terms, score))
                first = False
    return headings, found


def _sentences(text: str, *, cut: bool) -> list[str]:
    """Whole sentences of a paragraph; `cut` leaves out the first, which began in the paragraph above."""
    sentences = [text[a:b].strip("•●■⚫ ") for a, b in split_sentences(text)[1 if cut else 0 :]]
    return [
        s
        for s in sentences
        if 16 <= width(s) <= 320 and s.endswith(_CLOSED) and not s[0].islower() and not is_boilerplate(s)
    ]


def _score(text: str, terms: frozenset[str], subject: frozenset[str], first: bool, page: int) -> float:
    plain = simplified(text)
    shared = len(terms & subject) / len(subject) if subject else 0.0
    return (
        1.2 * shared
        + (0.6 if first else 0.0)
        + 0.25 * min(2, len(_CUES.findall(plain)))
        + (0.5 if page == 0 else 0.0)
        + (0.15 if find_numbers(text) else 0.0)
        - (0.5 if _DANGLING.match(plain) else 0.0)
    )


def _brief(language: Language, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Best first until the length is reached, then in the report's own order."""
    least, most = _BRIEF_UNITS[language]
    chosen: list[_Candidate] = []
    total = 0
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.position)):
        length = width(candidate.text)
        if total >= least or total + length > most or _is_told(candidate, chosen):
            continue
        chosen.append(candidate)
        total += length
    return sorted(chosen, key=lambda c: c.position)


def _outline(language: Language, headings: Sequence[str], candidates: Sequence[_Candidate]) -> Outline:
    lead = sorted(
        sorted(candidates, key=lambda c: (-c.score, c.position))[:_BULLETS_A_SECTION], key=lambda c: c.position
    )
    chosen = list(lead)
    sections: dict[int, list[_Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.position)):
        held = sections.setdefault(candidate.section, [])
        if len(held) < _BULLETS_A_SECTION and not _is_told(candidate, chosen):
            held.append(candidate)
            chosen.append(candidate)
    worth = {index: sum(c.score for c in held) for index, held in sections.items() if held and headings[index]}
    best = sorted(sorted(worth, key=lambda index: (-worth[index], index))[:_MOST_SECTIONS])
    parts: Outline = [(_LEAD_HEADING[language], [c.text for c in lead])]
    return parts + [(headings[i], [c.text for c in sorted(sections[i], key=lambda c: c.position)]) for i in best]


def _is_told(candidate: _Candidate, chosen: Sequence[_Candidate]) -> bool:
    return any(
        len(candidate.terms & other.terms) > 0.6 * max(1, min(len(candidate.terms), len(other.terms)))
        for other in chosen
    )
