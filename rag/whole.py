"""Whether a question asks for a figure of a company as a whole, and no more: not of a product, a market or a subsidiary.

What is computed from a company's statements answers nothing else, and which parts it has cannot be listed: `奶粉毛利率`,
`North America gross margin`, `net income of Converse`. So the words are listed that such a question may have beside the names
of companies, lines and metrics, years and numbers. One with any other word is left to the sentences of the reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.definition import Symbol
from rag.sparse import singular
from rag.text import is_han

_PLAIN = (
    # the grammar of a question
    "a an the of in on at by to for and or as was were is are be been has have had do did does it its their that this which what how much"
    " many me you we i can could would will please tell show give find report reported reporting according so whether if s over between during"
    # the company and its figures
    " company firm group corporation inc ltd plc consolidated overall total net gross unadjusted gaap annual yearly financial fiscal year fy"
    " ratio margin rate level value amount figure number profile percentage percent term metric statement sheet balance income cash flow"
    # when
    " end ending ended day january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sep sept oct nov dec last past latest recent most previous prior preceding each every per"
    # how it moved
    " average mean compound compounded cagr yoy growth grow grew grown change changed increase increased decrease decreased improve improved"
    " improving improvement decline declined declining deteriorate deteriorated deteriorating worsen worsened fell rose rise trend historically"
    " history historical consistent stable volatile fluctuate fluctuating constant steady rather quite relative compare compared versus vs generate generated earn earned make made achieve achieved record"
    " recorded post posted show shown amounted stand stood"
    # how to tell it
    " answer unit usd dollar cny rmb yuan million billion thousand round rounded one two three four five decimal place calculate compute"
    " based basis using use roughly about approximately approximate up down exact"
)
_WORDS = frozenset(map(singular, _PLAIN.split()))
_BEFORE = {
    "from": "year",
    "since": "year",
    "until": "year",
    "us": "dollar",
}  # else of what: from subscriptions, US sales
_ASIDE = re.compile(  # how to understand it
    r"[(（]\s*(?:not|i\.?e\.?|that is|formerly|also|previously|aka|即|指|也就是|原名|曾用名|简称)(?![a-z])[^()（）]*[)）]",
    re.IGNORECASE,
)
_LEGAL = r"股份|集团|控股|实业|有限责任|有限|公司"
_HAN = re.compile(
    rf"""(?:
    请问|请|麻烦|我们|我|你|想要|想|要|知道|了解|查询|查一下|看一下|一下|告诉|帮忙|帮|给出|给|写出|求|计算|算出|算
    |根据|按照|依据|按|从|自|年报|年度报告|报告期|报告|财报|年报|财务报表|报表|披露|公告|显示|数据|来看|来说|而言
    |该|其|它|这家|这|那|本|上市|企业|{_LEGAL}|整体|总体|全部|合并|综合|总|全
    |的|在|于|是|为|有|达到|达|到|至|和|与|及|跟|以及|之间|期间|间|内|当|截至|截止|止
    |财年|会计年度|财务|年度|年底|年末|年初|年|末|底|期末|期|月|日|最近|近|过去|连续|一|两|二|三|四|五|个|最新|去年|上一年|上年|上
    |较|比|相比|相较|同比|增长率|增长|增加|增速|增幅|下降|降幅|减少|上升|提高|提升|降低|改善|恶化|变化|变动|趋势|走势|情况|水平|波动|稳定
    |复合|年均|年化|平均|均|每年|历年|每|分别|各|各年|多少|几|倍|多大|多高|多低|什么(?:水平|样)?|如何变[化动]|(?:如何|怎么?样|怎么变化?)(?=的|$)|呢|吗|了|吧
    |是否|有没有|实现|录得|取得|完成|产生|获得|大约|大概|约|合计|共计|一共|共|金额|数值|数额|数字|值|数|额|率|比例|比重|占比|占|指标
    |并|用|以|单位|亿|万|元|人民币|百万|百分比|百分数|百分点|表示|保留|小数点后|小数|位|四舍五入|结果|答案|具体
    )*""",
    re.VERBOSE,
)


def without_asides(sentence: str) -> str:
    """A sentence without brackets that explain it: `(not fluctuating more than roughly 2% each year)`."""
    return _ASIDE.sub(" ", sentence)


def asks_of_whole(symbols: Sequence[Symbol]) -> bool:
    """Whether nothing else is asked; `symbols` of the sentence that asks, without names of companies."""
    han = ""
    for place, symbol in enumerate(symbols):
        if symbol.kind != "word":
            han += " " if symbol.kind == "name" else ""
        elif is_han(symbol.text):
            han += symbol.text
        elif needed := _BEFORE.get(symbol.text):
            if not any(needed in (one.kind, one.text) for one in symbols[place + 1 : place + 2]):
                return False
        elif symbol.text not in _WORDS:
            return False
    return all(_HAN.fullmatch(run) for run in han.split())
