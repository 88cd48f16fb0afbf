"""The pages of a report to the same pages with running headers, footers and notices marked as such.

Furniture is known by repetition: the same words (figures aside) at the same height on several pages, numbers that count up
with the pages. Notices are legal
text, rating definitions, contacts and tables of contents, known by their wording and by the heading they stand under.
Both stay in the page's text; as blocks of their kind they are in no chunk and no evidence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.lines import union
from rag.domain import Block, BlockKind, Box, Page
from rag.text import has_words, width

_MARGIN = 0.13  # of the page's height, at its top and bottom
_LEAST_PAGES = 3
_LONGEST_NUMBER = 4  # digits of a page number
_EVERYWHERE = 0.6  # of the pages: what stands on so many at one place is furniture wherever it stands
_SAME_HEIGHT = 6.0  # points
_DIGITS = re.compile(r"[\dIVXivx]+")
_PAGE_NUMBER = re.compile(
    r"^[^\w%％]*(?:\d{1,4}|[ivxlc]{1,6}|[A-Z]-\d{1,3}|page\s*\d+(?:\s*(?:of|/)\s*\d+)?|第?\s*\d+\s*页.{0,8}|\d+\s*/\s*\d+)[^\w%％]*$",
    re.IGNORECASE,
)
_FREE: frozenset[BlockKind] = frozenset({"text", "heading", "row", "unit", "source", "caption", "figure"})
_LEGAL = re.compile(
    r"免责(?:声明|条款)|(?:请|敬请)务?必?(?:仔细|认真)?(?:阅读|参阅|参考)[^。]{0,24}(?:声明|免责|披露|正文之后|末页|尾页|最后一页)|证券投资咨询(?:业务|执业)?资格|执业(?:证书|资格)"
    r"|版权(?:所有|归)|未经.{0,16}(?:授权|许可|同意)|不构成.{0,20}(?:建议|要约|依据|保证|邀请|承诺)|不承担.{0,16}责任|(?:自行|独立)承担.{0,10}(?:风险|责任|后果)|法律责任|利益冲突"
    r"|分析师(?:声明|承诺|申明|介绍)|本(?:报告|公司|研究报告|资料)[^。；;]{0,30}(?:客户使用|保留(?:一切|所有)?权利|不保证|不对|特定客户|机密|转载|刊登|引用|发布)"
    r"|证监会.{0,12}(?:许可|核准|批准)|信息披露(?:声明)?$|不(?:对|就|保证).{0,30}(?:准确|完整|及时|可靠)|投资者(?:应|需|务必)(?:当)?.{0,14}(?:自行|独立|谨慎|结合)"
    r"|(?:观点|结论|意见).{0,12}(?:独立|客观).{0,20}(?:不受|影响)|\d+\s*个月(?:内|以?内)?[^。]{0,40}(?:指数|基准|大盘|大市|涨幅)[^。]{0,24}(?:以上|以下|之间|介于|以内)"
    r"|\d+\s*个月[^。]{0,30}(?:强于|弱于|跑赢|跑输|优于|落后于|相对于?)[^。]{0,12}(?:市场|指数|大盘|基准)"
    r"|保证[^。]{0,40}(?:真实|准确)[、，和及]\s*(?:准确|完整)|^公司负责人\s*[:：].{1,12}(?:主管)?会计(?:工作)?负责人\s*[:：]"
    r"|(?:市场|股市|投资)有风险.{0,6}(?:投资|入市)[需须]谨慎|演示文本"
    r"|analyst certification|not (?:be construed as )?(?:an? )?(?:offer|solicitation|investment advice)|all rights reserved|past performance is (?:not|no)"
    r"|for informational purposes only|important disclosures?|conflicts? of interest that could|(?:distributed|prepared|issued) (?:in|by).{0,60}regulated by|demonstration text",
    re.IGNORECASE,
)
_LEGAL_WORDS = re.compile(  # these alone say nothing: filings use them of other things
    r"disclaimer|no (?:representation|warranty|guarantee)|accuracy or completeness|informational purposes|compensation (?:was|is|will be).{0,40}(?:views|recommendations)"
    r"|(?:评级|牌照|关联机构|分销|研究人员)",
    re.IGNORECASE,
)
_LEGAL_HEADING = re.compile(
    r"^\W*(?:[一二三四五六七八九十\d]+[、.．]\s*)?(?:免责|法律(?:主体)?|重要|特别|郑重|分析师|研究员|一般|信息披露|独立性|公司|合规)?(?:声明|条款|申明|承诺(?:函|书)?)(?:[:：及与和].{0,10})?\W*$"
    r"|^\W*[^。，]{0,12}(?:评级|等级)(?:的)?(?:说明|标准|定义|体系|系统|释义)\W*$|^\W*[^。，]{0,6}销售(?:团队|通讯录|联系人?|人员(?:联系方式|一览|名单))\W*$"
    r"|^\W*分析师(?:及研究助理)?(?:简介|介绍)\W*$"
    r"|^\W*(?:disclaimers?|important (?:disclosures?|information|notices?)|analyst certifications?|disclosure appendix|disclosures?|legal (?:notice|entity|disclaimers?)"
    r"|(?:stock |investment )?ratings? (?:definitions?|system|distribution)|contacts?(?: us)?)\W*$",
    re.IGNORECASE,
)
_RATINGS = re.compile(  # what stands below them on the last pages: definitions
    r"^\W*(?![^。，]{0,12}(?:与|和|及|预测|建议|估值))(?:[^。，]{0,12}(?:证券|研究所|研究院|股票|行业)[^。，]{0,6}投资评级|[^。，]{0,4}投资评级\s*[:：])\W*$"
)
_CONTACT = re.compile(
    r"[\w.-]+@[\w-]+\.\w|\b1[3-9]\d{9}\b|SAC\s*(?:执证|执业|证书|No|:|：)|S\d{13}|(?:电话|传真|邮箱|邮编|E-?mail|Tel|Fax)\s*[:：]|(?:^|\s)(?:办公|联系)?(?:地址|联系人)\s*[:：]|（(?:首席)?(?:分析师|研究员|研究助理|联系人)）$|\b\d{3,4}-\d{7,8}\b",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:\.\s?){5,}|…{2,}|·{5,}|(?:_\s?){6,}")
_CONTENTS_HEADING = re.compile(
    r"^\W*(?:(?:内容|正文|报告|图表?|表格?|插图|图形)\s*)*目\s*[录錄次]\W*$|^\W*(?:table of contents|contents|(?:list|index) of (?:figures|tables|exhibits|charts))\W*$",
    re.IGNORECASE,
)
_MASTHEAD = re.compile(r"^[^。]{0,40}(?:证券|證券)(?:研究|投资)报告[^。]{0,40}$")
_CONTACTS_OF_LIST = 3  # contacts in one paragraph make it a list of contacts, however long
_CONTACT_ROWS = 1 / 3  # of a table's rows
_PAGE_BEHIND = re.compile(r"(?:[.…·_]\s?){2,}\s*\d{1,3}\W*$")
_LONGEST_CONTACT = 240  # width units
_LONGEST_HEADING = 40
_BARE_TITLE = 13  # characters: Exhibit 10.79, and no title behind it
_LONG = 240  # width units: a longer paragraph is legal where it says so twice
_LEAST_PAGE = 200  # characters: a page with less is judged block by block


def mark_furniture(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with blocks of kind `furniture` and `notice` where they were something else; texts are unchanged."""
    running = _running(pages)
    marked = [_with_kinds(page, dict.fromkeys(running[at], "furniture")) for at, page in enumerate(pages)]
    return _with_notices(marked)


def _with_kinds(page: Page, kinds: dict[int, BlockKind]) -> Page:
    if not kinds:
        return page
    blocks = tuple(replace(b, kind=kinds[i]) if i in kinds else b for i, b in enumerate(page.blocks))
    return replace(page, blocks=blocks)


# --- furniture -------------------------------------------------------------------------------------------------------


def _running(pages: Sequence[Page]) -> list[set[int]]:
    """Of each page the blocks that recur."""
    found: list[set[int]] = [set() for _ in pages]
    places: dict[str, list[tuple[int, int, Box]]] = defaultdict(list)
    for at, page in enumerate(pages):
        for index, box in _free_blocks(page):
            block = page.blocks[index]
            text = page.text[block.start : block.end]
            if _PAGE_NUMBER.match(text) and block.kind != "figure" and _is_outermost(box, page):
                found[at].add(index)
            places[_recurring(text)].append((at, index, box))
    for seen in places.values():
        running = False
        for at, index, box in seen:
            same = {other for other, _, its in seen if _same_place(box, its)}
            often = len(same) >= max(_LEAST_PAGES, _EVERYWHERE * len(pages)) or len(same) == len(pages) > 1
            if often or (
                len(same) >= _LEAST_PAGES and _in_margin(box, pages[at]) and _may_run(pages[at].blocks[index])
            ):
                found[at].add(index)
                running = True
        for at, index, box in seen if running else ():
            block = pages[at].blocks[index]
            if _in_margin(box, pages[at]) and _may_run(block) and block.kind != "heading":
                found[at].add(index)  # a header that stands a little higher on one page
    for at, index in _counting(pages, found):
        found[at].add(index)
    return found


def _counting(pages: Sequence[Page], furniture: Sequence[set[int]]) -> list[tuple[int, int]]:
    """The bare numbers at the very bottom or top, wherever the page ends, that count up with the pages."""
    steps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at, page in enumerate(pages):
        for index, box in _free_blocks(page):
            block = page.blocks[index]
            text = page.text[block.start : block.end]
            number = text.strip()
            if (
                number.isdecimal()
                and len(number) <= _LONGEST_NUMBER
                and block.kind != "figure"
                and _is_last_but(furniture[at], index, box, page)
            ):
                steps[int(number) - page.number].append((at, index))
    return [place for places in steps.values() if len({at for at, _ in places}) >= _LEAST_PAGES for place in places]


def _recurring(text: str) -> str:
    """What stays the same from page to page: the words without figures; without words, all of it."""
    squeezed = "".join(text.split())
    return _DIGITS.sub("0", squeezed) if has_words(squeezed) else squeezed


def _may_run(block: Block) -> bool:
    """Whether a block is none of a figure, whose source and axis may stand at the same place on several pages."""
    bare = block.kind == "caption" and block.end - block.start <= _BARE_TITLE
    return bare or block.kind not in ("source", "caption", "figure", "unit")


def _free_blocks(page: Page) -> Iterable[tuple[int, Box]]:
    in_tables = {i for table in page.tables for i in (*table.header, *table.rows)}
    for index, block in enumerate(page.blocks):
        if block.kind in _FREE and index not in in_tables:
            yield index, union([piece.box for piece in block.pieces])


def _in_margin(box: Box, page: Page) -> bool:
    return box.y1 < _MARGIN * page.height or box.y0 > (1 - _MARGIN) * page.height


def _is_last_but(furniture: set[int], index: int, box: Box, page: Page) -> bool:
    """Whether nothing but furniture stands below a block, or nothing but furniture above it."""
    middle = (box.y0 + box.y1) / 2
    others = [
        piece.box for i, block in enumerate(page.blocks) if i != index and i not in furniture for piece in block.pieces
    ]
    return all(other.y0 < middle for other in others) or all(other.y1 > middle for other in others)


def _is_outermost(box: Box, page: Page) -> bool:
    """Whether nothing stands above (or below) a box in the margin."""
    if not _in_margin(box, page):
        return False
    middle = (box.y0 + box.y1) / 2
    others = [piece.box for block in page.blocks for piece in block.pieces]
    if middle < page.height / 2:
        return all(other.y1 > middle for other in others)
    return all(other.y0 < middle for other in others)


def _same_place(one: Box, other: Box) -> bool:
    return abs(one.y0 - other.y0) < _SAME_HEIGHT and abs(one.y1 - other.y1) < _SAME_HEIGHT


# --- notices ---------------------------------------------------------------------------------------------------------


def _with_notices(pages: Sequence[Page]) -> tuple[Page, ...]:
    made: list[Page] = []
    under = False  # whether the page before ended under a legal heading
    for at, page in enumerate(pages):
        own, under = _notices(page, under, late=at >= 0.6 * len(pages))
        made.append(_with_kinds(page, dict.fromkeys(own, "notice")))
    return tuple(made)


def _notices(page: Page, under: bool, *, late: bool) -> tuple[set[int], bool]:
    """The blocks of a page that are notices, and whether the page ends under a legal heading."""
    texts = [page.text[block.start : block.end] for block in page.blocks]
    evidence = [i for i, block in enumerate(page.blocks) if block.kind != "furniture"]
    own = {i for i in evidence if _is_notice(texts[i], page.blocks[i])}
    for table in page.tables:
        every = (*table.header, *table.rows)
        rows = [i for i in every if i in own and not _has_leaders(texts[i])]
        if len(rows) > _CONTACT_ROWS * len(table.rows):
            # On a cover the rating may stand in one table with the contacts; the row above the first of these has a name.
            own.update(every if late else every[max(0, every.index(rows[0]) - 1) :])
        else:
            own.difference_update(rows)  # a row or two of contacts in a table of facts are facts
    total = sum(len(texts[i]) for i in evidence)
    legal = sum(len(texts[i]) for i in own if _LEGAL.search(texts[i]))
    if legal:
        legal += sum(len(texts[i]) for i in evidence if i not in own and _LEGAL_WORDS.search(texts[i]))
    headings = [i for i in evidence if _is_legal_heading(texts[i], page.blocks[i], late=late)]
    if total > _LEAST_PAGE and (legal * 2 > total or (under and late and legal * 8 > total)):
        first = 0 if under else min((*own, *headings))
        return own | {i for i in evidence if i >= first}, True
    zone = False
    for i in evidence:
        if i in headings:
            zone = True
        elif zone and page.blocks[i].kind in ("heading", "caption"):
            zone = _LEGAL.search(texts[i]) is not None
        if zone:
            own.add(i)
    return own, zone


def _is_legal_heading(text: str, block: Block, *, late: bool) -> bool:
    if block.kind not in ("text", "heading") or width(text.strip()) > _LONGEST_HEADING:
        return False
    return _LEGAL_HEADING.search(text.strip()) is not None or (late and _RATINGS.match(text.strip()) is not None)


def _has_leaders(text: str) -> bool:
    """Whether it is a line of a table of contents: leaders, then a page number and no other figure behind them."""
    return _CONTENTS.search(text) is not None and _PAGE_BEHIND.search(text) is not None


def _is_notice(text: str, block: Block) -> bool:
    if _has_leaders(text) or _CONTENTS_HEADING.match(text):
        return True
    contacts = len(_CONTACT.findall(text))
    if contacts >= _CONTACTS_OF_LIST or (contacts and width(text) <= _LONGEST_CONTACT) or _MASTHEAD.match(text):
        return True
    if block.kind in ("caption", "figure"):
        return False
    legal = list(_LEGAL.finditer(text))
    return len(legal) > 1 or (len(legal) == 1 and width(text) <= _LONG)
