"""The first pages of a report and its file name in; the company it is on and that company's stock code out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from ingest.metadata.evidence import FILE, HINT, LABEL, PLACE, TEXT, Found, confidence, lead
from ingest.metadata.places import Spot, below, body_size, cells_of, left_of, right_of, spots_of
from ingest.metadata.tickers import Code, find_codes
from ingest.metadata.wording import KINDS, LATIN_SUBJECT, PRICED, RATING, SECTION
from rag.domain import Page, ParsedReport
from rag.publishers import Publishers
from rag.text import fold, han_share

_HAN_NAME = r"[*A-Za-z\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9*·&\-]{1,14}"
_LATIN_NAME = r"(?:[A-Z0-9][\w&.'’-]*)(?:\s(?:[A-Z0-9(][\w&.,'’)-]*|of|and|the|de|&)){0,6}"
_BEFORE_CODE = re.compile(rf"(?P<name>{_HAN_NAME}|{_LATIN_NAME})\s*[(（\[【|/—–-]?\s*$")
_BARE = re.compile(r"[A-Z][A-Z0-9]{0,5}(?:[. ][A-Z]{1,2})?|\d{3,6}(?:[. ][A-Z]{2})?")
_CODE_LABEL = re.compile(
    r"(?:股票|证券|公司|股份|Stock|Bloomberg|Reuters|彭博|路透)?\s*(?:代码|代碼|代号|代號|Code|Ticker|RIC|Symbol)s?\s*[:：]?\s*",
    re.IGNORECASE,
)
_HEAD = re.compile(rf"[\u4e00-\u9fff*][\u4e00-\u9fffA-Za-z*-]{{1,8}}|{_LATIN_NAME}")
_NAME_LABEL = re.compile(r"(?:公司|股票|证券)(?:简称|名称)\s*[:：]?\s*")
_TITLE_HEAD = re.compile(rf"^(?:【)?(?P<name>[\u4e00-\u9fffA-Za-z*·-]{{2,10}}|{_LATIN_NAME})[】]?\s*[:：]")


@dataclass(slots=True)
class _Candidate:
    ticker: str
    page: int
    weights: list[float] = field(default_factory=list)
    names: dict[str, float] = field(default_factory=dict)

    def strength(self) -> float:
        return confidence(*self.weights)

    def name(self) -> str | None:
        return max(self.names, key=lambda name: (self.names[name], -len(name)), default=None)


@dataclass(frozen=True, slots=True)
class Subject:
    """The company a report is on. One of both may be unknown."""

    company: Found[str] | None
    ticker: Found[str] | None


def subject_of(
    parsed: ParsedReport, file_name: str, title: str, publishers: Publishers, *, on_company: bool
) -> Subject:
    """The company that head, title and running heads name. `on_company`: the page calls it research on a company."""
    stem = PurePath(file_name).stem
    candidates: dict[str, _Candidate] = {}
    for page in parsed.pages[:2]:
        for ticker, spot, weight, name in _coded(page, title):
            known = candidates.setdefault(ticker, _Candidate(ticker, spot.page))
            known.weights.append(weight)
            if name and _is_company(name):
                known.names[name] = known.names.get(name, 0.0) + weight
    for known in candidates.values():
        known.weights.extend(_support(known, parsed, stem))
    ranked = sorted(candidates.values(), key=lambda c: -c.strength())
    if ranked and ranked[0].strength() >= PLACE:
        found = _of_code(ranked, title, stem)
        if found.company is None and found.ticker is not None:
            return Subject(_named_only(parsed, stem, title, publishers), found.ticker)
        return found
    return Subject(_named_only(parsed, stem, title, publishers) if on_company else None, None)


def _of_code(ranked: Sequence[_Candidate], title: str, stem: str) -> Subject:
    best = ranked[0]
    against = lead(best.strength(), ranked[1].strength()) if len(ranked) > 1 else 0.0
    if against > 0.4:
        return Subject(None, None)  # several companies level: a report on an industry
    sure = confidence(*best.weights, against=against)
    ticker = Found(best.ticker, sure, best.page)
    name = best.name()
    if name is None:
        return Subject(None, ticker)
    agrees = HINT if _squeeze(name) in _squeeze(title + stem) else 0.0
    return Subject(Found(name, confidence(sure, agrees), best.page), ticker)


def _coded(page: Page, title: str) -> list[tuple[str, Spot, float, str | None]]:
    """The codes of a page that stand by themselves or in its title, with their weight and the name beside them."""
    cells = cells_of(page)
    found = []
    for spot in dict.fromkeys((*spots_of(page), *cells)):
        if len(spot.text) > 70 or spot.upright or PRICED.search(spot.text):
            continue
        label = left_of(spot, cells, 150)
        if label is not None and _CODE_LABEL.fullmatch(label.text.strip()) and _BARE.fullmatch(spot.text.strip()):
            codes = find_codes(spot.text)
            found.append((codes[0].ticker if codes else spot.text.strip(), spot, LABEL, _labelled_name(cells)))
        elif match := LATIN_SUBJECT.match(spot.text.strip()):
            again = len(re.findall(rf"(?<!\w){re.escape(match['code'])}(?!\w)", page.text))
            codes = find_codes(match["code"])
            if spot.top < 0.5 and (codes or again >= 2):
                found.append((codes[0].ticker if codes else match["code"], spot, PLACE, _tidy(match["name"])))
        elif len({code.ticker for code in find_codes(spot.text)}) == 1:
            code = find_codes(spot.text)[0]
            weighed = _weighed(code, spot, title, cells)
            found += [(code.ticker, spot, *weighed)] if weighed else []
    return found


def _weighed(code: Code, spot: Spot, title: str, cells: Sequence[Spot]) -> tuple[float, str | None] | None:
    """How much the one code of a spot says and the name beside it; None where it says nothing."""
    before, after = spot.text[: code.start], spot.text[code.end :]
    rest = re.sub(r"[\s()（）\[\]【】:：|/—–\-,，.]", "", before + after)
    if _CODE_LABEL.search(before) and len(rest) <= 30:
        return LABEL, _labelled_name(cells)
    if (not code.sure and not re.search(r"[(（]\s*$", before) and rest) or spot.top > 0.5:
        return None  # six digits in a row are no code
    if _squeeze(spot.text) in _squeeze(title) or (len(rest) > 20 and spot.size >= 14):
        return LABEL, _name_before(before)
    if len(rest) <= 30 and not re.search(r"[。；;]", spot.text):
        name = _name_before(before) or _name_around(spot, cells)
        return PLACE if name or not before.strip() else HINT, name
    return None


def _name_before(text: str) -> str | None:
    """The name that ends right before a code: 云岭乳业（, ——云岭乳业(, Acme Tools Inc. (."""
    text = re.split(r"[:：|│丨/]|——|—|––|\s{2,}", text.rstrip(" (（[【"))[-1].strip() if text.strip() else ""
    match = _BEFORE_CODE.search(text.strip(" -—–"))
    return _tidy(match["name"]) if match else None


def _name_around(spot: Spot, cells: Sequence[Spot]) -> str | None:
    """The name on the line of a lone code or right above it."""
    above = [c for c in cells if below(c, [spot], 1.2) is spot]
    beside = [left_of(spot, cells, 60), right_of(spot, cells, 60)]
    for cell in (*beside, *above):
        if cell is not None and re.fullmatch(rf"{_HAN_NAME}|{_LATIN_NAME}", cell.text.strip()):
            return _tidy(cell.text)
    return None


def _labelled_name(cells: Sequence[Spot]) -> str | None:
    """The value of a label 公司简称, behind it or in the next cell."""
    for cell in cells:
        if match := _NAME_LABEL.search(cell.text):
            value = re.split(r"\s{2,}|\t|\s(?=股票|证券|公司|代码)", cell.text[match.end() :])[0].strip()
            beside = right_of(cell, cells, 120)
            return _tidy(value) if value else _tidy(beside.text) if beside else None
    return None


def _is_company(name: str) -> bool:
    """Whether a name may be that of a company: no kind of report, no rating, no head of a section."""
    if KINDS.fullmatch(name) or RATING.fullmatch(name) or SECTION.fullmatch(name) or len(name) < 2:
        return False
    return not re.search(r"报告|研究|点评|评级|代码|行业|[Rr]eport|[Rr]esearch|Equity$", name)


def _support(known: _Candidate, parsed: ParsedReport, stem: str) -> list[float]:
    """What speaks for a candidate beyond its first places: running heads, the file name, the text."""
    name, digits = known.name() or "", re.split(r"[. ]", known.ticker)[0]
    weights = []
    heads = sum(
        any((name and name in cell.text) or digits in cell.text for cell in cells_of(page) if cell.top < 0.12)
        for page in parsed.pages[2:8]
    )
    if heads >= 2:
        weights.append(TEXT)
    if (name and _squeeze(name) in _squeeze(stem)) or (len(digits) > 2 and digits in stem):
        weights.append(FILE)
    text = "".join(page.text for page in parsed.pages[:3])
    if name and text.count(name) >= 5:
        weights.append(HINT)
    return weights


def _named_only(parsed: ParsedReport, stem: str, title: str, publishers: Publishers) -> Found[str] | None:
    """The company a title begins with (云岭乳业：龙头先行), else a large name at the head, that the text goes on about."""
    match = _TITLE_HEAD.match(title)
    heads = [match["name"]] if match else []
    page = parsed.pages[0] if parsed.pages else None
    if page is not None:
        body = body_size(page)
        large = sorted(
            (c for c in cells_of(page) if c.top < 0.3 and c.size > body and not c.upright), key=lambda c: -c.size
        )
        heads += [
            c.text.strip() for c in large if _HEAD.fullmatch(c.text.strip()) and _squeeze(c.text) not in _squeeze(title)
        ]
    text = "".join(page.text for page in parsed.pages[:3])
    for index, head in enumerate(dict.fromkeys(heads)):
        name = _tidy(head)
        core = name if han_share(name) > 0.5 else name.split()[0]
        times = text.count(core)
        if not _is_company(name) or publishers.find(name) or publishers.find_unlisted(name):
            continue
        titled = match is not None and index == 0
        if times >= (2 if titled else 4) and len(core) > 2:
            agrees = FILE if _squeeze(name) in _squeeze(stem) else 0.0
            return Found(name, confidence(TEXT if titled else HINT, HINT if times >= 5 else 0.0, agrees), 0)
    return None


def _tidy(name: str) -> str:
    name = " ".join(name.split()).strip(" -—–·,:：(（")
    return name.replace(" ", "") if han_share(name) > 0.5 else name


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))
