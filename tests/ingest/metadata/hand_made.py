"""Texts at places in, pages of reports out, and their metadata: the hand-made reports of these tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingest.metadata import extract_metadata
from rag.domain import Block, BlockKind, Box, Fact, Metadata, Page, ParsedReport, Piece
from rag.publishers import Publishers
from rag.text import joiner, width

PUBLISHERS = Publishers.load()
TODAY = date(2026, 3, 1)
BODY = "公司渠道改革初见成效，预计全年收入增速回升至百分之十二左右，毛利率受益于原料价格回落而改善。" * 8


@dataclass(frozen=True)
class Put:
    """Text at a place: several lines are one block, tabs part the cells of a row."""

    text: str
    y: float = 300.0
    size: float = 10.0
    x: float = 50.0


def page(*puts: Put, number: int = 0) -> Page:
    text, blocks = "", []
    for put in puts:
        text += "\n" if text else ""
        start, pieces = len(text), []
        parts = put.text.split("\t") if "\t" in put.text else put.text.split("\n")
        for index, part in enumerate(parts):
            if index and part:
                text += "\t" if "\t" in put.text else joiner(text[-1:] or " ", part[0])
            across = 150.0 * index if "\t" in put.text else 0.0
            down = 0.0 if "\t" in put.text else put.size * 1.2 * index
            left, top = put.x + across, put.y + down
            box = Box(left, top, left + width(part) * put.size / 2, top + put.size)
            pieces.append(Piece(len(text), len(text) + len(part), box))
            text += part
        kind: BlockKind = "row" if "\t" in put.text else "heading" if put.size > 10 else "text"
        blocks.append(Block(kind, start, len(text), tuple(pieces), put.size))
    return Page(number, None, 595.0, 842.0, text, tuple(blocks))


def page_of(first: Page, blocks: Sequence[Block]) -> Page:
    """The same page with its blocks in another order."""
    text, moved = "", []
    for block in blocks:
        text += "\n" if text else ""
        by = len(text) - block.start
        pieces = tuple(replace(piece, start=piece.start + by, end=piece.end + by) for piece in block.pieces)
        moved.append(replace(block, start=block.start + by, end=block.end + by, pieces=pieces))
        text += first.text[block.start : block.end]
    return replace(first, text=text, blocks=tuple(moved))


def read(
    *pages: Page, name: str = "report.pdf", title: str | None = None, made: date | None = None, today: date = TODAY
) -> Metadata:
    parsed = ParsedReport(len(pages), tuple(pages), title, made)
    return extract_metadata(parsed, name, PUBLISHERS, today)


def fact(found: Metadata, name: str) -> Fact:
    """The one fact of that name."""
    (one,) = (one for one in found.facts if one.name == name)
    return one


def broker_page(*puts: Put) -> Page:
    """A first page with a house in its head, a title and body text."""
    return page(Put("国信证券", 20, 12), Put("乳业复苏在即，龙头先行受益", 90, 20), Put(BODY, 300), *puts)


def broker_less(number: int, *puts: Put) -> Page:
    """A page with a title and body text, that names no house."""
    return page(Put("乳业复苏在即，龙头先行受益", 90, 20), Put(BODY, 300), *puts, number=number)
