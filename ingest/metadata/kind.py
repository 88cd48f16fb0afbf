"""The first pages of a research report, its title and its subject in; what kind of research it is out.

The words for a kind are counted where kinds are printed: mastheads, side banners, running heads. A narrow word (量化, 债券)
outweighs a wide one (策略, 公司) in the same line, because 量化投资策略 is quantitative research.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from ingest.metadata.evidence import FILE, HINT, LABEL, PLACE, TEXT, Found, confidence, lead
from ingest.metadata.places import Spot, cells_of
from ingest.metadata.wording import SECTION
from rag.domain import ParsedReport, ReportType

_WORDS: tuple[tuple[ReportType, re.Pattern[str]], ...] = (
    (
        "quant",
        re.compile(
            r"金融工程|金工|量化|数量化|因子(?:研究|系列|选股)|衍生品|金融产品|基金研究|指数研究|quantitative|\bquant\b|derivatives",
            re.I,
        ),
    ),
    (
        "fixed income",
        re.compile(
            r"固定收益|固收|债券|利率债|信用债|可?转债|城投|信用研究|fixed[- ]income|credit (?:research|strategy)|\brates\b|bond",
            re.I,
        ),
    ),
    (
        "macro",
        re.compile(
            r"宏观|macro|economics\b|economic (?:research|outlook|comment)|经济(?:研究|点评|数据点评|展望|评论)", re.I
        ),
    ),
    (
        "industry",
        re.compile(
            r"行业(?!代码|分类|公司)|产业(?:研究|链|深度|专题|跟踪|观察)|板块|industry|sector (?:report|research|update|note|review|view)|thematic",
            re.I,
        ),
    ),
    (
        "company",
        re.compile(
            r"公司(?:研究|深度|报告|点评|首次|公告|动态|跟踪|快[报评]|评论|事件|新股|更新|调研|年报|季报|中报|信息|分析|专题|覆盖|证券)|个股|新股|"
            r"首次覆盖|首次报告|company (?:report|update|note|research|flash|focus)|initiati(?:on|ng)|results? review|earnings review|equity research",
            re.I,
        ),
    ),
    (
        "strategy",
        re.compile(
            r"策略(?!会)|大类资产|资产配置|市场研判|(?:equity|portfolio|investment|market|global|asia|china) strategy|asset allocation|\bstrategy\b",
            re.I,
        ),
    ),
)
_TITLE_WORDS: tuple[tuple[ReportType, re.Pattern[str]], ...] = (
    (
        "quant",
        re.compile(r"因子|选股|择时|量化|回测|多空|套利|指数增强|轮动模型|波动率|alpha|smart beta|factor|quant", re.I),
    ),
    (
        "fixed income",
        re.compile(r"债[券市]|利率债|信用债|转债|城投|收益率曲线|信用利差|credit spread|bond|treasur", re.I),
    ),
    (
        "macro",
        re.compile(
            r"宏观|经济(?:展望|数据|增长)|货币政策|财政|通胀|CPI|PMI|GDP|美联储|降[息准]|出口数据|inflation|\bFed\b|monetary|economy|outlook for growth",
            re.I,
        ),
    ),
    (
        "strategy",
        re.compile(
            r"A股|港股|大盘|市场风格|配置|牛市|行情|年度策略|投资策略|AH溢价|风格|equities|asset allocation|strategy",
            re.I,
        ),
    ),
    ("industry", re.compile(r"行业|产业|板块|赛道|周报|sector|industry", re.I)),
)
_LABEL_LIKE = re.compile(
    r"研究|报告|專題|专题|深度|点评|周报|月报|日报|季报|动态|跟踪|快评|评论|策略|分析|系列|工程|覆盖|宏观|固收|固定收益|债券|量化|金工|衍生品|公司|行业|投资"
)
_PARTS = re.compile(r"\s*[|｜丨/·•●◆│]\s*|\t|\s{2,}")


def kind_of(
    parsed: ParsedReport, file_name: str, title: str, *, has_subject: bool, has_house: bool
) -> Found[ReportType] | None:
    """The kind with the most evidence; None for what no house published and nothing tells."""
    votes: dict[ReportType, list[float]] = {}
    for page in parsed.pages[:4]:
        for cell in cells_of(page):
            for kind, weight in _of_cell(cell):
                known = votes.setdefault(kind, [])
                if known.count(weight) < 2:
                    known.append(weight)
    for kind, words in _TITLE_WORDS:
        if words.search(title):
            votes.setdefault(kind, []).append(TEXT)
            break
    if kind_named := _first(PurePath(file_name).stem):
        votes.setdefault(kind_named, []).append(HINT)
    if has_subject:
        votes.setdefault("company", []).extend((LABEL, PLACE) if has_house else (TEXT,))
    ranked = sorted(((confidence(*weights), kind) for kind, weights in votes.items()), reverse=True)
    if not any(page.text.strip() for page in parsed.pages[:4]):
        ranked = ranked if ranked and ranked[0][0] > HINT else []
        return Found(ranked[0][1], ranked[0][0], None, "file name") if ranked else None
    if not ranked or ranked[0][0] < FILE:
        return Found("other", HINT + (0.0 if has_house else HINT), 0)
    strength, best = ranked[0]
    if has_subject and best not in ("quant", "fixed income"):
        strength, best = confidence(*votes["company"]), "company"
    second = max((value for value, kind in ranked if kind != best), default=0.0)
    no_house = 0.0 if has_house else 0.4
    return Found(best, confidence(strength, against=max(no_house, lead(strength, second) / 2)), 0)


def is_on_company(parsed: ParsedReport, file_name: str) -> bool:
    """Whether the first pages call the report research on a company, and no other kind of research."""
    kinds = {kind for page in parsed.pages[:2] for cell in cells_of(page) for kind, _ in _of_cell(cell)}
    named = "company" in kinds and not kinds & {"quant", "macro", "fixed income"}
    return named or _first(PurePath(file_name).stem) == "company"


def _of_cell(cell: Spot) -> Sequence[tuple[ReportType, float]]:
    """The kind that a masthead, banner or running head names, with its weight."""
    text = " ".join(cell.text.split())
    wide = bool(re.search(r"[\u4e00-\u9fff]", text))
    if (
        len(text) > (26 if wide else 60)
        or re.search(r"[。；，、：:；?？%《》]|@|\d{4}-\d\d", text)
        or SECTION.fullmatch(text)
    ):
        return ()
    place = LABEL if cell.upright or cell.top < 0.3 else HINT
    if cell.page > 0:
        place = TEXT if cell.top < 0.12 or (cell.page == 1 and cell.top < 0.2) else 0.0
    found = []
    for part in _PARTS.split(text):
        if (not wide or _LABEL_LIKE.search(part)) and (kind := _first(part)):
            found.append((kind, place))
    return [(kind, weight) for kind, weight in found if weight]


def _first(text: str) -> ReportType | None:
    return next((kind for kind, words in _WORDS if words.search(text)), None)
