"""The pages of a report to its headings and paragraphs, as a digest reads them: put together where a bullet or a bold first
line was read apart, taken apart where a short line ends a thought, without what stands in tables and margins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.boilerplate import is_boilerplate
from rag.domain import Block, Page
from rag.grid import has_figure
from rag.text import ends_sentence, han_share, joiner, runs_on, width

BULLETS = "•●■◆▪➢◼⚫·\uf0b7\uf06c\uf06e\uf0d8"
_BULLET = re.compile(rf"^\s*[{BULLETS}]\s*")
_LEAD_WIDTH = (12, 110)  # width units of the line that says a point before its paragraph
_PLAIN_LEAD_WIDTH = 20
_NO_LEAD = re.compile(r"[:：《》|/]|[)）图表]$|(?:报告|公司|编号|表现|走势|数据|比较图?)$|资格|证书")
_FULL_LINE = 60  # width units; what was read as a heading and is longer may be the bold first line of a paragraph
_SHORT = 0.15  # a line that ends this share of its block's width before the right edge is the last of its paragraph
_FULL = 0.02  # a line that ends within this share of the right edge is full
_FEWEST_CONTENTS = 3  # lines with leaders that make a page of contents
_CONTENTS_LINE = re.compile(r"(?:\.\s?){6,}|…{3,}|·{6,}")
_CONTENTS_HEADING = re.compile(r"^\W*(?:正文|内容)?目\s*录|^\W*(?:table of )?contents\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands; `size` is its font size in points."""

    text: str
    page: int
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph under heading number `heading` (0: before the first). `bullet`: it began with one.

    `lead` is the line above it that says its point, "" where there is none; `cut`: it began in the paragraph before.
    """

    text: str
    page: int
    heading: int
    bullet: bool = False
    lead: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a report. `headings[0]` stands for none; `contents` is the page of contents, None without one."""

    headings: tuple[Heading, ...]
    paragraphs: tuple[Paragraph, ...]
    contents: int | None


def read_paragraphs(pages: Sequence[Page]) -> Read:
    """Headings and paragraphs in reading order."""
    headings = [Heading("", 0, 0.0, False)]
    paragraphs: list[Paragraph] = []
    above = ""  # what the text goes on from, where it ended in the middle
    for page in pages:
        opened: str | None = None  # the first line of a paragraph that was read as a row or a heading
        lead, edge = "", 0.0  # a line that says a point, and where it ends
        for block in page.blocks:
            text = page.text[block.start : block.end]
            if block.kind == "heading":
                heading = " ".join(text.split())
                opened, lead = (heading, "") if _is_first_line(heading) else (None, "")
                edge = 0.0
                if opened is None and not is_boilerplate(heading) and len(_bare(heading)) > 2:
                    if _BULLET.match(heading):
                        lead = _bare(heading)
                    else:
                        headings.append(Heading(heading, page.number, block.size, block.bold))
                above = ""
            elif block.kind == "row":
                cells = [cell.strip() for cell in text.split("\t")]
                bulleted = len(cells) == 2 and not _bare(cells[0])
                opened = cells[1] if bulleted else None
                above = "" if has_figure(cells[1:]) else " ".join(cells)
            elif block.kind == "text":
                for part, begun in _parts(text, block):
                    line = _bare(part)
                    bullet = opened is not None or _BULLET.match(part) is not None
                    if opened is None and _is_lead(line, sure=bullet or block.bold, cover=page.number <= 1):
                        lead, above, edge = line, "", max((p.box.x1 for p in block.pieces), default=0.0)
                        continue
                    if lead and edge and edge >= _right(block) - _FULL * (_right(block) - _left(block)):
                        opened, lead, bullet = lead, "", True  # a full line: its sentence goes on below it
                    cut = begun or (opened is None and not bullet and runs_on(above))
                    if opened is not None:
                        line = opened + joiner(opened[-1:], line[:1]) + line
                    found = Paragraph(line, page.number, len(headings) - 1, bullet, lead, cut)
                    paragraphs.append(replace(found, text=" ".join(found.text.split())))
                    opened, lead, above = None, "", line
    return Read(tuple(headings), tuple(paragraphs), _contents_page(pages))


def _bare(text: str) -> str:
    return _BULLET.sub("", text).strip()


def _is_first_line(heading: str) -> bool:
    return width(heading) >= _FULL_LINE and runs_on(heading) and _BULLET.match(heading) is None


def _is_lead(line: str, *, sure: bool, cover: bool) -> bool:
    """Whether a line of its own says a point: `专注差异化优质赛道，直营定制积蓄势能`.

    `sure`: it has a bullet or is bold; without either one only a cover's line of some length is taken for one.
    """
    least = _LEAD_WIDTH[0] if sure else _PLAIN_LEAD_WIDTH
    return (
        (sure or cover)
        and least <= width(line) <= _LEAD_WIDTH[1]
        and not ends_sentence(line)
        and not is_boilerplate(line)
        and not has_figure([line])
        and not _NO_LEAD.search(line)
    )


def _parts(text: str, block: Block) -> Iterator[tuple[str, bool]]:
    """A block at its line breaks where a line stops short of the right edge without ending a sentence.

    With each part whether it begins in the middle of a thought: where one line is a bullet's point, what follows is new.
    Only Chinese sets its lines so full that this tells something.
    """
    lines = [piece for piece in block.pieces if piece.end > piece.start]
    if len(lines) < 2 or han_share(text) < 0.5:
        yield text, False
        return
    left, right = min(p.box.x0 for p in lines), max(p.box.x1 for p in lines)
    start, begun = block.start, False
    for line in lines[:-1]:
        words = text[line.start - block.start : line.end - block.start]
        if line.box.x1 < right - _SHORT * (right - left) and not ends_sentence(words.rstrip()):
            part = text[start - block.start : line.end - block.start].strip()
            yield part, begun
            begun = not (start == block.start and line is lines[0] and _BULLET.match(part))
            start = line.end
    yield text[start - block.start :].strip(), begun


def _left(block: Block) -> float:
    return min((piece.box.x0 for piece in block.pieces), default=0.0)


def _right(block: Block) -> float:
    return max((piece.box.x1 for piece in block.pieces), default=float("inf"))


def _contents_page(pages: Sequence[Page]) -> int | None:
    """The first page, among the first fifth or eight, that holds a table of contents."""
    for page in pages[: max(8, len(pages) // 5)]:
        lines = page.text.split("\n")
        leaders = sum(1 for line in lines if _CONTENTS_LINE.search(line))
        headed = any(_CONTENTS_HEADING.match(line.strip()) for line in lines)
        if leaders >= _FEWEST_CONTENTS or (headed and leaders):
            return page.number
    return None
