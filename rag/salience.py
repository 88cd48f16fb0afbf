"""The paragraphs of a report to sentences that could stand in its digest, each with what it is worth.

A sentence's worth adds words of the report's title and cover, being the first of its paragraph or part, words of a view or
forecast, a figure (cue, title and location after Edmundson 1969), and being central among all sentences (LexRank over
bigrams). What leans on the sentence before or on a chart loses. What was tried: docs/decisions/0012-digests.md.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.boilerplate import is_boilerplate
from rag.domain import Language, Vector
from rag.numbers import find_numbers
from rag.paragraphs import Paragraph, Read
from rag.parts import Part
from rag.sentences import split_sentences
from rag.sparse import bigrams
from rag.text import han_share, simplified, width

CLOSED = ("。", "！", ".", "!", "；", ";", "。”", "。）", "”", ".”", '."', ".)", "）。")
_LONG, _TERSE = 220, 30
LEANS = -0.3
"""What the wording adds (`form`), below which a sentence leans on another one or on a chart."""
_MOST_COMPARED = 3000  # sentences, for LexRank compares each with each
_COLUMNS = 4096
_ALIKE = 0.1
_DAMPING = 0.85
_STEPS = 30
_WIDTHS = (14, 330)  # width units of a sentence that can stand in a digest
_VIEW = re.compile(
    r"预计|建议|认为|判断|有望|核心|维持|首次覆盖|目标价|评级|看好|受益|驱动|预测|结论|表明|显示|优于|提升|领先|最"
    r"|\bwe (?:expect|believe|see|think|recommend|forecast|initiate|maintain|raise|cut|estimate)\b|outlook|target price|\brating\b"
    r"|guidance|driven by|expected to|\b(?:increased|decreased|grew|declined|rose|fell)\b|primarily|because|therefore",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"^(?:其中|此外|另外|同时|因此|所以|但|而|其|这|该|上述|以上|由此|相比|例如|比如|对应|叠加|如[，,]|再者|最后|首先|其次|[一二三四五]是|其[一二三四五]|第[一二三四五][，,]|随后|之后|然后|接着|前者|后者|同样|也|且|并|即|可见|具体|从中|按照这|那么|一方面|另一方面"
    r"|(?:however|moreover|in addition|this|these|those|it|they|that|such|as shown|also|but|and|or|for example|further|similarly)\b)",
    re.IGNORECASE,
)
_POINTS_AT_CHART = re.compile(
    r"[如见由从据][上下左右]?[图表]|[上下左右][图表]|(?:如|见|由|从|据|在)?[图表]\s?\d+(?:[-－.]\d+)?\s*(?:所示|可见|可以看|可看|显示|给出|展示|是|为|中|的)|[横纵]坐标|[红蓝绿黑灰黄][点线柱]|实线|虚线|如下[：:。]|所示|见下"
    r"|\b(?:see|shown in|as in) (?:figure|table|exhibit|chart|note)\b|\b(?:figure|table|exhibit|chart) \d+ (?:shows|presents|gives)\b|the following|set forth",
    re.IGNORECASE,
)
_MATTER_OF_FORM = re.compile(
    r"导语|我们发布了|前期报告|本(?:文|篇|报告|章|节|系列|专题)(?:是|的主旨|介绍|旨在|将|主要|首先|分为|尝试|的(?:结构|其余))|我们(?:将|曾|首先|下面)(?:在|介绍|从|分析)?|敬请|参见|详见|链接|欢迎|感谢|持牌人|报告《|》系列"
    r"|\b(?:incorporated by reference|indicate by check mark|in witness whereof|pursuant to (?:section|rule|item)|shall be deemed|the following exhibits)\b"
    r"|\b(?:in this (?:report|note|section)|we (?:will|first) (?:discuss|describe|present))\b",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(
    r"^(?:[(（]?\d{1,2}[)）]、?|\d{1,2}[、](?!\d)|\d{1,2}[.．](?=[^\d])|[一二三四五六七八九十]{1,2}[、](?=\S)|[①-⑳]|[(（][一二三四五六七八九十]{1,2}[)）]|[a-z][)）])\s*"
)
_FORMULA = re.compile(r"[𝐀-𝟿∑∫√≤≥≠±×÷∈→⇒^_{}\\]|\ufffd|[\ue000-\uf8ff]|[a-zA-Z]\s?[=＝]\s?\S|⁄")
_INNER_MARK = re.compile(r"(?<![(（\d])\d{1,2}[)）]")
_LABEL_WIDTH = 34
_PREDICATE = re.compile(
    r"[，,是有在为将可能会应显优强弱领提升增降改稳受益延推买入看扩加助打开构成就致需占高低好佳大小先承不未无已仍更最正负超达较迎具备聚焦深耕铸推动驱动]|%|\d"
)
_LABEL = re.compile(  # names a subject and claims nothing
    r"[^，,：:。；\d]{0,22}(?:特征|目的|分析|讨论|方法|模型|数据|用途|结构|之处|应用|概况|介绍|背景|编制|规律|表现|情况|假设|思路|框架|步骤|说明|简介|策略|比率|来源|构建|改进|观点|总结|研究|回顾|测试|检验|对比)[。.]"
    r"|[^，,：:。；%]{0,26}的(?:应用|模型|特征|目的|研究|构建|方法|讨论)[。.]"
    r"|[^，,。]{0,20}(?:有|分为|包括|如下)(?:以下)?[二两三四五六几][^，,。]{0,8}[。.]"
    r"|(?!.*(?:看好|建议|关注|推荐|认为|选择|[是为将有]))[^，,：:。；]{0,26}的(?:公司|企业|个股|股票|标的|行业|板块|品种|资产|因素|原因|指标|问题|条件)[。.]"
    r"|[^,.:;]{0,60}\((?:buy|hold|sell|neutral|overweight|underweight|outperform|underperform)\)\."
    r"|(?:conclusions?|background|introduction|overview|discussion|method(?:ology)?|data|results|analysis)\.",
    re.IGNORECASE,
)
_FIRST_ITEM = re.compile(r"(?<!\d)1\s?[、)）]")
_RUN_TOGETHER = re.compile(r"[；;]\s*\d{1,2}\s?[、)）]")  # the end of one item of a list and the next
_OPENS, _CLOSES = "（(【[《“「", "）)】]》”」"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of page `page`, of part and paragraph by number, at `place` in it (-1: the line above it).

    `first`: of its paragraph; `point`: the line or sentence that says what the paragraph is about.
    """

    text: str
    page: int
    part: int
    paragraph: int
    place: int
    first: bool
    point: bool
    terms: frozenset[str]
    score: float = 0.0


def candidates(read: Read, parts: Sequence[Part], title: str, language: Language) -> list[Candidate]:
    """All that can stand in a digest, in reading order, with their worth."""
    part_of = {member: number for number, part in enumerate(parts) for member in part.members}
    found = [
        candidate
        for number, paragraph in enumerate(read.paragraphs)
        for candidate in _of_paragraph(paragraph, number, part_of[paragraph.heading], language)
    ]
    cover = frozenset(n for n, part in enumerate(parts) if part.role == "cover")
    return _weighed(found, title, cover)


def _of_paragraph(paragraph: Paragraph, number: int, part: int, language: Language) -> Iterator[Candidate]:
    stop = "。" if language == "zh" else "."
    lead = paragraph.lead + stop
    leads = bool(paragraph.lead) and not paragraph.cut and is_sound(lead)
    if leads:
        yield _candidate(lead, paragraph, (part, number, -1), first=True, point=True)
    ranges = split_sentences(paragraph.text)
    start = 0 if not paragraph.cut else 1
    for place, (a, b) in enumerate(ranges):
        text = _as_told(paragraph.text[a:b].strip(), stop)
        if place == start and is_label(text):
            start += 1
        elif place >= start and is_sound(text):
            first = place == start and not paragraph.cut and not leads
            point = first and (paragraph.bullet or len(ranges) > 1)
            yield _candidate(text, paragraph, (part, number, place), first=first, point=point)


def _as_told(text: str, stop: str) -> str:
    """Without the mark of a list before it and with a full stop for the semicolon after it."""
    bare = _LIST_MARK.sub("", text)
    return bare[:-1] + stop if bare.endswith(("；", ";")) else bare


def _candidate(text: str, paragraph: Paragraph, at: tuple[int, int, int], *, first: bool, point: bool) -> Candidate:
    return Candidate(text, paragraph.page, *at, first, point, frozenset(bigrams(text)))


def is_sound(text: str) -> bool:
    """Whether a text is a whole sentence that a reader would not skip: closed, brackets paired, no formula."""
    return (
        _WIDTHS[0] <= width(text) <= _WIDTHS[1]
        and text.endswith(CLOSED)
        and not text[0].islower()
        and text[0] not in "，,、。；;：:)）%-−–—/＋+"
        and is_paired(text)
        and not is_label(text)
        and (_FIRST_ITEM.search(text) is not None or _RUN_TOGETHER.search(text) is None)
        and not _FORMULA.search(text)
        and not is_boilerplate(text)
    )


def is_label(text: str) -> bool:
    """Whether a text names a subject and claims nothing of it: `夏普率与时变夏普率。`."""
    if _LABEL.fullmatch(text) is not None:
        return True
    return han_share(text) > 0.5 and width(text) <= _LABEL_WIDTH and _PREDICATE.search(text) is None


def is_paired(text: str) -> bool:
    """Whether every bracket that opens closes; marks of a list (`1）`) do not count."""
    bare = _INNER_MARK.sub("", text)
    return all(bare.count(a) == bare.count(b) for a, b in zip(_OPENS, _CLOSES, strict=True))


# --- worth -----------------------------------------------------------------------------------------------------------


def _weighed(found: Sequence[Candidate], title: str, cover: Collection[int]) -> list[Candidate]:
    if not found:
        return []
    rarity = _rarity(found)
    subject = frozenset(bigrams(title))
    told = frozenset(term for c in found if c.part in cover for term in c.terms)
    openers = {part: place for place, part in reversed([(i, c.part) for i, c in enumerate(found)])}
    plain = [
        1.0 * _share(c.terms, subject, rarity)
        + (0.4 if c.part in cover else 0.6 * _told_share(c.terms, told, rarity))
        + (0.4 if c.point else 0.2 if c.first else 0.0)
        + (0.1 if openers[c.part] == place else 0.0)
        + form(c.text)
        for place, c in enumerate(found)
    ]
    ranked = sorted(range(len(found)), key=lambda i: (-plain[i], i))[:_MOST_COMPARED]
    central = dict(zip(ranked, lexrank([found[i].terms for i in ranked], rarity), strict=True))
    return [replace(c, score=plain[i] + 1.5 * central.get(i, 0.0)) for i, c in enumerate(found)]


def form(text: str) -> float:
    """What the wording alone adds or takes: views and figures add; what leans on another sentence or a chart takes."""
    plain = simplified(text)
    return (
        0.12 * min(2, len(_VIEW.findall(plain)))
        + (0.12 if find_numbers(text) else 0.0)
        - (0.8 if _DANGLING.match(plain) else 0.0)
        - (1.5 if _POINTS_AT_CHART.search(plain) else 0.0)
        - (1.2 if _MATTER_OF_FORM.search(plain) else 0.0)
        - (0.2 if width(text) > _LONG else 0.0)
        - (0.2 if width(text) < _TERSE else 0.0)
    )


def lexrank(sentences: Sequence[frozenset[str]], rarity: Mapping[str, float]) -> list[float]:
    """How central each sentence is among all, the most central 1 (Erkan and Radev 2004; terms are hashed to columns)."""
    if not sentences:
        return []
    matrix = np.zeros((len(sentences), _COLUMNS), np.float32)
    for row, terms in enumerate(sentences):
        for term in terms:
            matrix[row, zlib.crc32(term.encode()) % _COLUMNS] += rarity.get(term, 0.0)
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    alike = matrix @ matrix.T
    alike[alike < _ALIKE] = 0.0
    np.fill_diagonal(alike, 0.0)  # a sentence alike none is not central by itself
    alike /= np.maximum(alike.sum(axis=1, keepdims=True), 1e-9)
    rank: Vector = np.full(len(sentences), 1.0 / len(sentences), np.float32)
    for _ in range(_STEPS):
        rank = np.float32((1 - _DAMPING) / len(sentences)) + np.float32(_DAMPING) * (rank @ alike)
    return [float(value) for value in rank / rank.max()]


def _rarity(found: Sequence[Candidate]) -> dict[str, float]:
    spread = Counter(term for candidate in found for term in candidate.terms)
    return {term: math.log(1 + len(found) / count) for term, count in spread.items()}


def _share(terms: frozenset[str], subject: frozenset[str], rarity: Mapping[str, float]) -> float:
    """How much of the subject's weight a sentence holds."""
    whole = sum(rarity.get(t, 0.0) for t in subject)
    return sum(rarity.get(t, 0.0) for t in subject & terms) / whole if whole else 0.0


def _told_share(terms: frozenset[str], told: frozenset[str], rarity: Mapping[str, float]) -> float:
    """How much of a sentence's own weight is told on the cover."""
    whole = sum(rarity[t] for t in terms)
    return sum(rarity[t] for t in terms & told) / whole if whole else 0.0


def is_told(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether a chosen sentence says the same: more than six tenths of the shorter one's terms."""
    return any(
        len(candidate.terms & other.terms) > 0.6 * max(1, min(len(candidate.terms), len(other.terms)))
        for other in chosen
    )
