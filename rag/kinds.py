"""The kinds of report that a question asks for (`年报`, `10-K`, `周报`, `initiation`, `策略报告`), and whether a report is one.

Some kinds the catalog knows by type or form; others (weeklies, initiations, comments) only a report's title tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain import Report, ReportType
from rag.text import fold

_NOUN_ZH = r"(?:报告|研报|研究|周报|月报|深度|点评|专题|观点|团队|组|分析师)"
_NOUN_EN = r"\s+(?:reports?|notes?|research|team|view|piece)s?\b"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a question asks for a kind of report, and by what a report is known as one: its type, form or title."""

    name: str
    asked: re.Pattern[str]
    types: frozenset[ReportType]
    forms: frozenset[str]
    titled: re.Pattern[str] | None

    def fits(self, report: Report) -> bool:
        form = (report.form or "").removesuffix("/A").lower()
        by_title = self.titled is not None and self.titled.search(fold(report.title)) is not None
        return by_title or report.type in self.types or form in self.forms


def _kind(
    name: str, asked: str, *, types: Sequence[ReportType] = (), forms: Sequence[str] = (), titled: str | None = None
) -> Kind:
    return Kind(name, re.compile(asked), frozenset(types), frozenset(forms), re.compile(titled) if titled else None)


_DESKS: tuple[tuple[ReportType, str, str], ...] = (
    ("strategy", "(?<!择时)(?<!选股)(?<!交易)策略", "strategy|strategist"),
    ("macro", "宏观", "macro|economics"),
    ("industry", "行业", "industry|sector"),
    ("company", "公司|个股", "company"),
    ("quant", "金工|金融工程|量化", "quant|quantitative"),
    ("fixed income", "固收|固定收益|债券|信用债|利率债", "fixed[- ]income|credit|bond"),
)
KINDS: tuple[Kind, ...] = (
    _kind(
        "annual report",
        r"(?<!半)年报|(?<!半)年度报告|\bannual reports?\b|\b(?:10-?k|20-?f|40-?f)s?\b",
        forms=["10-k", "10-kt", "20-f", "40-f", "annual report"],
    ),
    _kind(
        "interim report",
        r"半年报|半年度报告|(?<!其)中期报告|中报|\b(?:interim|half-year(?:ly)?) reports?\b",
        forms=["interim report"],
    ),
    _kind(
        "quarterly report",
        r"季报|季度报告|\bquarterly reports?\b|\b10-?qs?\b",
        forms=["10-q", "10-qt", "quarterly report"],
    ),
    _kind(
        "news of a company",
        r"业绩(?:快报|预告|公告)|\b(?:earnings|press|news) releases?\b|\b8-?ks?\b",
        types=["event notice", "news release"],
        forms=["8-k", "6-k", "earnings release"],
    ),
    _kind("initiation", r"首次覆盖|首次报告|首次评级|\binitiat(?:ions?|ing coverage)\b", titled=r"首次|initiat"),
    _kind("in-depth report", r"深度(?:报告|研报|研究)|\bin-depth (?:report|note)s?\b|\bdeep dives?\b", titled=r"深度|in-depth|deep dive"),
    _kind("comment", r"(?<!发表)(?:点评|快评|简评)|\b(?:comment|flash|results) notes?\b", titled=r"点评|快评|简评|comment|flash"),
    _kind("weekly", r"周报|周刊|\bweekl(?:ies\b|y\b(?=\s*(?:$|[?.,;:]|report|note|review|update|by\b|from\b|on\b)))", titled=r"周报|周刊|周观点|weekly"),
    _kind("monthly", r"(?<!\d)月报|月刊|\bmonthl(?:ies|y (?:report|note|review|update)s?)\b", titled=r"月报|月刊|月观点|monthly"),
    _kind("daily", r"日报|晨报|晨会(?:纪要)?|\bdaily (?:report|note|brief)s?\b|\bmorning notes?\b", titled=r"日报|晨报|晨会|daily|morning"),
    _kind("outlook", r"(?:年度|中期)(?:策略|展望)|\b(?:annual|year-ahead|mid-year) outlooks?\b", titled=r"年度策略|中期策略|展望|outlook"),
    *(
        _kind(desk, rf"(?:{zh}){_NOUN_ZH}|\b(?:{en}){_NOUN_EN}" + (r"|\bstrategists\b" if desk == "strategy" else ""), types=[desk])
        for desk, zh, en in _DESKS
    ),
)  # fmt: skip
_BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class AskedKind:
    """A kind that a text asks for: `text[start:end]`."""

    name: str
    start: int
    end: int


def find_kinds(folded: str) -> tuple[AskedKind, ...]:
    """The kinds a folded text asks for, by where they stand, each once."""
    found: dict[str, AskedKind] = {}
    for kind in KINDS:
        match = kind.asked.search(folded)
        if match:
            found[kind.name] = AskedKind(kind.name, *match.span())
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.name)))


def is_any(report: Report, names: Sequence[str]) -> bool:
    """Whether a report is of one of the kinds of these names."""
    return any(_BY_NAME[name].fits(report) for name in names)


def kinds_of(report: Report) -> tuple[str, ...]:
    """All kinds that a report is of."""
    return tuple(kind.name for kind in KINDS if kind.fits(report))
