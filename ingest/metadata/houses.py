"""A parsed report and its file name in; the house that published it out, or the company that owns it."""

from __future__ import annotations

import re
from pathlib import PurePath

from ingest.metadata.evidence import FILE, HINT, LABEL, PLACE, TEXT, Found, confidence, lead
from ingest.metadata.places import is_upright, spots_of
from ingest.metadata.wording import COMPANY, DASH, SUBJECT
from rag.domain import Block, Page, ParsedReport
from rag.publishers import Mention, Publishers

_MOST_VOTES = 12.0  # of one kind of evidence: a name in every source line must not beat all the rest
_ENOUGH_VOTES = 4.0
_WEIGHTS = {"claim": LABEL, "edge": PLACE, "first page": PLACE, "source": TEXT, "file": FILE, "closing": HINT}
_FULL_VOTES = {"claim": 8.0, "edge": 6.0, "first page": 5.0, "source": 3.0, "file": 3.0, "closing": 2.0}
_CLAIM_BEFORE = re.compile(
    r"(?:版权|所有权)(?:均?[归属为]|归属)[于为]?.{0,4}$|(?:报告|本刊)(?:仅供|由|系|是由?|为).{0,6}$|©[^\n]{0,20}$|"
    r"(?:copyright|prepared by|published by|issued by)[^\n]{0,20}$|citation:\s*$",
    re.IGNORECASE,
)
_CLAIM_AFTER = re.compile(
    r"^.{0,14}(?:以下简称|以下簡稱|具[备有].{0,10}(?:资格|资质|许可)|隶属|所有|版权)|^.{0,8}(?:and/or its|or its) affiliates",
    re.IGNORECASE,
)
_ANALYSIS = re.compile(r"分析师|研究员|评级|证券研究|目标价")
_SOURCE = re.compile(r"(?:资料|数据|資料)?来源[：:]|资料整理|^sources?:", re.IGNORECASE)


def house_of(parsed: ParsedReport, file_name: str, publishers: Publishers) -> Found[str] | None:
    """The house with the most evidence; a house that is only spoken of stays below the threshold."""
    votes: dict[tuple[str, str], float] = {}
    pages: dict[str, tuple[float, int]] = {}
    for page in parsed.pages:
        for block in page.blocks:
            text = page.text[block.start : block.end]
            text = re.sub(r"\s", "", text) if is_upright(block) else text
            for house in (*publishers.find(text), *publishers.find_unlisted(text)):
                kind, weight = _vote(page, block, text, house, parsed.page_count)
                key = (house.canonical, kind)
                votes[key] = min(votes.get(key, 0.0) + weight, _MOST_VOTES)
                if weight > pages.get(house.canonical, (0.0, 0))[0]:
                    pages[house.canonical] = (weight, page.number)
    for house in publishers.find(PurePath(file_name).stem):
        votes[house.canonical, "file"] = 3.0
    return _elected(votes, {name: page for name, (_, page) in pages.items()})


def _elected(votes: dict[tuple[str, str], float], pages: dict[str, int]) -> Found[str] | None:
    totals: dict[str, float] = {}
    for (name, _), weight in votes.items():
        totals[name] = totals.get(name, 0.0) + weight
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    if not ranked or totals[ranked[0]] < _ENOUGH_VOTES:
        return None
    best = ranked[0]
    second = totals[ranked[1]] if len(ranked) > 1 else 0.0
    weights = [
        _WEIGHTS[kind] * min(1.0, weight / _FULL_VOTES[kind])
        for (name, kind), weight in votes.items()
        if name == best and kind in _WEIGHTS
    ]
    return Found(best, confidence(*weights, against=lead(totals[best], second) / 2), pages.get(best))


def _vote(page: Page, block: Block, text: str, house: Mention, page_count: int) -> tuple[str, float]:
    """What one mention says: its kind, each capped for itself, and its weight."""
    before, after = text[: house.start], text[house.end :]
    first, closing = page.number < 2, page.number >= page_count - 4
    box = block.pieces[0].box
    edge = page.height > 0 and (box.y1 < 0.12 * page.height or box.y0 > 0.92 * page.height)
    if SUBJECT.match(DASH.sub("", text.strip())):
        return "subject", 0.0  # a report on a listed broker
    if (first or closing or edge) and (_CLAIM_BEFORE.search(before[-30:]) or _CLAIM_AFTER.match(after)):
        return "claim", 8.0
    if _SOURCE.search(before[-60:]):
        return "source", 1.0
    if (edge or is_upright(block)) and len(text) < 80:
        return "edge", 6.0 if first else 1.0
    if first:
        return "first page", 5.0 if 2 * (house.end - house.start) >= len(text) else 0.5
    return "closing", 1.0 if closing else 0.0


def owner_of(parsed: ParsedReport) -> Found[str] | None:
    """The company at the head of the first page, for statements and terms that no house publishes."""
    if not parsed.pages or _ANALYSIS.search(parsed.pages[0].text):
        return None  # a report on that company, by a house that is named in pictures only
    for spot in spots_of(parsed.pages[0]):
        match = re.match(rf"({COMPANY})(?:及其?子公司|$)", re.sub(r"\s", "", spot.text))
        if match and spot.top < 0.2:
            return Found(match[1], confidence(PLACE, HINT), 0)
    return None
