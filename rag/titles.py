"""A question to the titles of reports that it names (`根据《AH溢价还能收窄多少》报告`), and whether a report is of one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.companies import Companies
from rag.context import context_line
from rag.domain import Report
from rag.sparse import bigrams

_REPORT_ZH = r"(?:报告|研报|周报|月报|季报|点评)"
_TITLED = re.compile(
    rf"{_REPORT_ZH}[^，。？！《》]{{0,8}}《(?P<after>[^《》]+)》"
    rf"|《(?P<before>[^《》]+)》(?:这份|一文|的)?[^，。？！《》]{{0,4}}{_REPORT_ZH}"
    r"|\breport\b[^.?!,“”\"]{0,40}[“\"](?P<of>[^“”\"]+)[”\"]"
    r"|[“\"](?P<the>[^“”\"]+)[”\"]\s+(?:research\s+)?report\b",
    re.IGNORECASE,
)
# what a title says of the kind of its report, which tells it from no other one
_KIND = re.compile(
    r"(?:公司|行业|深度|专题|首次覆盖|系列|跟踪|年度|中期)?(?:研究|策略|点评|分析|投资)*(?:报告|研报|周报|月报|季报|点评)|深度|专题"
    r"|\b(?:research|report|annual|company|industry|equity|strategy|note|review|outlook)\b",
    re.IGNORECASE,
)
_SAME = 0.6  # share of a title's terms that the line naming a report has
_FEWEST = 2  # terms of a title that tell one report from another


def missing_titles(question: str, reports: Iterable[Report], companies: Companies) -> tuple[str, ...]:
    """The titles that a question names, as written, where no report has any of them.

    A title of company and kind alone (`某公司-深度报告`) names no report.
    """
    titles: dict[str, frozenset[str]] = {}
    for match in _TITLED.finditer(question):
        title = next(group for group in match.groups() if group).strip()
        titles[title] = frozenset(bigrams(_KIND.sub(" ", companies.without_names(title))))
    if not titles:
        return ()
    lines = [frozenset(bigrams(context_line(report))) for report in reports]
    if any(len(own) < _FEWEST or any(_is_in(own, line) for line in lines) for own in titles.values()):
        return ()
    return tuple(titles)


def _is_in(own: frozenset[str], line: frozenset[str]) -> bool:
    return len(own & line) >= _SAME * len(own)
