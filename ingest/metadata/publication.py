"""A parsed report and its file name in; the date it was published out, chosen by labels and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.metadata.dates import FoundDate, file_date, find_dates, is_plausible
from ingest.metadata.evidence import FILE, HINT, LABEL, PDF, PLACE, TEXT, Found, confidence
from ingest.metadata.places import Spot, spots_of
from ingest.metadata.wording import PRICED
from rag.domain import Page, ParsedReport

_PUBLISHED = re.compile(
    r"(?:发布|报告|出具|撰写|完成)(?:发布)?(?:日期|时间|日)[：:]?\s*$|\b(?:published|release date|date of issue)\b[: ]*$",
    re.IGNORECASE,
)
_RELATED = re.compile(r"(?:相关|近期|前期)(?:研究|报告)|(?:related|recent) (?:research|reports)", re.IGNORECASE)


def report_date(parsed: ParsedReport, file_name: str, latest: date, *, is_research: bool) -> Found[date] | None:
    """The best evident date of the first two pages, else the file name's, else (research only) that of the PDF."""
    named = file_date(file_name, latest)
    made = parsed.pdf_date if parsed.pdf_date and is_plausible(parsed.pdf_date, latest) else None
    for page in parsed.pages[:2]:
        spots = spots_of(page)
        related = [spot for spot in spots if _RELATED.match(spot.text)]
        scored = [
            (_date_score(page, spot, found, related, (named, made)), -spot.top, found.day, spot, found)
            for spot in spots
            for found in find_dates(spot.text, latest)
        ]
        best = max(scored, key=lambda row: row[:3], default=None)
        if best is not None and best[0] > 0:
            rivals = {day for score, _, day, _, _ in scored if score >= best[0] - 1 and day != best[2]}
            weights = _weights(best[3], best[4], named, made)
            return Found(best[2], confidence(*weights, against=0.3 if rivals else 0.0), page.number)
    if named:
        return Found(named, confidence(FILE, PDF if made and abs((made - named).days) <= 4 else 0.0), None, "file name")
    return Found(made, confidence(PDF, HINT), None, "pdf") if is_research and made else None


def _weights(spot: Spot, found: FoundDate, named: date | None, made: date | None) -> list[float]:
    """What speaks for a date of the page: its label, its place, the dates of the file name and of the PDF."""
    gap = abs((made - found.day).days) if made else None
    weights = [
        (LABEL, bool(_PUBLISHED.search(spot.text[: found.start]))),
        (PLACE if spot.top < 0.3 else TEXT, True),
        (HINT, len(spot.text) <= found.end - found.start + 4),
        (FILE, named == found.day),
        (PDF, gap is not None and gap <= 4),
    ]
    return [weight for weight, holds in weights if holds]


def _date_score(
    page: Page, spot: Spot, found: FoundDate, related: Sequence[Spot], hints: tuple[date | None, date | None]
) -> float:
    """Above 0 for a date that may be the report's own."""
    before, after = spot.text[: found.start], spot.text[found.end :]
    alone = len(before) + len(after) <= 4
    score = 2.0 if alone else 1.0 if len(spot.text) <= 40 else -5.0
    score += 2 if spot.top < 0.3 or len(page.text) < 200 else -2 if spot.top > 0.7 else 0
    if _PUBLISHED.search(before):
        score += 6
    if PRICED.search(before) or PRICED.search(after[:12]):
        score -= 8
    if (
        re.search(r"[》)）]\s*[-—–.]*\s*$|^\s*[-—–]+\s*$", before)
        or "《" in spot.text
        or any(_is_above(r, spot) for r in related)
    ):
        score -= 8  # the list of earlier reports
    named, made = hints
    if named:
        score += 4 if found.day == named else 0
    if made:
        gap = abs((made - found.day).days)
        score += 3 if gap <= 4 else 1 if gap <= 15 else -1 if gap > 400 else 0
    return score


def _is_above(head: Spot, spot: Spot) -> bool:
    """Whether a spot stands below a heading, in its column or right beside it."""
    return head.y0 < spot.y0 and head.x0 - 40 < spot.x1 and spot.x0 < head.x1 + 200
