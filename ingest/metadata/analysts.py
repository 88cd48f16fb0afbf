"""The first pages of a report in; the names of its analysts out.

A name counts beside, under or over a word for its part (分析师, 研究员, 联系人, Analyst), beside a licence number or an
e-mail address. Who is marked as analyst hides who is only an assistant or a contact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.metadata.bylines import english_analysts
from ingest.metadata.evidence import HINT, LABEL, PLACE, Found, confidence
from ingest.metadata.people import chinese_names, names_run_together
from ingest.metadata.places import Spot, cells_of, in_reading_order, left_of, on_a_line, shares_width
from rag.domain import ParsedReport

Part = Literal["analyst", "researcher", "assistant", "contact"]
_PARTS: tuple[Part, ...] = ("contact", "assistant", "researcher", "analyst")
_RANK: dict[Part, int] = {part: rank for rank, part in enumerate(_PARTS)}
_SENIOR = r"(?:证券|首席|联席|资深|高级|行业|策略|宏观|固收|固定收益|金融工程|金工|量化|总量|研究所|副|[\u4e00-\u9fff]{2,6}行业)"
_MARK = re.compile(
    rf"(?P<contact>(?:报告|研究)?联系人|聯絡人)|(?P<assistant>研究助理|助理研究员|助理分析师|分析师助理|实习(?:研究员|生))"
    rf"|(?P<analyst>{_SENIOR}*(?:分析师|分析员|经济学家|策略师|分析師|分析員)|首席{_SENIOR}*研究员)"
    rf"|(?P<researcher>{_SENIOR}*(?:研究员|研究員|研究总监|所长)|报告作者|作者|执笔人?)"
    r"|(?P<licence>(?<![A-Z0-9])[A-Z]\d{4}\s?\d{9}(?!\d))|(?P<mail>[A-Za-z0-9_.+-]+\s?[@＠]\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
    r"|(?P<phone>[+(（]?\d[\d()（）\s–—-]{6,}\d)"
)
_STATEMENT = re.compile(r"\s*(?:声明|申明|承诺|保证|在此|认为|介绍|简介|及|的|对|观点|團隊)")
_SMALL_PRINT = re.compile(
    r"\[Table[^\]]{0,30}\]|SAC|SFC|CE\s*(?:Ref|No)?|Ref|No\.?|CFA|FRM|CPA|博士|投资咨询|业务|执业|执证|从业|一般|证券|证监会|香港|中央|"
    r"资格证?|资格|证书|登记|编号|编码|证号|号码|电话|手机|传真|电子邮箱|邮箱|电子邮件|邮件|电邮|微信|E-?mails?|Tel|Mobile|Phone|"
    r"[A-Z]{3}\d{3}|[\d:：()（）|｜/.·•*#.\-—–_\[\]<>【】&+]",
    re.IGNORECASE,
)
_NEAR = 70.0  # points between the left edges of a column
_GAP = 45.0  # points between the lines of one box of authors


@dataclass(slots=True)
class _Person:
    name: str
    cell: Spot
    part: Part | None = None
    licence: str | None = None
    mail: bool = False


@dataclass(slots=True)
class _Card:
    """A cell that holds nothing but parts, names, licences, addresses and numbers."""

    cell: Spot
    marks: list[tuple[str, str]] = field(default_factory=list)

    def of(self, kind: str) -> list[str]:
        return [value for mark, value in self.marks if mark == kind]

    @property
    def part(self) -> Part | None:
        return next((part for mark, _ in self.marks if (part := _part(mark))), None)


def _part(mark: str) -> Part | None:
    return next((part for part in _PARTS if part == mark), None)


def analysts_of(parsed: ParsedReport) -> Found[tuple[str, ...]] | None:
    """Those named on the first two pages, else those whose licence the last pages print beside their name."""
    for pages, closing in ((parsed.pages[:2], False), (parsed.pages[2:][-3:], True)):
        people = [person for page in pages for person in _people(in_reading_order(cells_of(page)))]
        if closing:
            people = [person for person in people if person.part and person.licence]
        if found := _chosen(people):
            return found
    return english_analysts(parsed)


def _chosen(people: Iterable[_Person]) -> Found[tuple[str, ...]] | None:
    """The persons of the highest rank, in order; each name once, with the least part it is named with."""
    known: dict[str, _Person] = {}
    for person in people:
        old = known.setdefault(person.name, person)
        if old is not person:
            old.licence, old.mail = old.licence or person.licence, old.mail or person.mail
            if person.part and (old.part is None or _RANK[person.part] < _RANK[old.part]):
                old.part = person.part
    ranked = [(_rank(person), person) for person in known.values() if person.part or person.licence or person.mail]
    if not ranked:
        return None
    best = max(rank for rank, _ in ranked)
    chosen = [person for rank, person in ranked if rank == best]
    sure = [_sureness(person) for person in chosen]
    against = 0.0 if best >= _RANK["researcher"] else 0.4
    value = confidence(sum(sure) / len(sure), against=against)
    return Found(tuple(person.name for person in chosen), value, chosen[0].cell.page)


def _rank(person: _Person) -> int:
    """The part as printed; where it is open (研究员, or none) the licence tells: S…5… is an analyst's, S…1… is not."""
    rank = _RANK[person.part or "researcher"]
    kind = person.licence[5] if person.licence and person.licence[0] == "S" else ""
    if rank == _RANK["researcher"] and kind in ("1", "5"):
        return _RANK["analyst" if kind == "5" else "assistant"]
    return _RANK["analyst"] if rank == _RANK["researcher"] and person.licence and not person.part else rank


def _sureness(person: _Person) -> float:
    weights = [
        weight for weight, holds in ((LABEL, person.part), (PLACE, person.licence), (HINT, person.mail)) if holds
    ]
    return confidence(*weights, HINT if len(person.name) > 2 else 0.0)


def _people(cells: Sequence[Spot]) -> list[_Person]:
    cards = _cards(cells)
    people: list[_Person] = []
    for card in cards:
        people.extend(_Person(name, card.cell, part) for name, part in _in_cell(card))
    open_parts = [card for card in cards if card.part and not card.of("name")]
    for person in people:
        if person.part is None:
            person.part = _on_its_line(person, open_parts, people)
    used = {
        id(card) for card in open_parts for p in people if on_a_line(card.cell, p.cell) and _beside(card.cell, p.cell)
    }
    unpaired = [card for card in open_parts if id(card) not in used]
    _down_the_column([person for person in people if person.part in (None, "researcher")], unpaired, cards)
    for card in cards:
        for licence in card.of("licence"):
            owner = _owner(card.cell, [person for person in people if person.licence is None], 60.0)
            if owner is not None:
                owner.licence = licence
        if card.of("mail") and (owner := _owner(card.cell, people, 40.0)):
            owner.mail = True
    return people


def _cards(cells: Sequence[Spot]) -> list[_Card]:
    """The cells that hold something of an author; names that the layout ran together are parted by their licences."""
    cards = [card for cell in cells if (card := _card(cell)) and card.marks]
    for card in [card for card in cards if len(card.of("licence")) > 1 and not card.of("name")]:
        beside = left_of(card.cell, cells, 120)
        if beside is not None and (names := names_run_together(beside.text, len(card.of("licence")))):
            cards.append(_Card(beside, [("name", name) for name in names]))
    return cards


def _card(cell: Spot) -> _Card | None:
    """What a cell holds in order, or None where it holds running text."""
    text = cell.text
    if cell.upright or len(text) > 180 or re.search(r"[。；《》%￥]", text):
        return None
    card, position, foreign = _Card(cell), 0, 0
    ends = [*_MARK.finditer(text), None]
    for match in ends:
        between = _SMALL_PRINT.sub(" ", text[position : match.start() if match else len(text)])
        names = chinese_names(between)
        card.marks.extend(("name", name) for name in names)
        foreign += 0 if names else len(re.findall(r"[\u4e00-\u9fffA-Za-z]", between))
        if match:
            position = match.end()
            kind = match.lastgroup or ""
            if _part(kind) and _STATEMENT.match(text, position):
                return None
            card.marks.append((kind, re.sub(r"\s", "", match[0])))
    return card if foreign <= (12 if card.part and card.of("name") else 6) else None


def _in_cell(card: _Card) -> list[tuple[str, Part | None]]:
    """The names of a cell with the part beside each: 分析师：张三, 张三（分析师）."""
    marks = [(value, _part(kind)) for kind, value in card.marks if _part(kind) or kind == "name"]
    leads = bool(marks) and marks[0][1] is not None
    found: list[tuple[str, Part | None]] = []
    last: Part | None = None
    for value, part in marks if leads else reversed(marks):
        if part is None:
            found.append((value, last))
        last = part or last
    return found if leads else found[::-1]


def _on_its_line(person: _Person, parts: Sequence[_Card], people: Sequence[_Person]) -> Part | None:
    """The part in the cell before the name or after it; before, where the line begins with a part."""
    beside = [card for card in parts if on_a_line(card.cell, person.cell) and _beside(card.cell, person.cell)]
    if not beside:
        return None
    line = [p.cell.x0 for p in people if on_a_line(p.cell, person.cell)] + [person.cell.x0]
    before = [card for card in beside if card.cell.x0 < person.cell.x0]
    after = [card for card in beside if card.cell.x0 > person.cell.x0]
    leads = bool(before) and min(card.cell.x0 for card in before) < min(line)
    if leads or not after:
        return max(before, key=lambda card: card.cell.x0).part if before else None
    return min(after, key=lambda card: card.cell.x0).part


def _beside(one: Spot, other: Spot) -> bool:
    return max(one.x0, other.x0) - min(one.x1, other.x1) < 160


def _down_the_column(people: Sequence[_Person], parts: Sequence[_Card], cards: Sequence[_Card]) -> None:
    """Parts on lines of their own: heads of the names under them, or, where a name comes first, tails of those above."""
    for person in people:
        run = _run(person.cell, [card.cell for card in cards])
        column = [card for card in parts if card.cell in run]
        above = [card for card in column if card.cell.y0 < person.cell.y0]
        under = [card for card in column if 0 < card.cell.y0 - person.cell.y0 < 2.5 * person.cell.height]
        first = min((card.cell.y0 for card in cards if card.of("name") and card.cell in run), default=person.cell.y0)
        if above and min(card.cell.y0 for card in above) < first:
            person.part = max(above, key=lambda card: card.cell.y0).part
        elif under:
            person.part = min(under, key=lambda card: card.cell.y0).part


def _run(cell: Spot, cells: Iterable[Spot]) -> list[Spot]:
    """The cells of a cell's column that follow each other without a gap of more than `_GAP` points, the cell among them."""
    column = sorted((c for c in cells if _in_column(c, cell)), key=lambda c: c.y0)
    run: list[Spot] = []
    for one in column:
        if run and one.y0 - run[-1].y1 > _GAP:
            if cell in run:
                break
            run = []
        run.append(one)
    return run


def _in_column(one: Spot, other: Spot) -> bool:
    return one is other or shares_width(one, other) or abs(one.x0 - other.x0) < _NEAR


def _owner(cell: Spot, people: Iterable[_Person], reach: float) -> _Person | None:
    """The nearest name on the line of a licence or address, or above it."""
    near = [
        (cell.y0 - p.cell.y0 + 0.3 * abs(cell.x0 - p.cell.x0), index, p)
        for index, p in enumerate(people)
        if -3 <= cell.y0 - p.cell.y0 <= reach and p.cell.x0 - 40 < cell.x1 and cell.x0 < p.cell.x1 + 150
    ]
    return min(near)[2] if near else None
