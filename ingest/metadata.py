"""A parsed report and its file name in; title, publisher, date and language out.

Three kinds are told apart: filings (a form of the US regulator, a periodic report of a Chinese company), news releases
of a company, and research reports. Each fact of a research report is its best-scored evidence: size and place for the
title, place and frequency for the publisher, labels and place for the date. What isn't evident stays None.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import PurePath

from ingest.layout import union
from rag.domain import Block, Metadata, Page, ParsedReport, Piece
from rag.publishers import Mention, Publishers
from rag.text import fold, han_share, joiner, language_of

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"((?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6})\.?"
_YEAR = r"((?:19|20)\d\d)"
_DATES = tuple(
    (re.compile(pattern, re.IGNORECASE), order)
    for pattern, order in (
        (rf"(?<!\d){_YEAR}\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日", "ymd"),
        (r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日", "ymd"),
        (rf"(?<![\d.,]){_YEAR}\s?-\s?(\d{{1,2}})\s?-\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"(?<![\d.,]){_YEAR}\s?/\s?(\d{{1,2}})\s?/\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"(?<![\d.,]){_YEAR}\s?\.\s?(\d{{1,2}})\s?\.\s?(\d{{1,2}})(?!\d)", "ymd"),
        (rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+{_YEAR}\b", "dmy"),
        (rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b", "mdy"),
    )
)
_FILE_DATE = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)|(\d\d)(\d\d)(\d\d)(?=\d{1,3}页|$))(?!\d(?!\d?\d?页))"
)
_EARLIEST = date(1990, 1, 1)
_MOST_VOTES = 12.0  # of one kind of evidence: a name in every source line must not beat all the rest
_ENOUGH_VOTES = 4.0
_PUBLISHED = re.compile(
    r"(?:发布|报告|出具|撰写|完成)(?:发布)?(?:日期|时间|日)[：:]?\s*$|\b(?:published|release date|date of issue)\b[: ]*$",
    re.IGNORECASE,
)
_PRICED = re.compile(
    r"截[至止]|收盘|股价|价格|市场数据|基础数据|现价|市值|\b(?:as (?:of|at)|priced?|close|closing|ended|ending)\b",
    re.IGNORECASE,
)
_RELATED = re.compile(r"(?:相关|近期|前期)(?:研究|报告)|(?:related|recent) (?:research|reports)", re.IGNORECASE)

_EXCHANGE = "(?:SH|SZ|SS|HK|BJ|NQ|CH)"
_CODE = (
    rf"(?:[(（]\s*(?:[A-Z]?\d{{4,6}}(?:[. ]?{_EXCHANGE})?|[A-Z]{{1,5}}[. ](?:N|O|US|OQ|L))\s*[)）]"
    rf"|[A-Z]?\d{{4,6}}[. ]{_EXCHANGE}|[A-Z]{{1,5}}[. ](?:N|O|US|OQ))"
)
_SUBJECT = re.compile(rf"^(?P<name>[\u4e00-\u9fffA-Z*\-]{{2,12}}?)?\s*(?P<code>{_CODE})$")


def _only(words: str, marks: str) -> re.Pattern[str]:
    """A text of nothing but these words and marks. Possessive, longest words first: page text can't make it slow."""
    longest_first = "|".join(sorted(words.split("|"), key=len, reverse=True))
    return re.compile(rf"(?:(?:{longest_first})|{marks})++", re.IGNORECASE)


_LABEL = _only(
    "证券|研究|报告|深度|公司|行业|专题|点评|动态|首次|覆盖|跟踪|策略|宏观|固收|固定收益|金融工程|量化|数量化|数量|权益|投资|新股|分析|事件|"
    "简评|快评|调研|月报|周报|日报|双周报|季报|年报|中期|半年|半年度|年度|债券|基金|衍生品|期货|晨会|纪要|总量|海外|港股|市场|评论|信息|更新|业绩|"
    "财报|速递|择时|会|系列|产业|经济|金融|定期|简报|首评|团队|中心|部|类|摘要|推荐|年|月|equity|research|report|company|update|initiation|"
    "industry|strategy|note|global|macro|sector|china|asia|daily|weekly|monthly",
    r"[\d\s|/·•●\-—–_:：()（）,，]",
)
_RATING = _only(
    "投资评级|评级|上次|推荐|维持|首次|强烈|买入|增持|谨慎|审慎|持有|中性|减持|卖出|优于大势|同步大势|优于大市|跑赢行业|强于大市|看好|"
    "暂不评级|给予|上调|下调|目标价|buy|sell|hold|neutral|overweight|underweight|outperform|underperform|maintain|maintained|rating",
    r"(?:-?[AB]\b|[\s:：()（）/|—\-])",
)
_SECTION = re.compile(
    r"(?:投资要点|核心观点|报告摘要|内容提要|内容摘要|摘要|要点|内容目录|目录|相关研究|相关报告|近期研究|分析师|证券分析师|联系人|研究助理|市场数据|"
    r"基本数据|基础数据|交易数据|市场表现|股价表现|行情走势|股价走势|盈利预测|风险提示|投资建议|投资摘要|公司主要财务|主要财务|财务指标|财务摘要|"
    r"重要内容提示|重要提示|.{2,4}观点[：:]|公司简介|历史收益率|投资逻辑|事件[：:]|导语|前言|引言|table of contents|contents|"
    r"key (?:points|data|financials)|executive summary|highlights|summary|abstract|introduction)[^(（]{0,6}(?:[(（].*)?",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"请务必|免责|声明|www\.|https?:|@|电话|邮箱|执业|证书|SAC |资料来源|数据来源|^source|^图表?\s*\d|^表\s*\d|^第?\s*\d+\s*页|^page \d|"
    r"[。；;]|^[⚫•●■◆▪►➢❑]|^[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s?[^\d]|disclosures|disclaimer|\[Table|"
    r"for immediate release|^[\W\d_]*$",
    re.IGNORECASE,
)
_SERIES = re.compile(r"系列|之[一二三四五六七八九十]+|（[一二三四五六七八九十\d]+）|[篇辑]$")
_CITE_AS = re.compile(r"(?:recommended|suggested) citation\W[^“”]{0,80}“([^”]{8,160})”", re.IGNORECASE)
_DASH = re.compile(r"^[\s—―–\-─]+")
_BAD_INFO_TITLE = re.compile(
    r"microsoft|untitled|无标题|文档\d?$|幻灯片|slide|powerpoint|www\.|_|\d{6}|^[\d\W]+$|"
    r"\.(?:docx?|pdf|pptx?|xlsx?|indd|wps|tmp|qxd|ai)\b",
    re.IGNORECASE,
)

_FORM = re.compile(r"\bform\s+(10-K|10-Q|8-K|20-F|40-F|6-K)(/A)?", re.IGNORECASE)
_REGULATOR = re.compile(r"securities\s+and\s+exchange\s+commission", re.IGNORECASE)
_PERIOD = re.compile(r"\b(?:year|period|quarter)\s+ended:?\s+", re.IGNORECASE)
_CHARTER = re.compile(r"exact\s+name\s+of\s+(?:the\s+)?(?:registrant|company)", re.IGNORECASE)
_STATE = re.compile(r"state\s+(?:or\s+other|of\s+incorporation)|jurisdiction\s+of", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\bform\b|commission|fiscal|period|transition|mark one|pursuant|\breport|^or$|^[\W_\d]+$|^\(|\bended\b|"
    r"file (?:no|number)|table of contents|^\W*united states\W*$|\bdate of\b|indicate|washington",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"(?P<name>[A-Z0-9][\w.'’-]*(?: (?:&|and|of|[A-Z0-9][\w.'’&-]*)){0,6}(?:, (?:Inc|Ltd|LLC)\.?)?) ?"
    r"\((?:[^()]{0,30}\b)?(?i:NYSE|NASDAQ|ASX|AMEX|LSE|TSX|HKEX|SEHK)\b[^)]{0,40}\)"
    r"[^.]{0,60}?\b(?i:today|announce[sd]|report(?:s|ed))\b"
)
_NEWS_TITLE = re.compile(
    r"^(?P<name>[A-Z][\w&.,'’ -]{1,50}?) (?i:reports?|announces?|delivers|posts)\b.*\b(?i:results|earnings|quarter|fiscal)\b"
)
_COMPANY = r"[\u4e00-\u9fff（）()·A-Za-z]{2,30}(?:股份有限公司|有限责任公司|有限公司|集团公司)"
_PERIODIC = re.compile(
    rf"(?P<company>{_COMPANY})?\s*(?:\d{{6}}\s*)?{_YEAR}\s*年?\s*"
    r"(?P<kind>(?:第[一二三四]季度|半年度?|年度|中期)(?:报告|報告)(?:全文|正文|摘要)?)\s*(?:[（(][^（()）]{1,12}[)）])?$"
)
_BOARD = re.compile(r"董\s*事\s*会\s*$|(?:批准报[出送]|披露|公告)日期?[：:]?\s*$")

_LEGAL = r"(?:股份有限公司|有限责任公司|有限公司|研究所|研究院|研发中心|研究中心|研究部)"
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


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A whole date in a text, at `text[start:end]`."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell, or lines that belong together, with its place in points; `top` is its share of the page's height."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    top: float
    size: float
    upright: bool


def extract_metadata(
    parsed: ParsedReport, file_name: str, publishers: Publishers, today: date | None = None
) -> Metadata:
    """What is known of the report. `today` limits its date: none may lie beyond tomorrow."""
    latest = (today or date.today()) + timedelta(days=1)
    text = "\n".join(page.text for page in parsed.pages)
    language = language_of(text if text.strip() else PurePath(file_name).stem)
    filing = _us_filing(parsed, latest) or _periodic_report(parsed, latest)
    if filing is not None:
        return replace(filing, language=language)
    title = _title(parsed, file_name, publishers)
    house = _publisher(parsed, file_name, publishers)
    if house is None and (issuer := _news_issuer(parsed, title)):
        return Metadata(title, issuer, _news_date(parsed, latest), language)
    published = _report_date(parsed, file_name, latest, is_research=house is not None)
    return Metadata(title, house or _owner(parsed), published, language)


# --- dates -----------------------------------------------------------------------------------------------------------


def find_dates(text: str, latest: date) -> tuple[FoundDate, ...]:
    """Every whole date written in a text, in order, from 1990 to `latest`."""
    found: dict[int, FoundDate] = {}
    for pattern, order in _DATES:
        for match in pattern.finditer(text):
            parts = {key: _number(group) for key, group in zip(order, match.groups(), strict=True)}
            if day := _valid_date(parts["y"], parts["m"], parts["d"], latest):
                found.setdefault(match.start(), FoundDate(day, match.start(), match.end()))
    return tuple(found[start] for start in sorted(found))


def _number(text: str) -> int:
    """A decimal number, an English month, 二〇二五 (digit by digit) or 二十一 (with tens)."""
    if text.isdecimal():
        return int(text)
    if (month := text[:3].casefold()) in _MONTHS:
        return _MONTHS.index(month) + 1
    digits = ["〇一二三四五六七八九".index("〇" if c in "○零" else c) if c != "十" else 10 for c in text]
    if 10 not in digits:
        return int("".join(map(str, digits)))
    tens, _, ones = text.partition("十")
    return (digits[0] if tens else 1) * 10 + (digits[-1] if ones else 0)


def _valid_date(year: int, month: int, day: int, latest: date) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _EARLIEST <= found <= latest else None


def _file_date(file_name: str, latest: date) -> date | None:
    """The one date of a file name: 20231231, 2023-12-31, or 231231 with nothing but a page count behind it."""
    stem = PurePath(file_name).stem
    for match in _FILE_DATE.finditer(stem):
        century = "" if match[1] else "20"
        day = _valid_date(
            int(century + (match[1] or match[4])), int(match[2] or match[5]), int(match[3] or match[6]), latest
        )
        if day:
            return day
    return None


def _report_date(parsed: ParsedReport, file_name: str, latest: date, *, is_research: bool) -> date | None:
    """The best evident date of the first two pages, else the file name's, else (research only) that of the PDF."""
    named = _file_date(file_name, latest)
    made = parsed.pdf_date if parsed.pdf_date and _EARLIEST <= parsed.pdf_date <= latest else None
    for page in parsed.pages[:2]:
        spots = _spots(page)
        related = [spot for spot in spots if _RELATED.match(spot.text)]
        scored = [
            (_date_score(page, spot, found, related, (named, made)), -spot.top, found.day)
            for spot in spots
            for found in find_dates(spot.text, latest)
        ]
        score, _, day = max(scored, default=(0.0, 0.0, None))
        if score > 0:
            return day
    return named or (made if is_research else None)


def _date_score(
    page: Page, spot: Spot, found: FoundDate, related: Sequence[Spot], hints: tuple[date | None, date | None]
) -> float:
    """Above 0 for a date that may be the report's own."""
    before, after = spot.text[: found.start], spot.text[found.end :]
    alone = len(before) + len(after) <= 4
    score = 2.0 if alone else 1.0 if len(spot.text) <= 40 else -5.0
    score += 2 if spot.top < 0.3 or len(page.text) < 200 else -2 if spot.top > 0.7 else 0
    if _PUBLISHED.search(before):
        score += 6
    if _PRICED.search(before) or _PRICED.search(after[:12]):
        score -= 8
    if (
        re.search(r"[》)）]\s*[-—–.]*\s*$|^\s*[-—–]+\s*$", before)
        or "《" in spot.text
        or any(_is_above(r, spot) for r in related)
    ):
        score -= 8  # the list of earlier reports
    named, made = hints
    if named:
        score += 4 if found.day == named else 0
    if made:
        gap = abs((made - found.day).days)
        score += 3 if gap <= 4 else 1 if gap <= 15 else -1 if gap > 400 else 0
    return score


def _is_above(head: Spot, spot: Spot) -> bool:
    """Whether a spot stands below a heading, in its column or right beside it."""
    return head.y0 < spot.y0 and head.x0 - 40 < spot.x1 and spot.x0 < head.x1 + 200


# --- places on a page ------------------------------------------------------------------------------------------------


def _spots(page: Page) -> list[Spot]:
    """Cells of rows, and lines of blocks: consecutive lines of a short block that are no dates or codes go together."""
    spots: list[Spot] = []
    for block in page.blocks:
        pieces = block.pieces
        if block.kind == "row" or len(pieces) > 4 or _upright(block):
            groups = [[piece] for piece in pieces] if not _upright(block) else [list(pieces)]
        else:
            groups = []
            for piece in pieces:
                apart = _stands_alone(page, piece)
                if groups and not apart and not _stands_alone(page, groups[-1][0]):
                    groups[-1].append(piece)
                else:
                    groups.append([piece])
        spots.extend(_spot(page, block, group) for group in groups if group)
    return [spot for spot in spots if spot.text]


def _spot(page: Page, block: Block, pieces: Sequence[Piece]) -> Spot:
    text = ""
    for piece in pieces:
        part = page.text[piece.start : piece.end].strip()
        text += (joiner(text[-1], part[0]) if text and part else "") + part
    box = union([piece.box for piece in pieces])
    top = box.y0 / page.height if page.height else 0.0
    return Spot(text, box.x0, box.y0, box.x1, box.y1, top, block.size, _upright(block))


def _upright(block: Block) -> bool:
    """Whether the block is written from top to bottom: a side banner, one or two characters a line."""
    return len(block.pieces) >= 3 and block.end - block.start <= 2 * len(block.pieces)


def _stands_alone(page: Page, piece: Piece) -> bool:
    text = page.text[piece.start : piece.end].strip()
    return bool(_SUBJECT.match(text) or _RATING.fullmatch(text) or _DATES[0][0].match(text) or _NEVER.search(text))


# --- titles ----------------------------------------------------------------------------------------------------------


def _title(parsed: ParsedReport, file_name: str, publishers: Publishers) -> str:
    """The best line of the first pages; the PDF's own title or the file name where no line stands out."""
    info = parsed.pdf_title or ""
    usable = len(info) >= 6 and not _BAD_INFO_TITLE.search(info) and not _LABEL.fullmatch(info)
    hints = _squeeze(PurePath(file_name).stem + "\n" + info)
    for page in parsed.pages[:3]:
        if cited := _CITE_AS.search(" ".join(page.text.split())):
            return cited[1].strip(" .,")
        spots = _spots(page)
        scored = [(_title_score(spot, hints, publishers), -spot.top, spot) for spot in spots]
        score, _, best = max(scored, key=lambda row: row[:2], default=(0.0, 0.0, None))
        if best is not None and score >= 1.15 * _body_size(page):
            return _whole_title(best, spots, publishers)
        if usable or len(page.text) > 300:
            break
    return info.strip() if usable else _running_head(parsed, publishers) or _title_of_file(file_name)


def _running_head(parsed: ParsedReport, publishers: Publishers) -> str:
    """The head line of a first page that has no title of its own, as an extract of a longer document; or nothing."""
    head = ""
    for spot in _spots(parsed.pages[0]) if parsed.pages else ():
        text = re.split(r"\s*[(（](?:續|续|金額|金额)", _tidy(spot.text))[0]
        if spot.top > 0.14 or not 4 <= len(text) <= 60 or re.search(r"^[(（\d]|[，。,：]|如下$|年.*月.*日$", text):
            continue
        if head:
            return f"{head} {text}" if re.search("[表告註]$", text) else head
        if len(text) >= 6 and not (_LABEL.fullmatch(text) or _hopeless(text, publishers)):
            head = text
            if not re.search(rf"{_COMPANY}(?:及其?子公司)?$", head):
                break
    return head


def _title_score(spot: Spot, hints: str, publishers: Publishers) -> float:
    """Font size, less what makes a line an unlikely title, more where file name or PDF title hold it."""
    text = spot.text
    wide = han_share(text) > 0.3
    if spot.upright or _hopeless(text, publishers) or not 4 <= len(text) <= (80 if wide else 180):
        return 0.0
    score = spot.size or 1.0
    if _LABEL.fullmatch(text) or _SUBJECT.match(text):
        score *= 0.45
    elif len(text) < 7 if wide else len(text.split()) < 3:
        score *= 0.7
    score *= 0.6 if spot.top > 0.6 else 0.85 if _DASH.match(text) else 1.0
    if len(text) >= 6 and _squeeze(text) in hints and not _LABEL.fullmatch(text) and not _SUBJECT.match(text):
        score *= 1.5
    return score


def _hopeless(text: str, publishers: Publishers) -> bool:
    if _NEVER.search(text) or _RATING.fullmatch(text) or _SECTION.fullmatch(text):
        return True
    rest = text
    for mention in reversed(publishers.find(text)):
        rest = rest[: mention.start] + rest[mention.end :]
    for found in reversed(find_dates(rest, date.max)):
        rest = rest[: found.start] + rest[found.end :]
    return rest != text and len(re.sub(rf"{_LEGAL}|公司|研究|\W", "", rest)) <= 4


def _whole_title(best: Spot, spots: Sequence[Spot], publishers: Publishers) -> str:
    """The best line with the lines of its size beside it, its subtitle, and the company it is on."""
    parts = [best]
    usable = [
        s for s in spots if not (s.upright or len(s.text) > 90 or s.text[0] in "(（" or _hopeless(s.text, publishers))
    ]
    for other in usable:
        if (
            abs(other.size - best.size) <= 0.06 * best.size
            and not _LABEL.fullmatch(other.text)
            and _near(other, best, 1.0)
        ):
            parts.append(other)
    parts = sorted(dict.fromkeys(parts), key=lambda spot: spot.y0)[:3]
    title = ""
    for part in parts:
        title += (joiner(title[-1], part.text[0]) if title else "") + part.text
    title = _tidy(title)
    for other in usable:
        small = 0.5 * best.size <= other.size < 1.01 * best.size
        if other in parts or not small or not _near(other, parts[-1], 2.2) or not 3 <= len(other.text) <= 40:
            continue
        extra = _tidy(_DASH.sub("", other.text))
        if _squeeze(extra) in _squeeze(title) or (_LABEL.fullmatch(extra) and not _SERIES.search(extra)):
            continue
        if _DASH.match(other.text) and other.y0 > best.y0 and not _SUBJECT.match(extra):
            title = f"{title}——{extra}"
        elif _SERIES.search(extra) and not _SUBJECT.match(extra):
            title = f"{title}——{extra}" if other.y0 > best.y0 else f"{extra}：{title}"
    return _with_subject(title, spots)


def _near(one: Spot, other: Spot, lines: float) -> bool:
    gap = max(one.y0, other.y0) - min(one.y1, other.y1)
    return gap < lines * other.size and one.x0 < other.x1 + 20 and other.x0 < one.x1 + 20 and one is not other


def _with_subject(title: str, spots: Sequence[Spot]) -> str:
    """The title led by the company it is on, where the page names one beside its code and the title does not."""
    for spot in spots:
        match = _SUBJECT.match(_DASH.sub("", spot.text))
        if match and match["name"] and spot.top < 0.4:
            if _squeeze(match["name"]) in _squeeze(title) or _LABEL.fullmatch(match["name"]):
                return title
            return f"{match['name']}（{match['code'].strip('()（） ')}）：{title}"
    return title


def _tidy(text: str) -> str:
    """One line without blanks between han and Latin text, which are layout, or between spaced-out han."""
    text = " ".join(text.split())
    if len(text.split()) > 4 and 2 * len(re.findall(r"(?:^| )[\u4e00-\u9fff](?= |$)", text)) > len(text.split()):
        text = text.replace(" ", "")
    text = re.sub(
        r"(?<=[\u4e00-\u9fff，：“”、]) (?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) (?=[\u4e00-\u9fff，：“”、])", "", text
    )
    return text.strip(" -—_|·:：")


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _body_size(page: Page) -> float:
    sizes: Counter[float] = Counter()
    for block in page.blocks:
        sizes[round(block.size)] += block.end - block.start
    common = sizes.most_common(1)[0][0] if sizes else 0.0
    return common if sizes.total() > 300 or (len(sizes) == 1 and len(page.blocks) > 3) else 0.0


def _title_of_file(file_name: str) -> str:
    stem = re.sub(r"[-_ ]?\d{6,8}(?:\d{1,3}页)?$|^\d{8}[-_ ]*|[-_ ]*\d{1,3}页$", "", PurePath(file_name).stem)
    return re.sub(r"[_\s]+", " ", stem).strip(" -") or PurePath(file_name).stem or file_name


# --- publishers ------------------------------------------------------------------------------------------------------


def _publisher(parsed: ParsedReport, file_name: str, publishers: Publishers) -> str | None:
    """The house with the most evidence; a house that is only spoken of stays below the threshold."""
    votes: dict[tuple[str, str], float] = {}
    for page in parsed.pages:
        for block in page.blocks:
            text = page.text[block.start : block.end]
            text = re.sub(r"\s", "", text) if _upright(block) else text
            for house in (*publishers.find(text), *publishers.find_unlisted(text)):
                kind, weight = _vote(page, block, text, house, parsed.page_count)
                key = (house.canonical, kind)
                votes[key] = min(votes.get(key, 0.0) + weight, _MOST_VOTES)
    for house in publishers.find(PurePath(file_name).stem):
        votes[house.canonical, "file"] = 3.0
    totals: dict[str, float] = {}
    for (name, _), weight in votes.items():
        totals[name] = totals.get(name, 0.0) + weight
    best = max(totals, key=lambda name: (totals[name], name), default=None)
    return best if best is not None and totals[best] >= _ENOUGH_VOTES else None


def _vote(page: Page, block: Block, text: str, house: Mention, page_count: int) -> tuple[str, float]:
    """What one mention says: its kind, each capped for itself, and its weight."""
    before, after = text[: house.start], text[house.end :]
    first, closing = page.number < 2, page.number >= page_count - 4
    box = block.pieces[0].box
    edge = page.height > 0 and (box.y1 < 0.12 * page.height or box.y0 > 0.92 * page.height)
    if _SUBJECT.match(_DASH.sub("", text.strip())):
        return "subject", 0.0  # a report on a listed broker
    if (first or closing or edge) and (_CLAIM_BEFORE.search(before[-30:]) or _CLAIM_AFTER.match(after)):
        return "claim", 8.0
    if _SOURCE.search(before[-60:]):
        return "source", 1.0
    if (edge or _upright(block)) and len(text) < 80:
        return "edge", 6.0 if first else 1.0
    if first:
        return "first page", 5.0 if 2 * (house.end - house.start) >= len(text) else 0.5
    return "closing", 1.0 if closing else 0.0


def _owner(parsed: ParsedReport) -> str | None:
    """The company at the head of the first page, for statements and terms that no house publishes."""
    if not parsed.pages or _ANALYSIS.search(parsed.pages[0].text):
        return None  # a report on that company, by a house that is named in pictures only
    for spot in _spots(parsed.pages[0]) if parsed.pages else ():
        match = re.match(rf"({_COMPANY})(?:及其?子公司|$)", re.sub(r"\s", "", spot.text))
        if match and spot.top < 0.2:
            return match[1]
    return None


# --- filings and news releases ---------------------------------------------------------------------------------------


def _us_filing(parsed: ParsedReport, latest: date) -> Metadata | None:
    """A form 10-K, 10-Q, 8-K, 20-F...: company, form and period of its cover page, date of its signature page."""
    for page in parsed.pages[:8]:
        form = _FORM.search(page.text)
        if form is None or not _REGULATOR.search(page.text):
            continue
        company = _registrant(page, parsed)
        if company is None:
            continue
        name = form[1].upper() + (form[2] or "").upper()
        reported = find_dates(page.text, latest)
        ended = [d.day for d in reported if _PERIOD.search(page.text[max(0, d.start - 30) : d.start])]
        period = ended[0] if ended else reported[0].day if reported else None
        signed = _signature_date(parsed, latest, period)
        annual = name.startswith(("10-K", "20-F", "40-F"))
        when = "" if period is None else f" {_fiscal_year(period)}" if annual else f" {period}"
        return Metadata(f"{company} {name}{when}", company, signed or (None if ended else period), "en")
    return None


def _fiscal_year(ended: date) -> int:
    """A year of 52 or 53 weeks may end in the first days of January and belongs to the year before."""
    return (ended - timedelta(days=10)).year


def _registrant(page: Page, parsed: ParsedReport) -> str | None:
    lines = [" ".join(page.text[p.start : p.end].split()) for block in page.blocks for p in block.pieces]
    for anchor in (_CHARTER, _STATE):
        at = next((i for i, line in enumerate(lines) if anchor.search(line)), None)
        for line in reversed(lines[:at] if at else ()):
            if not _NO_NAME.search(line) and sum(c.isalpha() for c in line) >= 2:
                return _usual_case(line.replace(" .", ".").replace(" ,", ",").strip(" _-*"), parsed)
    return None


def _usual_case(name: str, parsed: ParsedReport) -> str:
    """The spelling of a name in capitals that the first pages use most in running text, else that of its words."""
    if not name.isupper():
        return name
    text = " ".join(" ".join(page.text.split()) for page in parsed.pages[:25])

    def usual(part: str) -> str:
        written = Counter(re.findall(rf"(?<!\w){re.escape(part)}(?!\w)", text, re.IGNORECASE))
        mixed = {
            spelling: count for spelling, count in written.items() if not (spelling.isupper() or spelling.islower())
        }
        plain = part.strip(",.").lower()
        usually = {"inc": part.capitalize(), "corp": part.capitalize(), "ltd": part.capitalize(), "plc": "plc"}
        return max(mixed, key=mixed.__getitem__) if mixed else usually.get(plain, part)

    whole = usual(name)
    return " ".join(map(usual, name.split())) if whole == name else whole


def _signature_date(parsed: ParsedReport, latest: date, period: date | None) -> date | None:
    for page in parsed.pages:
        start = re.search(r"\bsignatures?\b", page.text, re.IGNORECASE)
        if start is None or not re.search(r"pursuant\s+to\s+the\s+requirements", page.text, re.IGNORECASE):
            continue
        days = Counter(
            found.day
            for found in find_dates(page.text, latest)
            if found.start > start.start() and (period is None or period <= found.day <= period + timedelta(days=400))
        )
        if days:
            return days.most_common(1)[0][0]
    return None


def _periodic_report(parsed: ParsedReport, latest: date) -> Metadata | None:
    """An annual, half-year or quarterly report of a Chinese company: its own publisher."""
    if not parsed.pages or "证券研究报告" in parsed.pages[0].text:
        return None
    spots = [spot for spot in _spots(parsed.pages[0]) if spot.top > 0.06 or spot.size >= 14]
    names = [re.sub(r"\s", "", spot.text) for spot in spots]
    company = next((name for name in names if re.fullmatch(_COMPANY, name)), None)
    for spot in sorted(spots, key=lambda spot: -spot.size):
        match = _PERIODIC.search(re.sub(r"\s", "", spot.text))
        owner = match and (match["company"] or company)
        if match and owner and spot.size >= 1.15 * _body_size(parsed.pages[0]):
            return Metadata(f"{owner}{match[2]}年{match['kind']}", owner, _board_date(parsed, latest), "zh")
    return None


def _board_date(parsed: ParsedReport, latest: date) -> date | None:
    for page in (*parsed.pages[:3], *reversed(parsed.pages)):
        for found in find_dates(page.text, latest):
            if _BOARD.search(page.text[: found.start]):
                return found.day
    return None


def _news_issuer(parsed: ParsedReport, title: str) -> str | None:
    text = " ".join(parsed.pages[0].text.split()) if parsed.pages else ""
    named = _NEWS.search(text)
    if named:
        return named["name"]
    titled = _NEWS_TITLE.match(title)
    return titled["name"].strip() if titled else None


def _news_date(parsed: ParsedReport, latest: date) -> date | None:
    """The first date of the first page that doesn't end a period: the top line, or the dateline."""
    text = parsed.pages[0].text if parsed.pages else ""
    for found in find_dates(text, latest):
        if not _PRICED.search(text[max(0, found.start - 40) : found.start]):
            return found.day
    return None
