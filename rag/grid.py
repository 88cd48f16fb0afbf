"""The grid of a table chunk to text: one row as a citable line, the table as Markdown, a chunk as it is indexed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import takewhile

from rag.domain import Chunk, Grid
from rag.text import is_han
from rag.wanted import is_period

_FIGURE = re.compile(r"\W*(?:约|近|超|逾|c\.|about|US\$|HK\$|RMB|USD)?\s*\W{0,2}\d", re.IGNORECASE)
_SECTION = re.compile(  # sure signs: a label whose cells happen to be empty looks the same but for them
    r"(?!其中|[加减]\W|of which|including).{0,50}"
    r"(?:[:：]|能力|比率|指标|估值|分析|(?:19|20)\d\d\s?年?|\b(?:growth|profitability|valuation|liquidity|ratios|margins))",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"total|net\b|income\b|earnings|profit|loss\b|gross|operating|.*(?:合计|总计|小计|总额|净额|净利)", re.I
)
_BARE_TOTAL = re.compile(r"(?:sub-?)?total|合\s*计|总\s*计|小\s*计", re.IGNORECASE)
_UNIT_MARKS = re.compile(
    r"^[\s(（\[【]*(?:(?:金额|货币)?单位|units?)?\s*[:：]?\s*|\s*币种.*$|[\s)）\]】]+$", re.IGNORECASE
)
_OWN_UNIT = re.compile(  # a row whose label tells its unit, or that has another one than the amounts of its table
    r"[%％‰率倍]|[(（][^()（）]*(?:[元股天次人吨家点]|pct|bps?|x|times|days|\$|usd|rmb|illion|thousand|shares)[^()（）]*[)）]"
    r"|比例|占比|比重|同比|环比|增速|增长|每股|股本|股数|周转|天数|人数|家数|数量|\b(?:P/?[EBS]|EV|RO[AEI]C?|[EDB]PS|YoY|QoQ)\b"
    r"|\b(?:margins?|yields?|growth|ratios?|rates?|shares?|days|return on|percent|multiples?|turnover|employees)\b",
    re.IGNORECASE,
)
_TITLE_UNIT = re.compile(
    r"\s*[(（]\s*(?:(?:单位|units?)\s*[:：]?\s*([^()（）]+)|([^()（）]*(?:元|百万|[万亿]|[%％$£€¥]|illion|thousand|\bbn\b|\bmn\b)[^()（）]*))[)）]\s*$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[元股万亿吨$£€¥]|illion|thousand|usd|rmb", re.IGNORECASE)
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?", re.IGNORECASE)
_BARE_FIGURE = re.compile(r"(?:[\d\W年月日季度]|[AEFHQ](?![a-z]))+")
_BRACKETED = re.compile(r"[(（]([^()（）]+)[)）]\s*$")
_DIGITS = re.compile(r"[+-]?\d(?:[\d,.]|\s(?=\d))*")
_OWN_VALUE = re.compile(r"(?:[%％‰xX倍]|bps?|pct|pp)\)?$")


def row_sentence(grid: Grid, index: int, shown: Collection[int] | None = None) -> str:
    """Row `index` as a line to cite, made of words and figures of its page alone; "" where the row has no label or value.

    `shown` are the columns whose cells stand in the line, by default all.

    `营业收入（百万元）：2023A 1,234，2024E 1,456`; `Current assets — Inventories (in millions): 2018 4,366, 2017 4,034`.
    What was inherited from the page before is left out: the page cited does not hold it.
    """
    place = _label_place(grid.rows[index])
    if place is None:
        return ""
    columns = ("",) * len(grid.columns) if grid.inherited or is_panel(grid) else grid.columns
    cells = grid.rows[index]
    label = _bare_label(cells[place])
    if _BARE_FIGURE.fullmatch(label) and columns[place]:
        label = f"{columns[place]} {label}"
    values = [
        (columns[i], cells[i]) for i in range(place + 1, len(cells)) if cells[i] and (shown is None or i in shown)
    ]
    if not label or not values:
        return ""
    wide = any(is_han(char) for char in label + "".join(columns) + grid.title)
    (dash, opened, closed, colon, comma) = ("—", "（", "）", "：", "，") if wide else (" — ", " (", ")", ": ", ", ")
    section = _section(grid, index)
    lead, short = _without_lead([heading for heading, _ in values])
    told = [f"{heading} {value}".strip() for heading, (_, value) in zip(short, values, strict=True)]
    unit = "" if grid.inherited else _unit(grid, label, values)
    head = (f"{section}{dash}" if section else "") + label + (f"{opened}{unit}{closed}" if unit else "")
    return head + (f"{comma}{lead}" if lead else "") + colon + comma.join(told)


def own_grid(chunk: Chunk) -> Grid | None:
    """The grid of a chunk as far as its own page holds it: inherited headings and units that it does not hold are "".

    A table that goes on from the page before may repeat its header and not its title.
    """
    grid = chunk.grid
    if grid is None or not grid.inherited:
        return grid
    columns = tuple(name if all(word in chunk.text for word in name.split()) else "" for name in grid.columns)
    title, unit = (part if part in chunk.text else "" for part in (grid.title, grid.unit))
    return Grid(title, unit, columns, grid.rows)


def is_panel(grid: Grid) -> bool:
    """Whether the table lists facts of different kinds beside their names, as sidebars do; its first row is no heading.

    `评级 | 买入`, `目标价（港元） | 42.30`, `股息率 | 2.1%`.
    """
    if len(grid.columns) != 2 or not all(grid.columns) or is_period(grid.columns[1]):
        return False
    return len({_kind_of(label, value) for label, value in grid.rows if has_figure((value,))}) > 1


def _kind_of(label: str, value: str) -> str:
    """What tells the kind of a fact: the unit that its name has in brackets, else the marks around its figure."""
    own = _BRACKETED.search(label)
    return (own[1] if own is not None else _DIGITS.sub("0", value)).strip().lower()


def has_figure(cells: Sequence[str]) -> bool:
    """Whether a cell begins as a figure does: `1,234`, `(5.1%)`, `$ 12`, `约128`, `2024-07-01`."""
    return any(_FIGURE.match(cell) for cell in cells)


def markdown(grid: Grid) -> str:
    """The table as GitHub Markdown, title and unit in lines of their own above it.

    `表1：盈利预测\\n单位：百万元\\n\\n| 项目 | 2023A |\\n| --- | --- |\\n| 营业收入 | 1,234 |`.
    """
    above = [line for line in (grid.title, grid.unit) if line]
    rule = ["---"] * len(grid.columns)
    table = [_markdown_row(cells) for cells in (grid.columns, rule, *grid.rows)]
    return "\n".join([*above, "", *table] if above else table)


def search_text(chunk: Chunk) -> str:
    """What is indexed for a chunk: the headings above it, then its text, or its table with every figure by its headings.

    `盈利预测 > 利润表\\n表1：盈利预测\\n单位：百万元\\n营业收入 2023A 1,234 2024E 1,456`.
    """
    return search_text_of(chunk.path, chunk.text, chunk.grid)


def search_text_of(path: Sequence[str], text: str, grid: Grid | None) -> str:
    """`search_text` of a chunk by its parts."""
    body = [text] if grid is None else [grid.title, grid.unit, *(_search_row(grid, row) for row in grid.rows)]
    return "\n".join(line for line in (" > ".join(path), *body) if line)


def _search_row(grid: Grid, row: Sequence[str]) -> str:
    place = _label_place(row)
    pairs = (
        (heading if i != place else "", cell) for i, (heading, cell) in enumerate(zip(grid.columns, row, strict=True))
    )
    return " ".join(part for heading, cell in pairs if cell for part in (heading, cell) if part)


def _markdown_row(cells: Sequence[str]) -> str:
    plain = (" ".join(cell.split()).replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(plain)} |"


# --- the parts of a row's line ---------------------------------------------------------------------------------------


def _label_place(cells: Sequence[str]) -> int | None:
    """The column of a row's label: the first that is filled, unless it holds a figure beyond the first column."""
    place = next((i for i, cell in enumerate(cells) if cell), None)
    return None if place is None or (place > 0 and has_figure((cells[place],))) else place


def _bare_label(cell: str) -> str:
    """A label without the colon or the dots that lead over to its figures."""
    label = cell.rstrip(" :：")
    return label.rstrip(" .…·:：") if label.endswith(("...", "…", "···", ". .")) else label


def _section(grid: Grid, index: int) -> str:
    """What a row stands under: the section line above it where that is sure, for a bare total the table's title else.

    Totals and results end a section; those that name what they sum need none.
    """
    label = grid.rows[index][0]
    is_bare = _BARE_TOTAL.fullmatch(label) is not None
    if _RESULT.match(label) and not is_bare:
        return ""
    section = _section_line(grid.rows[:index])
    title = "" if grid.inherited else _TITLE_UNIT.sub("", grid.title)
    return section or (title if is_bare else "")


def _section_line(above: Sequence[Sequence[str]]) -> str:
    for cells in reversed(above):
        if not any(cells[1:]):
            return _bare_label(cells[0]) if _SECTION.fullmatch(cells[0].rstrip()) else ""
        if _RESULT.match(cells[0]):
            return ""
    return ""


def _unit(grid: Grid, label: str, values: Sequence[tuple[str, str]]) -> str:
    """The table's unit in bare words, "" where the row has one of its own or it is not one unit for all amounts."""
    titled = _TITLE_UNIT.search(grid.title)
    bare = _UNIT_MARKS.sub("", grid.unit or (titled[1] or titled[2] if titled else ""))
    mixed = re.search("[%％]", bare) and _AMOUNT.search(bare)
    own = (
        _OWN_UNIT.search(label)
        or bare.lower() in label.lower()
        or any(_OWN_VALUE.search(value) for _, value in values)
        or all(_OWN_UNIT.search(heading) for heading, _ in values)
    )
    return "" if mixed or own or not has_figure([value for _, value in values]) else bare


def _without_lead(headings: Sequence[str]) -> tuple[str, list[str]]:
    """The words that all of several headings begin with, told once, and the rest of each.

    `Year ended 2018`, `Year ended 2017`: `Year ended` and `2018`, `2017`.
    """
    words = [heading.split() for heading in headings]
    level = takewhile(lambda place: len(set(place)) == 1, zip(*(one[:-1] for one in words), strict=False))
    common = [place[0] for place in level]
    while common and _MONTH.fullmatch(common[-1]):  # no date is parted
        common.pop()
    if len(words) < 2 or not common:
        return "", list(headings)
    return " ".join(common).rstrip(",，:："), [" ".join(one[len(common) :]) for one in words]
