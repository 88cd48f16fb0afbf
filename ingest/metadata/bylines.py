"""The first pages of an English report in; the names of its authors out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.metadata.evidence import HINT, LABEL, PLACE, TEXT, Found, confidence
from ingest.metadata.people import english_name
from ingest.metadata.places import Spot, cells_of, in_reading_order, on_a_line, shares_width
from rag.domain import ParsedReport

_MAIL = re.compile(r"(?P<local>[\w.+'-]+)\s?@\s?[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+\d|\(\d{2,4}\)|\b\d{2,4}[- ])[\d()\s-]{5,}\d")
_HEAD = re.compile(
    r"(?:research |equity |lead |primary |covering )?(?:analysts?|authors?|economists?|strategists?)(?: contacts?| details)?|"
    r"analyst\(s\)|prepared by|contributors?",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:analyst|strategist|economist|head of [\w ,&-]{2,40}research|director of research)\b(?!.*\b(?:certif|discl))",
    re.IGNORECASE,
)
_RELATIONS = re.compile(
    r"\binvestor relations\b|\bmedia (?:relations|contacts?|inquiries)|\bpress (?:contacts?|office)|\bcontacts?:$|\binquiries\b",
    re.IGNORECASE,
)
_BY = re.compile(r"^(?:by|authors?:|analysts?:)\s+(?P<names>.+)$", re.IGNORECASE)


def english_analysts(parsed: ParsedReport) -> Found[tuple[str, ...]] | None:
    """Names under "Analysts", beside a title such as "Equity Analyst", beside an e-mail address of theirs, or after "By"."""
    found: dict[str, float] = {}
    first = 0
    for page in parsed.pages[:2]:
        cells = cells_of(page)
        if any(_RELATIONS.search(cell.text) and len(cell.text) < 60 for cell in cells):
            continue  # the contacts of a company or an institute
        for cell in in_reading_order(cells):
            for name, weight in _names(cell, cells):
                first = first if found else page.number
                found[name] = max(weight, found.get(name, 0.0))
        if found:
            break
    chosen = {name: weight for name, weight in found.items() if weight >= TEXT}
    if not chosen:
        return None
    return Found(tuple(chosen), confidence(sum(chosen.values()) / len(chosen)), first)


def _names(cell: Spot, cells: Sequence[Spot]) -> list[tuple[str, float]]:
    """The names of one cell, each with its weight."""
    text = " ".join(cell.text.split())
    if len(text) > 120:
        return []
    if by := _BY.match(text):
        parts = re.split(r",\s*(?:and\s+)?|\s+and\s+|;|\s&\s", by["names"])
        names = [name for part in parts if (name := english_name(part))]
        return [(name, PLACE) for name in names] if names and cell.top < 0.6 else []
    parts = [part.strip() for part in re.split(r"\s*[|│]\s*|\s{3,}", cell.text) if part.strip()]
    name = english_name(_PHONE.sub("", _MAIL.sub("", parts[0])).strip(" ,")) if parts else None
    if name is None:
        return []
    weights = [*_mail_weight(name, cell, cells), *_title_weight(cell, cells), *_head_weight(cell, cells)]
    return [(name, confidence(*weights))] if weights else []


def _mail_weight(name: str, cell: Spot, cells: Sequence[Spot]) -> list[float]:
    """An address on the name's line or in the lines under it that is made of the name."""
    near = [c for c in cells if c is cell or on_a_line(c, cell) or _is_under(c, cell, 4.5)]
    locals_ = [m["local"].casefold() for c in near for m in _MAIL.finditer(c.text)]
    words = [re.sub(r"[^a-z]", "", word) for word in name.casefold().split()]
    same = any(word and len(word) > 1 and word in local for local in locals_ for word in words)
    return [LABEL] if same else [HINT] if locals_ else []


def _title_weight(cell: Spot, cells: Sequence[Spot]) -> list[float]:
    near = [c for c in cells if c is cell or on_a_line(c, cell) or _is_under(c, cell, 1.6)]
    return [PLACE] if any(_TITLE.search(c.text) and len(c.text) < 80 for c in near) else []


def _head_weight(cell: Spot, cells: Sequence[Spot]) -> list[float]:
    heads = [c for c in cells if _HEAD.fullmatch(c.text.strip(" :")) and _is_under(cell, c, 14)]
    return [PLACE] if heads else []


def _is_under(lower: Spot, upper: Spot, lines: float) -> bool:
    gap = lower.y0 - upper.y0
    return 0 < gap <= lines * upper.height * 1.3 and (shares_width(lower, upper) or abs(lower.x0 - upper.x0) < 40)
