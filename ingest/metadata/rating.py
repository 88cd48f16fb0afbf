"""The first pages of a report in; the rating it gives and its target price out, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.metadata.evidence import HINT, LABEL, PLACE, TEXT, Found, confidence, lead
from ingest.metadata.places import Spot, below, body_size, cells_of, left_of, right_of
from rag.domain import Page, ParsedReport

_CHINESE = (
    "强烈推荐|强烈买入|强推|谨慎推荐|审慎推荐|谨慎增持|审慎增持|谨慎买入|优于大市|强于大市|弱于大市|跑赢行业|跑输行业|跑赢大市|跑输大市|跑赢基准|同步大市|"
    "同步基准|落后大市|领先大市|优于大势|同步大势|落后大势|弱于大势|强于大势|推荐大市|与大市持平|暂不评级|暂无评级|未评级|无评级|不评级|买入|增持|推荐|持有|"
    "中性|减持|卖出|回避|看好|看淡|超配|标配|低配|沽出|收集|优于|買入|減持|賣出|優於大市|跑贏大市|領先大市|強烈推薦|推薦|持有"
)
_ENGLISH = (
    r"Strong[- ]Buy|Conviction Buy|Buy|Accumulate|Add|Sector Outperform(?:er)?|Market Outperform(?:er)?|Outperform|Overweight|"
    r"Market[- ]Perform(?:er)?|Sector[- ]Perform(?:er)?|Peer[- ]Perform|Equal[- ]?weight|In[- ]Line|Neutral|Hold|Underperform|"
    r"Underweight|Sector Underperform(?:er)?|Reduce|Strong[- ]Sell|Sell|Not[- ]Rated|Attractive|Cautious"
)
_GRADE = r"(?:\s?[-–—－]\s?[ABC](?![A-Za-z]))?"  # 买入-A: the risk of it
_VALUE = (
    rf"(?:(?:{_CHINESE}){_GRADE}|(?:{_ENGLISH}|BUY|SELL|HOLD|NEUTRAL|OVERWEIGHT|UNDERWEIGHT|OUTPERFORM|UNDERPERFORM)\b)"
)
_STATUS = (
    r"[\s:：]*[(（/｜|丨、\-—–\s]*(?:(?:首次|维持|上调|下调|调高|调低|调升|调降|不变|评级|覆盖|重申|维持评级|投资|给予|恢复|新|new|initiat\w*|"
    r"maintain\w*|reiterat\w*|unchanged|upgrade\w*|downgrade\w*|from \w+|prior:? \w+|維持|首予)[\s)）/]*)*+"
)
_LABEL = (
    r"(?:投资|股票|公司|行业|最新|当前|本次|综合|(?:未来)?\d+\s*个?月(?:投资)?|短期|长期|首次|Stock|Company|Sector|Industry|Investment|"
    r"12[- ]?month|Our|Analyst)?\s*(?:投资评级|评级|評級|投資評級|rating|recommendation)s?(?:\s*[(（][^（()）]{1,8}[)）])?"
)
_ALONE = re.compile(
    rf"(?:{_LABEL}\s*[:：]?\s*)?(?:维持|首次|给予|重申|上调至?|下调至?|首予)?[“\"「]?(?P<value>{_VALUE})[”\"」]?{_STATUS}$",
    re.IGNORECASE,
)
_IS_LABEL = re.compile(rf"{_LABEL}\s*[:：]?$", re.IGNORECASE)
_OLD = re.compile(r"上次|前次|此前|原|上期|上一次|previous|prior|last|former|old\b", re.IGNORECASE)
_VIEW = re.compile(r"(?:industry|sector|market|country) view", re.IGNORECASE)
_SENTENCE = re.compile(
    rf"(?:给予|维持|上调至|下调至|调高至|调低至|重申|评为|首予|給予|維持)[^。；;]{{0,22}}?[“\"「『]?(?P<zh>(?:{_CHINESE}){_GRADE})[”\"」』]?.{{0,6}}?评[级級]"
    rf"|\b(?:[Rr]eiterate|[Mm]aintain|[Ii]nitiate|[Uu]pgrade|[Dd]owngrade|[Kk]eep|[Rr]ated?|[Ss]tay)[^.;]{{0,40}}?\b(?:at|to|our|with an?|as|of)?\s*"
    rf"[“\"]?(?P<en>{_ENGLISH}|BUY|SELL|HOLD|NEUTRAL|OVERWEIGHT|UNDERWEIGHT)\b"
)
_ITEM = re.compile(r"%|预期|预计|相对|超过|以上|之间|expected|relative|total return", re.IGNORECASE)

_TARGET = re.compile(
    r"(?<!前次)(?<!此前)(?<!原)(?P<label>(?:合理)?目标(?:价格|价位|价值|估值|价)|目標價|合理价值|合理估值|合理价格|(?:12[- ]?(?:month|mth|m)\s)?"
    r"(?:target price|price target|price objective|fair value estimate)|\bPT\b|\bTP\b)\s*"
    r"(?P<unit>[(（][^（()）]{1,12}[)）])?\s*(?:\([^)]{1,20}\))?\s*(?:为|至|到|is|of|to|at)?\s*[:：]?\s*"
    r"(?P<value>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_AMOUNT = re.compile(
    r"^(?P<before>人民币|港币|港元|美元|HK\$|US\$|NT\$|A\$|C\$|S\$|R\$|RMB|CNY|HKD|USD|EUR|GBP|JPY|KRW|INR|Rs\.?|[$€£¥￥₩₹])?\s*"
    r"(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"(?P<range>\s?[-–—~～至]\s?\d[\d,]*(?:\.\d+)?)?"
    r"\s*(?P<after>元/股|港元|港币|港幣|美元|新台币|新臺幣|日元|日圆|欧元|英镑|人民币元|元人民币|人民币|元|HKD|USD|RMB|CNY|EUR|GBP|HK\$|US\$|p\b|pence|c\b)?"
    r"(?!\s*[%％倍xX年月日/\d])",
    re.IGNORECASE,
)
_UNITS = {
    "人民币": "元",
    "人民币元": "元",
    "RMB": "元",
    "CNY": "元",
    "港币": "港元",
    "HKD": "港元",
    "美元": "美元",
    "USD": "美元",
}


@dataclass(slots=True)
class _Ballot:
    """What speaks for each value, and where it was first read."""

    weights: dict[str, list[float]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)

    def add(self, key: str, value: str, weight: float, page: int) -> None:
        known = self.weights.setdefault(key, [])
        if known.count(weight) < 2:
            known.append(weight)
        self.written.setdefault(key, value)
        self.pages.setdefault(key, page)

    def winner(self, least: float) -> Found[str] | None:
        ranked = sorted(((confidence(*known), key) for key, known in self.weights.items()), reverse=True)
        if not ranked or ranked[0][0] < least:
            return None
        against = lead(ranked[0][0], ranked[1][0]) / 2 if len(ranked) > 1 else 0.0
        best = ranked[0][1]
        return Found(self.written[best], confidence(*self.weights[best], against=against), self.pages[best])


def rating_of(parsed: ParsedReport) -> Found[str] | None:
    """The rating beside its label or by itself at the head of the first two pages, and as their sentences give it."""
    ballot = _Ballot()
    for page in parsed.pages[:2]:
        cells = cells_of(page)
        listed = _listed(cells)
        body = body_size(page)
        for cell in cells:
            match = _alone(cell)
            if match is None or cell.upright:
                continue
            weight = _rating_weight(cell, match, cells, body)
            if weight >= LABEL or (weight and cell not in listed):
                ballot.add(_key(match["value"]), _written(match["value"]), weight, page.number)
        for match in _SENTENCE.finditer(_running_text(page)):
            value = match["zh"] or match["en"]
            ballot.add(_key(value), _written(value), TEXT, page.number)
    return ballot.winner(TEXT)


def _rating_weight(cell: Spot, match: re.Match[str], cells: Sequence[Spot], body: float) -> float:
    """How much a cell that is nothing but a rating says: beside its label most, small and beside other words nothing."""
    text, value = cell.text.strip(), match["value"]
    before = left_of(cell, cells)
    if _VIEW.search(text) or (before is not None and _VIEW.search(before.text) and _near(before, cell)):
        return 0.0
    if _OLD.search(text[: match.start("value")]) or (
        before is not None and _OLD.search(before.text) and _near(before, cell)
    ):
        return 0.0
    if _IS_LABEL.match(text[: match.start("value")].strip()) and match.start("value") > 1:
        return LABEL
    if before is not None and _IS_LABEL.fullmatch(before.text.strip()):
        return LABEL
    if any(
        _IS_LABEL.fullmatch(c.text.strip()) and 0 < cell.y0 - c.y0 < 2.2 * c.height and c.x0 - 30 < cell.x0 < c.x1 + 30
        for c in cells
    ):
        return LABEL if before is None or not _near(before, cell) else 0.0
    status = len(text) > len(value) + 1
    large = cell.size >= 1.1 * body > 0
    if before is not None and _near(before, cell) and not (status or large):
        return 0.0
    beside = right_of(cell, cells, 60)
    if beside is not None and _ITEM.search(beside.text):
        return 0.0
    if cell.top > 0.45:
        return 0.0
    return confidence(HINT, PLACE if status and cell.top < 0.3 else TEXT if status or large else 0.0)


def _alone(cell: Spot) -> re.Match[str] | None:
    text = cell.text.strip()
    return _ALONE.match(text) if len(text) <= 40 else None


def _near(left: Spot, right: Spot) -> bool:
    return right.x0 - left.x1 < 12 * right.height


def _listed(cells: Iterable[Spot]) -> set[Spot]:
    """Ratings one under another in the column of a table: comparables, or what ratings mean."""
    ratings = [cell for cell in cells if _alone(cell)]
    return {
        cell
        for cell in ratings
        if sum(abs(c.x0 - cell.x0) < 6 or abs(c.x1 - cell.x1) < 6 for c in ratings if abs(c.y0 - cell.y0) < 250) >= 3
    }


def _key(value: str) -> str:
    return re.sub(r"[\W_]", "", value).casefold()


def _written(value: str) -> str:
    """买入 -A as 买入-A."""
    return re.sub(r"\s?[-–—－]\s?(?=[ABC]$)", "-", " ".join(value.split()))


def _running_text(page: Page) -> str:
    text = page.text
    return re.sub(r"(?<=[\u4e00-\u9fff“”，])\s+(?=[\u4e00-\u9fff“”，])", "", text.replace("\n", " "))


def target_of(parsed: ParsedReport) -> Found[str] | None:
    """The target price beside its label on the first two pages, and as their sentences give it."""
    ballot = _Ballot()
    for page in parsed.pages[:2]:
        cells = cells_of(page)
        for cell in cells:
            match = _TARGET.search(cell.text)
            if match is None or _OLD.search(cell.text[: match.start()][-8:]):
                continue
            in_text = len(cell.text) > 40 and match.start() > 4
            value = match["value"].strip()
            if not value and not in_text:
                beside = right_of(cell, cells) or below(cell, cells)
                value = beside.text.strip() if beside is not None else ""
            if price := _price(value, match["unit"] or ""):
                number, written = price
                ballot.add(number, written, TEXT if in_text else LABEL, page.number)
        for match in re.finditer(
            r"目标价[格位]?(?:为|至|到|上调至|下调至|是)?\s*(?P<value>[^，。；]{1,16})", _running_text(page)
        ):
            if not _OLD.search(match.string[max(0, match.start() - 4) : match.start()]) and (
                price := _price(match["value"], "")
            ):
                ballot.add(price[0], price[1], TEXT, page.number)
    return ballot.winner(TEXT)


def _price(text: str, unit: str) -> tuple[str, str] | None:
    """The number and the price with its currency as printed; the unit in brackets behind the label counts for it."""
    match = _AMOUNT.match(text)
    if match is None:
        return None
    before, after = match["before"] or "", match["after"] or ""
    unit = unit.strip("()（） ")
    known = next((name for name in _UNITS if name in unit), None)
    if not before and not after and known is None and "元" not in unit and not re.search(r"[$€£¥]|HK|US", unit):
        after = ""
        if not re.fullmatch(r"[\d.,]+", text.split()[0]):
            return None
    elif not before and not after:
        after = _UNITS[known] if known else "" if re.search(r"[$€£¥]|HK|US", unit) else unit.split("/")[0]
        before = unit if re.search(r"[$€£¥]|HK|US", unit) and not known else ""
    number = match["number"] + re.sub(r"\s", "", match["range"] or "")
    return match["number"].replace(",", ""), f"{before}{number}{after.replace('/股', '')}"
