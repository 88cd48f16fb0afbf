"""A line or block of text to whether it is the title, the unit line or the source line of a figure or table."""

from __future__ import annotations

import re

from rag.text import width

_TITLE = re.compile(
    r"^[\s•●■◆▪►\[【（(]*(?:(?:图表|圖表|附图|附圖|附表|图|圖|表)\s*[A-Z]?\d{1,3}(?:[-.–]\d{1,3})*(?:\s*[:：.、．\s】）)]|(?=[^\d\s]))"
    r"|(?:Figure|Fig\.|Exhibit|Table|Chart|Graph|Display)\s+[A-Z]?\d{1,3}(?:[-.–]\d{1,3})*\s*(?:[:：.|–—-]|\s+(?-i:[A-Z(\u4e00-\u9fff])|$))",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"^[^\d]{1,8}[\d.-]+(?:为|是|中)|^[^\d]{1,8}[\d.-]+\s*(?:所示|显示|反映|表明|给出|可以|可见|说明|列示|列出|展示|shows?\b|presents?\b|illustrates?\b|gives?\b|and\b|to\b|in\b|of\b|below\b|above\b|summari[sz]es\b|provides?\b|lists?\b|sets?\b)"
)
_FIGURE_TITLE = re.compile(
    r"^[\s•●■◆▪►\[【（(]*(?:图表|圖表|附图|附圖|图|圖|Figure|Fig|Exhibit|Chart|Graph|Display)", re.IGNORECASE
)
_SOURCE = re.compile(
    r"^[\s*（(\[]*(?:(?:资料|數據|数据|資料)\s*(?:来源|來源)|来源\s*[:：]|注\s*\d*\s*[:：]|註\s*\d*\s*[:：]|备注\s*[:：]|說明\s*[:：]|说明\s*[:：]"
    r"|sources?\s*[:：]|notes?\s*[:：]|data\s+sources?\s*[:：])",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"^[\s（(\[]*(?:(?:金额|金額)?\s*(?:单位|單位|币种|幣別|币别)\s*[/／]?\s*(?:单位|單位|币种)?\s*[:：].{1,40}"
    r"|(?:us|rmb|hk|u\.s\.)?\s*\$?\s*(?:dollars?|amounts?|figures)?\s*,?\s*(?:are\s+|expressed\s+|stated\s+)?in\s+(?:us|rmb|hk|u\.s\.)?\s*\$?\s*(?:millions?|thousands?|billions?)\b.{0,70}"
    r"|(?:\$|rmb|us\$|hk\$|€|£)?\s*(?:millions?|thousands?|billions?|mm|000s?|bn|mn)\b(?:\s+(?:of|except).{0,60})?"
    r"|unaudited|未经审计|未經審計|(?:人民币)?(?:百万元|千元|万元|亿元|元)(?:人民币)?)[\s）)\]]*$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 120  # width units: two lines of a column


def is_caption(text: str) -> bool:
    """Whether a block is the title of a figure or table: 图表3：…, 表 2 …, Figure 4. …, not a sentence about one."""
    return (
        width(text) <= _LONGEST_TITLE
        and _TITLE.match(text) is not None
        and _TOLD.match(text) is None
        and not text.endswith(("。", "；", "，", ";"))
    )


def is_figure_title(text: str) -> bool:
    """Whether a title says figure or exhibit (which may also be a table), not table."""
    return _FIGURE_TITLE.match(text) is not None


def is_source(text: str) -> bool:
    """Whether a block says where a figure or table comes from, or is a note to it."""
    return _SOURCE.match(text) is not None


def is_unit(text: str) -> bool:
    """Whether a block says nothing but the unit or currency of the table below it."""
    return width(text) <= _LONGEST_TITLE and _UNIT.match(text) is not None
