"""A line of a report in; what its words alone make it out: a kind of report, a rating, a section head, no title, a company.

The words that several rules share. All patterns run on page text, which is data from strangers: none may be slow on it.
"""

from __future__ import annotations

import re


def _only(words: str, marks: str) -> re.Pattern[str]:
    """A text of nothing but these words and marks. Possessive, longest words first: page text can't make it slow."""
    longest_first = "|".join(sorted(words.split("|"), key=len, reverse=True))
    return re.compile(rf"(?:(?:{longest_first})|{marks})++", re.IGNORECASE)


# The name of a Chinese company, and what follows the short name of a house
COMPANY = r"[\u4e00-\u9fff（）()·A-Za-z]{2,30}(?:股份有限公司|有限责任公司|有限公司|集团公司)"
LEGAL = r"(?:股份有限公司|有限责任公司|有限公司|研究所|研究院|研发中心|研究中心|研究部)"

_EXCHANGE = "(?:SH|SZ|SS|HK|BJ|NQ|CH)"
_CODE = (
    rf"(?:[(（]\s*(?:[A-Z]?\d{{4,6}}(?:[. ]?{_EXCHANGE})?|[A-Z]{{1,5}}[. ](?:N|O|US|OQ|L))\s*[)）]"
    rf"|[A-Z]?\d{{4,6}}[. ]{_EXCHANGE}|[A-Z]{{1,5}}[. ](?:N|O|US|OQ))"
)
# The company a report is on: its code, its name before it
SUBJECT = re.compile(rf"^(?P<name>[\u4e00-\u9fffA-Z*\-]{{2,12}}?)?\s*(?P<code>{_CODE})$")
# The same in Latin letters: Acme Tools Inc. (ACT), Acme Tools (2999 HK)
LATIN_SUBJECT = re.compile(
    r"^(?P<name>[A-Z][\w&.,'’ -]{1,45}?)\s?[(\[]\s?(?P<code>[A-Z]{1,5}(?:[. ][A-Z]{1,2})?|\d{3,6}[. ]?[A-Z]{2})\s?[)\]]$"
)
# A kind of report: 公司深度报告
KINDS = _only(
    "证券|研究|报告|深度|公司|行业|专题|点评|动态|首次|覆盖|跟踪|策略|宏观|固收|固定收益|金融工程|量化|数量化|数量|权益|投资|新股|分析|事件|"
    "简评|快评|调研|月报|周报|日报|双周报|季报|年报|中期|半年|半年度|年度|债券|基金|衍生品|期货|晨会|纪要|总量|海外|港股|市场|评论|信息|更新|业绩|"
    "财报|速递|择时|会|系列|产业|经济|金融|定期|简报|首评|团队|中心|部|类|摘要|推荐|年|月|equity|research|report|company|update|initiation|"
    "industry|strategy|note|global|macro|sector|china|asia|daily|weekly|monthly",
    r"[\d\s|/·•●\-—–_:：()（）,，]",
)
# A rating: 买入（首次）
RATING = _only(
    "投资评级|评级|上次|推荐|维持|首次|强烈|买入|增持|谨慎|审慎|持有|中性|减持|卖出|优于大势|同步大势|优于大市|跑赢行业|强于大市|看好|"
    "暂不评级|给予|上调|下调|目标价|buy|sell|hold|neutral|overweight|underweight|outperform|underperform|maintain|maintained|rating",
    r"(?:-?[AB]\b|[\s:：()（）/|—\-])",
)
# The head of a section or a box
SECTION = re.compile(
    r"(?:投资要点|核心观点|报告摘要|内容提要|内容摘要|摘要|要点|内容目录|目录|相关研究|相关报告|近期研究|分析师|证券分析师|联系人|研究助理|市场数据|"
    r"基本数据|基础数据|交易数据|市场表现|股价表现|行情走势|股价走势|盈利预测|风险提示|投资建议|投资摘要|公司主要财务|主要财务|财务指标|财务摘要|"
    r"重要内容提示|重要提示|.{2,4}观点[：:]|公司简介|历史收益率|投资逻辑|事件[：:]|导语|前言|引言|table of contents|contents|"
    r"key (?:points|data|financials)|executive summary|highlights|summary|abstract|introduction)[^(（]{0,6}(?:[(（].*)?",
    re.IGNORECASE,
)
# What no title holds
NEVER = re.compile(
    r"请务必|免责|声明|^相关(?:研究|报告)|www\.|https?:|@|电话|邮箱|执业|证书|SAC |资料来源|数据来源|^source|^图表?\s*\d|^表\s*\d|^第?\s*\d+\s*页|^page \d|"
    r"[。；]|(?<=[\u4e00-\u9fff]);|^[⚫•●■◆▪►➢❑]|^[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s?[^\d]|disclosures|disclaimer|\[Table|"
    r"for immediate release|^[\W\d_]*$",
    re.IGNORECASE,
)
# Beside a date that is not the report's own: of a price, of a period's end
PRICED = re.compile(
    r"截[至止]|收盘|股价|价格|市场数据|基础数据|现价|市值|\b(?:as (?:of|at)|priced?|close|closing|ended|ending)\b",
    re.IGNORECASE,
)
# Before a subtitle
DASH = re.compile(r"^[\s—―–\-─]+")
