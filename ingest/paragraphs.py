"""Lines of one page that are in no table to paragraphs, in stream order.

Lines side by side on one baseline are one line where words of a sentence stand apart (justified text, a bullet and its
text), else they stay side by side. Lines that go on are one paragraph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from ingest.captions import is_caption, is_source, is_unit
from ingest.lines import Line, union
from ingest.regions import is_figure
from rag.text import ends_sentence, is_wide, joiner

_GAP = 0.9  # of the font size: a narrower gap on one baseline parts nothing
_JUSTIFIED_GAP = 3.0  # of the font size: the widest gap that justified text may have
_LEAST_LINE = 16  # characters of a line that counts for the spacing of a page
_LEAST_GAPS = 5
_WIDEST_SPACING = 1.8  # line heights
_MARKS = "•●■◆▪►➢◼"  # what begins an item of a list
_BULLETS = frozenset(_MARKS + "□▶·-–—lnu")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Rows from the top; a row is one line, or lines side by side (then it is the paragraph's only one)."""

    lines: tuple[tuple[Line, ...], ...]

    @property
    def place(self) -> int:
        """The place of its first line in the stream."""
        return self.lines[0][0].place


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Paragraphs in the order of their first lines."""
    groups: list[list[list[Line]]] = []
    right_edge = 0.0
    rows = _rows(lines)
    spacing = _spacing(rows)
    for row in rows:
        previous = groups[-1][-1] if groups else None
        if previous is None or len(row) > 1 or len(previous) > 1:
            goes_on = False
        else:
            goes_on = _goes_on(previous[0], row[0], right_edge, spacing)
        if goes_on:
            groups[-1].append(row)
            right_edge = max(right_edge, row[0].box.x1)
        else:
            groups.append([row])
            right_edge = row[-1].box.x1
    return [Paragraph(tuple(tuple(row) for row in group)) for group in groups]


def body_size(lines: Sequence[Line]) -> float:
    """The font size of most characters, in points; 0 without any."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped to visual rows; titles and sources side by side become rows of their own."""
    rows: list[list[Line]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        if last is None or not line.level or not last.level or not _same_baseline(last, line):
            rows.append([line])
        elif line.box.x0 - last.box.x1 < _GAP * max(line.size, last.size) or set(last.text) <= _BULLETS:
            rows[-1][-1] = _merged([last, line])
        else:
            rows[-1].append(line)
    justified = _justified_blocks(rows)
    made: list[list[Line]] = []
    for row in rows:
        if len(row) > 1 and row[0].block == row[-1].block and row[0].block in justified and _is_spaced_text(row):
            made.append([_merged(row)])
        elif len(row) > 1 and any(is_caption(line.text) or is_source(line.text) for line in row[1:]):
            made += [[line] for line in row]
        else:
            made.append(row)
    return made


def _justified_blocks(rows: Sequence[Sequence[Line]]) -> set[int]:
    """Blocks of the file with a long unbroken line: paragraphs, in which a row in parts is one spaced-out line."""
    long: set[int] = set()
    for block, own in groupby(rows, key=lambda row: row[0].block):
        group = list(own)
        width = max(row[-1].box.x1 for row in group) - min(row[0].box.x0 for row in group)
        if any(
            len(row) == 1 and row[0].box.x1 - row[0].box.x0 > 0.8 * width and len(row[0].text) > 12 for row in group
        ):
            long.add(block)
    return long


def _is_spaced_text(row: Sequence[Line]) -> bool:
    gaps = (right.box.x0 - left.box.x1 for left, right in pairwise(row))
    return all(gap < _JUSTIFIED_GAP * row[0].size for gap in gaps) and not any(is_figure(line.text) for line in row[1:])


def _same_baseline(left: Line, right: Line) -> bool:
    overlap = min(left.box.y1, right.box.y1) - max(left.box.y0, right.box.y0)
    lowest = min(left.box.y1 - left.box.y0, right.box.y1 - right.box.y0)
    return overlap > 0.6 * lowest and right.box.x0 > left.box.x1 - 0.3 * left.size


def _merged(cells: Sequence[Line]) -> Line:
    first = cells[0]
    text = first.text
    original = first.original or first.text
    for cell in cells[1:]:
        between = joiner(text[-1], cell.text[0])
        text += between + cell.text
        original += between + (cell.original or cell.text)
    box = union([cell.box for cell in cells])
    words = tuple(word for cell in cells for word in cell.words)
    return replace(first, text=text, box=box, words=words, original="" if original == text else original)


def _spacing(rows: Sequence[Sequence[Line]]) -> float:
    """The usual gap between two lines of a paragraph, in line heights, where the page is set wider than most; else 0."""
    gaps: list[float] = []
    for (above, *others), (below, *more) in pairwise(rows):
        height = above.box.y1 - above.box.y0
        alike = not others and not more and abs(above.size - below.size) < 0.6 and height > 0
        if alike and len(above.text) > _LEAST_LINE and abs(above.box.x0 - below.box.x0) < 3.2 * above.size:
            gap = (below.box.y0 - above.box.y1) / height
            if 0 < gap < _WIDEST_SPACING:
                gaps.append(gap)
    return median(gaps) if len(gaps) >= _LEAST_GAPS else 0.0


def _goes_on(above: Line, below: Line, right_edge: float, spacing: float) -> bool:
    """Whether `below` continues the paragraph of `above`: same size, next line down, and `above` was full.

    A change to or from bold ends a paragraph unless the full line stopped in mid-sentence (a bold run-in heading).
    """
    height = above.box.y1 - above.box.y0
    gap = below.box.y0 - above.box.y1
    if not above.level or not below.level or abs(above.size - below.size) >= 0.6 or below.text[0] in _MARKS:
        return False
    if (
        not -0.5 * height < gap < max(0.9, 1.15 * spacing) * height
        or is_source(below.text)
        or is_caption(below.text)
        or is_unit(below.text)
    ):
        return False
    right = max(right_edge, below.box.x1)
    width = right - min(above.box.x0, below.box.x0)
    han = is_wide(above.text[-1])
    slack = 2.5 * above.size if han else 0.25 * width
    full = above.box.x1 > right - slack
    same_block = above.block == below.block
    if above.bold != below.bold:
        return same_block and full and not ends_sentence(above.text)
    if same_block:
        return full or not (ends_sentence(above.text) or han)
    aligned = abs(above.box.x0 - below.box.x0) < 3.2 * above.size
    return full and aligned and not ends_sentence(above.text)
