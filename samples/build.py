"""Build the demonstration reports: samples/sources/*.md -> samples/reports/*.pdf.

A source file is TOML front matter between `+++` lines (house, title, date, sidebar boxes) followed by
blocks separated by blank lines:

    # heading            ## sub-heading            - bullet            any other text: a paragraph
    ===                  (alone) start a new page
    ::: table grid TITLE         rows `| a | b |`, first row the header, optional `source: ...`, then `:::`
    ::: bars TITLE               `x: a, b`, then `name: 1, 2` per series, optional `unit:`, `source:`
    ::: lines half TITLE         `half` puts two neighbouring figures side by side

Table styles: `grid` (ruled cells), `rules` (horizontal lines), `plain` (no lines). `**bold**` works in text.
The same sources give the same bytes: no random ids, no clock. Run `python samples/build.py`.
"""

import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pymupdf

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
REPORTS = HERE / "reports"

PAGE_WIDTH, PAGE_HEIGHT = 595.0, 842.0
MARGIN = 48.0
BODY_TOP, BODY_BOTTOM = 72.0, 778.0
SIDEBAR_WIDTH, GUTTER = 148.0, 18.0
SCAN_DPI, SCAN_TILT, SCAN_QUALITY = 150, 0.3, 45

Colour = tuple[float, float, float]
BLACK: Colour = (0.1, 0.1, 0.1)
GREY: Colour = (0.42, 0.42, 0.42)
LIGHT: Colour = (0.8, 0.8, 0.8)
WHITE: Colour = (1.0, 1.0, 1.0)
AMBER: Colour = (0.85, 0.55, 0.15)
TEAL: Colour = (0.2, 0.55, 0.55)

PHRASES = {
    "zh": {
        "demo": "演示文本，非所署机构发布",
        "read": "请务必阅读正文之后的免责声明",
        "analysts": "分析师",
        "source": "资料来源：",
        "unit": "单位：",
    },
    "en": {
        "demo": "Demonstration text, not issued by the institution named",
        "read": "See the last page for the disclaimer",
        "analysts": "Analysts",
        "source": "Source: ",
        "unit": "Unit: ",
    },
}

# One unbreakable unit of a line: opening marks stay with what follows, closing marks with what precedes.
UNIT = re.compile(r"\s+|[（《“‘「]*(?:[!-~\u00a0-\u024f\u2010-\u2030\u20ac]+|.)[，。、；：？！…）》”’」％]*", re.DOTALL)
NUMERIC = re.compile(r"[-+−–]?[£$¥]?[\d.,]+(?:[%xpE倍]|bp|pp|亿|元)?|[-—–]|n\.?[am]\.?", re.IGNORECASE)


# ---------------------------------------------------------------- sources


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str
    bullet: bool = False


@dataclass(frozen=True)
class Figure:
    """A table or a chart: both carry a title and a source line and never split across pages."""

    title: str
    kind: str
    style: str = ""
    half: bool = False
    unit: str = ""
    source: str = ""
    rows: list[list[str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    series: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class PageBreak:
    pass


Block = Heading | Paragraph | Figure | PageBreak


@dataclass(frozen=True)
class Report:
    file: str
    lang: str
    publisher: str
    publisher_full: str
    kind: str
    date: str
    title: str
    subtitle: str
    accent: Colour
    serif: bool
    sidebar: str
    scan: bool
    analysts: list[list[str]]
    boxes: list[dict[str, Any]]
    blocks: list[Block]

    @property
    def shown_date(self) -> str:
        year, month, day = self.date.split("-")
        if self.lang == "zh":
            return f"{year}年{int(month)}月{int(day)}日"
        names = "January February March April May June July August September October November December"
        return f"{int(day)} {names.split()[int(month) - 1]} {year}"


def parse_figure(head: str, lines: list[str]) -> Figure:
    kind, *words = head.split()
    style, half = "", False
    if kind == "table":
        style, *words = words
    elif words[0] == "half":
        half, words = True, words[1:]
    options = {"unit": "", "source": ""}
    rows: list[list[str]] = []
    labels: list[str] = []
    series: dict[str, list[float]] = {}
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        name, _, value = line.partition(":")
        if name in options:
            options[name] = value.strip()
        elif name == "x":
            labels = [label.strip() for label in value.split(",")]
        else:
            series[name.strip()] = [float(number) for number in value.split(",")]
    if any(len(row) != len(rows[0]) for row in rows) or any(len(v) != len(labels) for v in series.values()):
        raise ValueError(f"uneven rows or series in {head!r}")
    return Figure(" ".join(words), kind, style, half, options["unit"], options["source"], rows, labels, series)


def parse_blocks(body: str) -> Iterator[Block]:
    for chunk in re.split(r"\n\s*\n", body.strip()):
        lines = chunk.strip().splitlines()
        first = lines[0]
        if first == "===":
            yield PageBreak()
        elif first.startswith(":::"):
            yield parse_figure(first[3:].strip(), lines[1:-1])
        elif first.startswith("#"):
            marks, _, text = first.partition(" ")
            yield Heading(len(marks), text)
        elif first.startswith("- "):
            for item in re.split(r"^- ", chunk, flags=re.MULTILINE)[1:]:
                yield Paragraph(join_lines(item), bullet=True)
        else:
            yield Paragraph(join_lines(chunk))


def join_lines(text: str) -> str:
    """Join source lines; a line break between two CJK characters is no space."""
    joined = re.sub(r"(?<=[\u3000-\uffef])\n(?=[\u3000-\uffef])", "", text.strip())
    return joined.replace("\n", " ")


def read_report(path: Path) -> Report:
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    meta = tomllib.loads(front)
    disclaimer = (SOURCES / f"disclaimer.{meta['lang']}.txt").read_text(encoding="utf-8")
    body += "\n\n===\n\n" + disclaimer.replace("{publisher}", meta["publisher"])
    red, green, blue = bytes.fromhex(meta["accent"].lstrip("#"))
    return Report(
        file=path.stem + ".pdf",
        lang=meta["lang"],
        publisher=meta["publisher"],
        publisher_full=meta["publisher_full"],
        kind=meta["kind"],
        date=meta["date"],
        title=meta["title"],
        subtitle=meta["subtitle"],
        accent=(red / 255, green / 255, blue / 255),
        serif=meta.get("serif", False),
        sidebar=meta.get("sidebar", "right"),
        scan=meta.get("scan", False),
        analysts=meta["analysts"],
        boxes=meta["box"],
        blocks=list(parse_blocks(body)),
    )


# ---------------------------------------------------------------- text and canvas


@dataclass(frozen=True)
class Face:
    """A built-in font; `heavy` thickens the strokes where the family has no bold cut."""

    name: str
    heavy: bool = False

    def width(self, text: str, size: float) -> float:
        return sum(glyph(self.name, char)[1] for char in text) * size


@cache
def font(name: str) -> Any:
    return pymupdf.Font(name)


def resource(font_name: str) -> str:
    """The page's name for an embedded font; the library's own short names would mean fonts not embedded."""
    return "F" + font_name.replace("-", "")


@cache
def glyph(font_name: str, char: str) -> tuple[int, float]:
    index = font(font_name).has_glyph(ord(char))
    if not index:
        raise ValueError(f"{font_name} has no glyph for {char!r}")
    return index, font(font_name).glyph_advance(ord(char))


@dataclass(frozen=True)
class Typeface:
    lang: str
    regular: Face
    bold: Face
    size: float
    leading: float

    def scaled(self, size: float, leading: float) -> "Typeface":
        return Typeface(self.lang, self.regular, self.bold, size, leading)


def typeface(report: Report) -> Typeface:
    if report.lang == "zh":
        return Typeface("zh", Face("china-s"), Face("china-s", heavy=True), 10.5, 18.0)
    if report.serif:
        return Typeface("en", Face("tiro"), Face("tibo"), 10.8, 14.8)
    return Typeface("en", Face("helv"), Face("hebo"), 9.8, 14.2)


Styled = list[tuple[str, bool]]


@dataclass(frozen=True)
class Line:
    """One set line: runs of (text, bold), its natural width, its indent and where it starts in its text."""

    runs: list[tuple[str, bool]]
    width: float
    last: bool
    indent: float = 0.0
    start: int = 0


def styled(text: str, bold: bool = False) -> Styled:
    """Characters with their weight; `**` toggles bold."""
    return [(char, bold or index % 2 == 1) for index, part in enumerate(text.split("**")) for char in part]


def break_lines(text: Styled, face: Typeface, width: float, indent: float = 0.0) -> list[Line]:
    """Greedy line breaking for mixed Chinese and Latin text."""

    def measure(span: Styled) -> float:
        return sum((face.bold if heavy else face.regular).width(char, face.size) for char, heavy in span)

    starts, rows = [0], [Styled()]
    used = indent
    for match in UNIT.finditer("".join(char for char, _ in text)):
        span = text[match.start() : match.end()]
        blank = match.group().isspace()
        needed = measure(span)
        if used + needed > width + 0.01 and rows[-1] and not blank:
            rows.append([])
            starts.append(match.start())
            used = 0.0
        if rows[-1] or not blank:
            rows[-1] += span
            used += needed
    lines = []
    for index, (start, row) in enumerate(zip(starts, rows, strict=True)):
        while row and row[-1][0].isspace():
            row.pop()
        runs: list[tuple[str, bool]] = []
        for char, heavy in row:
            if runs and runs[-1][1] == heavy:
                runs[-1] = (runs[-1][0] + char, heavy)
            else:
                runs.append((char, heavy))
        shift = indent if index == 0 else 0.0
        lines.append(Line(runs, measure(row), index == len(rows) - 1, shift, start))
    return lines


class Canvas:
    """One page as a list of PDF operators; y runs downwards as it does in the layout code."""

    def __init__(self) -> None:
        self.ops: list[str] = []
        self.fonts: set[str] = set()

    def rect(self, x0: float, y0: float, x1: float, y1: float, fill: Colour) -> None:
        red, green, blue = fill
        box = f"{x0:.2f} {PAGE_HEIGHT - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re f"
        self.ops.append(f"{red:.3f} {green:.3f} {blue:.3f} rg {box}")

    def line(self, points: list[tuple[float, float]], colour: Colour, width: float = 0.6) -> None:
        red, green, blue = colour
        path = " ".join(f"{x:.2f} {PAGE_HEIGHT - y:.2f} {'l' if index else 'm'}" for index, (x, y) in enumerate(points))
        self.ops.append(f"{red:.3f} {green:.3f} {blue:.3f} RG {width} w {path} S")

    def text(
        self, x: float, y: float, text: str, face: Face, size: float, colour: Colour = BLACK, gap: float = 0.0
    ) -> None:
        """Write one run with its baseline at y; `gap` widens every space, or every CJK character."""
        red, green, blue = colour
        self.fonts.add(face.name)
        cjk = face.name == "china-s"
        mode = f"2 Tr {size * 0.035:.3f} w {red:.3f} {green:.3f} {blue:.3f} RG" if face.heavy else "0 Tr"
        parts = []
        for index, piece in enumerate([text] if cjk or not gap else re.split(r"(?<= )", text)):
            if index:
                parts.append(f"{-gap / size * 1000:.1f}")
            parts.append("<" + "".join(f"{glyph(face.name, char)[0]:04x}" for char in piece) + ">")
        style = f"/{resource(face.name)} {size} Tf {gap if cjk else 0:.4f} Tc {mode}"
        place = f"{red:.3f} {green:.3f} {blue:.3f} rg 1 0 0 1 {x:.2f} {PAGE_HEIGHT - y:.2f} Tm"
        self.ops.append(f"BT {style} {place} [{' '.join(parts)}] TJ ET")

    def run(self, x: float, y: float, line: Line, face: Typeface, width: float, colour: Colour = BLACK) -> None:
        """Write one broken line, justified to `width` unless it ends its paragraph."""
        text = "".join(run for run, _ in line.runs)
        x, width = x + line.indent, width - line.indent
        slots = len(text) - 1 if face.lang == "zh" else text.count(" ")
        gap = 0.0 if line.last or not slots else (width - line.width) / slots
        if gap > face.size * (0.25 if face.lang == "zh" else 0.6):
            gap = 0.0
        for part, heavy in line.runs:
            style = face.bold if heavy else face.regular
            self.text(x, y, part, style, face.size, colour, gap)
            x += style.width(part, face.size) + gap * (len(part) if face.lang == "zh" else part.count(" "))

    def aligned(
        self, x: float, y: float, text: str, face: Face, size: float, colour: Colour = BLACK, at: float = 0.5
    ) -> None:
        """Write text whose width straddles x: at=0 starts there, 0.5 is centred, 1 ends there."""
        self.text(x - face.width(text, size) * at, y, text, face, size, colour)


def tint(colour: Colour, strength: float) -> Colour:
    red, green, blue = (1 - strength * (1 - part) for part in colour)
    return red, green, blue


# ---------------------------------------------------------------- figures


def ticks(low: float, high: float) -> list[float]:
    """Four to seven round axis values covering low..high."""
    raw = (high - low) / 4.5 or 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    first, final = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * index, 6) for index in range(first, final + 1)]


def column_widths(rows: list[list[str]], face: Typeface, width: float) -> list[float]:
    natural = [max(face.bold.width(row[column], face.size) for row in rows) + 10 for column in range(len(rows[0]))]
    total = sum(natural)
    if total <= width:
        return [part + (width - total) / len(natural) for part in natural]
    cap = width * 0.42
    capped = [min(part, cap) for part in natural]
    small = [part if part < width / len(natural) else 0.0 for part in capped]
    wide = sum(part for part, kept in zip(capped, small, strict=True) if not kept)
    share = (width - sum(small)) / wide
    return [kept or part * share for part, kept in zip(capped, small, strict=True)]


class FigureDrawer:
    """Measures and draws tables and charts in the house's colours."""

    def __init__(self, report: Report, face: Typeface) -> None:
        self.report = report
        self.face = face
        self.cell = face.scaled(8.2, 11.5)
        self.phrases = PHRASES[report.lang]
        self.colours = [report.accent, AMBER, TEAL, GREY]

    def height(self, figure: Figure, width: float) -> float:
        body = sum(self._row_heights(figure, width)) if figure.kind == "table" else 138.0
        return self._title_height(figure, width) + body + (14 if figure.source else 4) + 12

    def draw(self, canvas: Canvas, figure: Figure, x: float, y: float, width: float) -> None:
        for line in break_lines(styled(figure.title, True), self.cell.scaled(9.0, 12), width):
            y += 12
            canvas.run(x, y - 2, Line(line.runs, line.width, last=True), self.cell.scaled(9.0, 12), width)
        canvas.line([(x, y + 2), (x + width, y + 2)], self.report.accent, 1.0)
        y += 4
        if figure.kind == "table":
            y = self._table(canvas, figure, x, y, width)
        else:
            self._chart(canvas, figure, x, y, width, 138.0)
            y += 138
        if figure.source:
            source = self.phrases["source"] + figure.source
            canvas.text(x, y + 10, source, self.face.regular, 7.4, GREY)

    def _title_height(self, figure: Figure, width: float) -> float:
        return 12.0 * len(break_lines(styled(figure.title, True), self.cell.scaled(9.0, 12), width)) + 4

    def _row_heights(self, figure: Figure, width: float) -> list[float]:
        widths = column_widths(figure.rows, self.cell, width)
        return [
            max(
                len(break_lines(styled(text, not index), self.cell, part - 8))
                for text, part in zip(row, widths, strict=True)
            )
            * self.cell.leading
            + 5
            for index, row in enumerate(figure.rows)
        ]

    def _table(self, canvas: Canvas, figure: Figure, x: float, y: float, width: float) -> float:
        widths = column_widths(figure.rows, self.cell, width)
        edges = [x + sum(widths[:index]) for index in range(len(widths) + 1)]
        numeric = [
            index > 0 and all(NUMERIC.fullmatch(row[index]) for row in figure.rows[1:]) for index in range(len(widths))
        ]
        top = y
        for index, (row, height) in enumerate(zip(figure.rows, self._row_heights(figure, width), strict=True)):
            header = index == 0
            if header and figure.style != "rules":
                canvas.rect(x, y, x + width, y + height, tint(self.report.accent, 0.16))
            elif figure.style == "plain" and index % 2 == 0:
                canvas.rect(x, y, x + width, y + height, (0.965, 0.965, 0.965))
            for left, part, text, right in zip(edges, widths, row, numeric, strict=False):
                baseline = y + self.cell.leading - 0.5
                for line in break_lines(styled(text, header), self.cell, part - 8):
                    start = left + part - 4 - line.width if right else left + 4
                    canvas.run(start, baseline, Line(line.runs, line.width, True), self.cell, part)
                    baseline += self.cell.leading
            y += height
            if figure.style == "grid" or (figure.style == "rules" and header):
                canvas.line([(x, y), (x + width, y)], LIGHT if figure.style == "grid" else GREY, 0.5)
        if figure.style == "grid":
            for edge in edges:
                canvas.line([(edge, top), (edge, y)], LIGHT, 0.5)
        elif figure.style == "rules":
            canvas.line([(x, y), (x + width, y)], self.report.accent, 0.8)
        return y

    def _chart(self, canvas: Canvas, figure: Figure, x: float, y: float, width: float, height: float) -> None:
        values = [value for series in figure.series.values() for value in series]
        bars = figure.kind == "bars"
        floor = [0.0, 1.15 * min(values)] if bars else []  # bars start at zero, with room for labels below
        axis = ticks(min(values + floor), max(values + floor))
        decimals = 0 if all(value == int(value) for value in axis) else 1 if axis[1] * 10 % 1 == 0 else 2
        regular, size = self.face.regular, 7.2
        tick_width = max(regular.width(f"{value:,.{decimals}f}", size) for value in axis)
        left, right, top, bottom = x + tick_width + 6, x + width - 4, y + 24, y + height - 16

        def level(value: float) -> float:
            return bottom - (value - axis[0]) / (axis[-1] - axis[0]) * (bottom - top)

        if figure.unit:
            canvas.text(x, y + 10, self.phrases["unit"] + figure.unit, regular, size, GREY)
        legend = right - sum(regular.width(name, size) + 18 for name in figure.series) + 18
        for name, colour in zip(figure.series, self.colours, strict=False):
            canvas.rect(legend - 10, y + 4, legend - 3, y + 10, colour)
            canvas.text(legend, y + 10, name, regular, size)
            legend += regular.width(name, size) + 18
        for value in axis:
            canvas.line([(left, level(value)), (right, level(value))], LIGHT, 0.4)
            canvas.aligned(left - 3, level(value) + 2.5, f"{value:,.{decimals}f}", regular, size, at=1.0)
        slot = (right - left) / len(figure.labels)
        widest = max(regular.width(label, size) for label in figure.labels) + 4
        every = max(1, math.ceil(widest / slot))
        for index, label in enumerate(figure.labels):
            if index % every == 0:
                canvas.aligned(left + slot * (index + 0.5), bottom + 11, label, regular, size)
        for order, (numbers, colour) in enumerate(zip(figure.series.values(), self.colours, strict=False)):
            if bars:
                thick = slot * 0.66 / len(figure.series)
                for index, value in enumerate(numbers):
                    start = left + slot * (index + 0.17) + thick * order
                    low, high = sorted((level(value), level(0.0)))
                    canvas.rect(start, low, start + thick - 0.8, high, colour)
                    if len(figure.series) == 1:
                        above = low - 2.5 if value >= 0 else high + 7.5
                        canvas.aligned(start + thick / 2, above, f"{value:,g}", regular, 6.8)
            else:
                points = [(left + slot * (index + 0.5), level(v)) for index, v in enumerate(numbers)]
                canvas.line(points, colour, 1.3)
        if axis[0] < 0:
            canvas.line([(left, level(0.0)), (right, level(0.0))], GREY, 0.6)
        canvas.line([(left, bottom), (right, bottom)], GREY, 0.7)


# ---------------------------------------------------------------- pages


class Layout:
    """Flows a report's blocks over pages: a two-column first page, then full-width ones."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.face = typeface(report)
        self.phrases = PHRASES[report.lang]
        self.figures = FigureDrawer(report, self.face)
        self.pages: list[Canvas] = []
        self.waiting: list[list[Figure]] = []
        self.left = self.right = self.y = self.front_top = 0.0

    def run(self) -> list[Canvas]:
        self._front_page()
        blocks = list(self.report.blocks)
        while blocks:
            block = blocks.pop(0)
            match block:
                case PageBreak():
                    self._flush()
                    self._new_page()
                case Heading():
                    self._heading(block)
                case Paragraph():
                    self._paragraph(block)
                case Figure():
                    group = [block]
                    follower = blocks[0] if blocks else None
                    if block.half and len(self.pages) > 1 and isinstance(follower, Figure) and follower.half:
                        group.append(follower)
                        del blocks[0]
                    self._figure(group)
        self._flush()
        for number, canvas in enumerate(self.pages):
            self._footer(canvas, number)
        return self.pages

    @property
    def page(self) -> Canvas:
        return self.pages[-1]

    def _front_page(self) -> None:
        report, bold, regular = self.report, self.face.bold, self.face.regular
        self.pages.append(Canvas())
        edge = PAGE_WIDTH - MARGIN
        self.page.rect(0, 0, PAGE_WIDTH, 10, report.accent)
        self.page.text(MARGIN, 44, report.publisher, bold, 18, report.accent)
        self.page.text(MARGIN, 59, report.publisher_full, regular, 8, GREY)
        self.page.aligned(edge, 42, report.kind, bold, 11, at=1.0)
        self.page.aligned(edge, 58, report.shown_date, regular, 9, GREY, at=1.0)
        self.page.line([(MARGIN, 68), (edge, 68)], report.accent, 1.5)
        y = 72.0
        for text, size, leading, colour in (
            (report.title, 19.0, 25.0, report.accent),
            (report.subtitle, 11.5, 17.0, GREY),
        ):
            large = self.face.scaled(size, leading)
            for line in break_lines(styled(text, size > 15), large, edge - MARGIN):
                y += leading
                self.page.run(MARGIN, y, Line(line.runs, line.width, True), large, edge, colour)
        top = y + 14
        split = SIDEBAR_WIDTH + GUTTER
        if report.sidebar == "left":
            self._sidebar(self.page, MARGIN, top)
            self.left, self.right = MARGIN + split, edge
        else:
            self.left, self.right = MARGIN, edge - split
        self.y = top + 4
        self.front_top = top

    def _sidebar(self, canvas: Canvas, x: float, y: float) -> None:
        """Boxes of analysts, ratings, market data and short lists on a tinted strip."""
        report = self.report
        small = self.face.scaled(8.0, 11.8)
        canvas.rect(x, y, x + SIDEBAR_WIDTH, BODY_BOTTOM + 4, tint(report.accent, 0.07))
        inner, end = x + 8, x + SIDEBAR_WIDTH - 8
        people = {
            "title": self.phrases["analysts"],
            "lines": [part for one in report.analysts for part in one],
        }
        for box in [*report.boxes, people]:
            canvas.rect(x, y, x + SIDEBAR_WIDTH, y + 17, report.accent)
            canvas.text(inner, y + 12, box["title"], self.face.bold, 9, WHITE)
            y += 20
            for label, value in box.get("rows", []):
                y += 12.5
                canvas.text(inner, y, label, small.regular, small.size, GREY)
                canvas.aligned(end, y, value, small.bold, small.size, at=1.0)
                canvas.line([(inner, y + 3.5), (end, y + 3.5)], LIGHT, 0.3)
            for text in box.get("lines", []):
                for line in break_lines(styled(text), small, end - inner):
                    y += small.leading
                    canvas.run(inner, y, Line(line.runs, line.width, True), small, end - inner)
                y += 2
            y += 12
        if y > BODY_BOTTOM + 12:
            raise ValueError(f"{report.file}: the sidebar is {y - BODY_BOTTOM:.0f} pt too long")

    def _new_page(self) -> None:
        report, edge = self.report, PAGE_WIDTH - MARGIN
        if len(self.pages) == 1 and report.sidebar == "right":
            self._sidebar(self.page, edge - SIDEBAR_WIDTH, self.front_top)
        self.pages.append(Canvas())
        self.page.text(MARGIN, 42, report.publisher, self.face.bold, 9.5, report.accent)
        self.page.aligned(edge, 42, f"{report.kind} | {report.shown_date}", self.face.regular, 8, GREY, at=1.0)
        self.page.line([(MARGIN, 49), (edge, 49)], report.accent, 0.8)
        self.left, self.right, self.y = MARGIN, edge, BODY_TOP - 8
        waiting, self.waiting = self.waiting, []
        for group in waiting:
            self._figure(group)

    def _flush(self) -> None:
        if self.waiting:
            self._new_page()

    def _heading(self, heading: Heading) -> None:
        size = {1: 13.5, 2: 11.0}[heading.level]
        large = self.face.scaled(size, size * 1.35)
        lines = break_lines(styled(heading.text, True), large, self.right - self.left)
        if self.y + len(lines) * large.leading + 62 > BODY_BOTTOM:
            self._new_page()
            lines = break_lines(styled(heading.text, True), large, self.right - self.left)
        self.y += 5 if self.y > BODY_TOP else 0
        colour = self.report.accent if heading.level == 1 else BLACK
        for line in lines:
            self.y += large.leading
            self.page.run(self.left, self.y, Line(line.runs, line.width, True), large, 0, colour)
        self.y += 6

    def _paragraph(self, paragraph: Paragraph) -> None:
        face = self.face
        hang = 13.0 if paragraph.bullet else 0.0
        first = 2 * face.size if self.report.lang == "zh" and not paragraph.bullet else 0.0
        rest = styled(paragraph.text)
        if self.y + 2 * face.leading > BODY_BOTTOM:
            self._new_page()
        if paragraph.bullet:
            mark = self.left + 1, self.y + face.leading
            self.page.text(*mark, "•", face.bold, face.size, self.report.accent)
        while rest:
            width = self.right - self.left - hang
            lines = break_lines(rest, face, width, first)
            room = int((BODY_BOTTOM - self.y + 0.01) // face.leading)
            if room == len(lines) - 1 and room > 2:
                room -= 1  # no single last line at the top of the next page
            for line in lines[:room]:
                self.y += face.leading
                self.page.run(self.left + hang, self.y, line, face, width)
            if room >= len(lines):
                break
            rest, first = rest[lines[room].start :], 0.0
            self._new_page()
        self.y += 5.5

    def _figure(self, group: list[Figure]) -> None:
        width = self.right - self.left
        each = (width - 16) / 2 if len(group) == 2 else width
        height = max(self.figures.height(figure, each) for figure in group)
        if self.y + height > BODY_BOTTOM + 6:
            if height > BODY_BOTTOM - BODY_TOP:
                raise ValueError(f"{self.report.file}: {group[0].title} does not fit on a page")
            self.waiting.append(group)
            return
        for index, figure in enumerate(group):
            self.figures.draw(self.page, figure, self.left + index * (each + 16), self.y + 6, each)
        self.y += height + 2

    def _footer(self, canvas: Canvas, number: int) -> None:
        edge, regular = PAGE_WIDTH - MARGIN, self.face.regular
        canvas.line([(MARGIN, 793), (edge, 793)], LIGHT, 0.6)
        canvas.text(MARGIN, 804, self.phrases["demo"], regular, 7.5, GREY)
        canvas.text(MARGIN, 815, self.phrases["read"], regular, 7.5, GREY)
        canvas.aligned(edge, 808, str(number + 1), self.face.bold, 9, at=1.0)


# ---------------------------------------------------------------- documents


def to_document(pages: list[Canvas]) -> Any:
    document = pymupdf.open()
    for canvas in pages:
        page = document.new_page(width=PAGE_WIDTH, height=PAGE_HEIGHT)
        for name in sorted(canvas.fonts):
            page.insert_font(fontname=resource(name), fontbuffer=font(name).buffer)
        xref = document.get_new_xref()
        document.update_object(xref, "<<>>")
        document.update_stream(xref, "\n".join(canvas.ops).encode("ascii"), new=True)
        page.set_contents(xref)
    document.subset_fonts()
    return document


def scanned(document: Any) -> Any:
    """The same pages as slightly tilted grey pictures without any text layer."""
    images = pymupdf.open()
    matrix = pymupdf.Matrix(SCAN_DPI / 72, SCAN_DPI / 72).prerotate(SCAN_TILT)
    for page in document:
        pixmap = page.get_pixmap(matrix=matrix, colorspace=pymupdf.csGRAY)
        target = images.new_page(width=PAGE_WIDTH, height=PAGE_HEIGHT)
        target.insert_image(target.rect, stream=pixmap.tobytes("jpeg", jpg_quality=SCAN_QUALITY))
    return images


def build(source: Path, target: Path) -> int:
    """Write one report and return its number of pages."""
    report = read_report(source)
    pages = Layout(report).run()
    document = to_document(pages)
    if report.scan:
        document = scanned(document)
    stamp = f"D:{report.date.replace('-', '')}080000Z"
    document.set_metadata(
        {
            "title": report.title,
            "author": report.publisher,
            "subject": PHRASES[report.lang]["demo"],
            "creator": "report-rag samples",
            "creationDate": stamp,
            "modDate": stamp,
        }
    )
    target.write_bytes(document.tobytes(garbage=4, deflate=True, no_new_id=True))
    return len(pages)


def main() -> None:
    REPORTS.mkdir(exist_ok=True)
    for source in sorted(SOURCES.glob("*.md")):
        target = REPORTS / f"{source.stem}.pdf"
        count = build(source, target)
        print(f"{target.name}: {count} pages, {target.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
