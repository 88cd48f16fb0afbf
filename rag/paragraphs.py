"""The pages of a report to its headings and paragraphs, as a digest reads them: put together where a bullet or a bold first
line was read apart, taken apart where a short line ends a thought, without what stands in tables and margins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.boilerplate import is_boilerplate
from rag.domain import Block, Page
from rag.grid import has_figure
from rag.text import ends_sentence, han_share, joiner, runs_on, width

_BULLETS = "•●■◆▪➢◼⚫·\uf0b7\uf06c\uf06e\uf0d8"
_BULLET = re.compile(rf"^\s*[{_BULLETS}]\s*")
_LEAD_WIDTH = (12, 110)  # width units of the line that says a point before its paragraph
_PLAIN_LEAD_WIDTH = (20, 60)  # without a bullet and not bold
_NO_LEAD = re.compile(
    r"[:：《》|/。！？；]|[)）图表的与和及、，]$|(?:报告|公司|编号|表现|走势|数据|比较图?|研究[所部院])$|资格|证书|有限公司"
)
_FULL_LINE = 60  # width units; what was read as a heading and is longer may be the bold first line of a paragraph
_SHORT = 0.15  # a line that ends this share of its block's width before the right edge is the last of its paragraph
_FULL = 0.02  # a line that ends within this share of the right edge is full
_SAME_COLUMN = 30.0  # points between the left edges of lines of one column
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
    reader = _Reader()
    for page in pages:
        reader.add(page)
    return Read(tuple(reader.headings), tuple(reader.paragraphs), _contents_page(pages))


class _Reader:
    """Takes the blocks of the pages one after the other."""

    def __init__(self) -> None:
        self.headings = [Heading("", 0, 0.0, False)]
        self.paragraphs: list[Paragraph] = []
        self._above: list[tuple[float, str]] = []  # (left edge, text) of what was read, for each column the last
        self._opened: str | None = None  # the first line of a paragraph that was read as a row or a heading
        self._lead, self._edge = "", 0.0  # a line that says a point, and where it ends

    def add(self, page: Page) -> None:
        self._opened, self._lead = None, ""
        for block in page.blocks:
            text = page.text[block.start : block.end]
            if block.kind == "heading":
                self._add_heading(" ".join(text.split()), page.number, block)
            elif block.kind == "row":
                self._add_row([cell.strip() for cell in text.split("\t")], block)
            elif block.kind == "text":
                for part, begun in _parts(text, block):
                    self._add_text(part, page.number, block, begun=begun)

    def _add_heading(self, text: str, page: int, block: Block) -> None:
        self._opened, self._lead = None, ""
        if width(text) >= _FULL_LINE and runs_on(text) and _BULLET.match(text) is None:
            self._opened = text
        elif not is_boilerplate(text) and len(_bare(text)) > 2:
            if _BULLET.match(text):
                self._lead, self._edge = _bare(text), 0.0
            else:
                self.headings.append(Heading(text, page, block.size, block.bold))
        self._above = []

    def _add_row(self, cells: Sequence[str], block: Block) -> None:
        """A row of a bullet and a text is the first line of a paragraph."""
        self._opened = cells[1] if len(cells) == 2 and not _bare(cells[0]) else None
        beside = has_figure(cells[1:]) or runs_on(cells[0])  # a table, or what stands in another column
        self._leave(_left(block), cells[0] if beside else " ".join(cells))

    def _add_text(self, part: str, page: int, block: Block, *, begun: bool) -> None:
        line = " ".join(_bare(part).split())
        bullet = self._opened is not None or _BULLET.match(part) is not None
        cut = begun or (not bullet and runs_on(self._above_it(_left(block))))
        if self._opened is None and not cut and _is_lead(line, sure=bullet or block.bold, cover=page <= 1):
            self._lead, self._edge = line, _right(block)
            self._leave(_left(block), "")
            return
        if self._lead and self._edge and self._edge >= _right(block) - _FULL * (_right(block) - _left(block)):
            self._opened, self._lead, bullet, cut = self._lead, "", True, False  # a full line: its sentence goes on
        if self._opened is not None:
            line = self._opened + joiner(self._opened[-1:], line[:1]) + line
        self.paragraphs.append(Paragraph(line, page, len(self.headings) - 1, bullet, self._lead, cut))
        self._opened, self._lead = None, ""
        self._leave(_left(block), line)

    def _above_it(self, left: float) -> str:
        """What was read last in the column."""
        return next((text for x, text in reversed(self._above) if abs(x - left) <= _SAME_COLUMN), "")

    def _leave(self, left: float, text: str) -> None:
        self._above = [(x, held) for x, held in self._above if abs(x - left) > _SAME_COLUMN] + [(left, text)]


def _bare(text: str) -> str:
    return _BULLET.sub("", text).strip()


def _is_lead(line: str, *, sure: bool, cover: bool) -> bool:
    """Whether a line of its own says a point: `专注差异化优质赛道，直营定制积蓄势能`.

    `sure`: it has a bullet or is bold; without either one only a cover's line of some length is taken for one.
    """
    least, most = _LEAD_WIDTH if sure else _PLAIN_LEAD_WIDTH
    return (
        (sure or cover)
        and least <= width(line) <= most
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
    left, right = _left(block), _right(block)
    start, begun = block.start, False
    for line in lines[:-1]:
        words = text[line.start - block.start : line.end - block.start]
        if line.box.x1 < right - _SHORT * (right - left) and not ends_sentence(words.rstrip()):
            part = text[start - block.start : line.end - block.start].strip()
            yield part, begun
            begun = not (line is lines[0] and _BULLET.match(part))
            start = line.end
    yield text[start - block.start :].strip(), begun


def _left(block: Block) -> float:
    return min((piece.box.x0 for piece in block.pieces), default=0.0)


def _right(block: Block) -> float:
    return max((piece.box.x1 for piece in block.pieces), default=0.0)


def _contents_page(pages: Sequence[Page]) -> int | None:
    """The first page, among the first fifth or eight, that holds a table of contents."""
    for page in pages[: max(8, len(pages) // 5)]:
        lines = page.text.split("\n")
        leaders = sum(1 for line in lines if _CONTENTS_LINE.search(line))
        headed = any(_CONTENTS_HEADING.match(line.strip()) for line in lines)
        if leaders >= _FEWEST_CONTENTS or (headed and leaders):
            return page.number
    return None
