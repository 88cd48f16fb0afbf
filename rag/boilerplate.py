"""A sentence or table row to whether a writer skips it: sources, contents, contacts and legal wording in the text itself.

Running headers and notices that stand apart are marked by the reader (block kinds `furniture`, `notice`) and never come
here: this is for what stands in a paragraph, and for pages whose notices were not recognised.
"""

from __future__ import annotations

import re

from rag.text import simplified

_LEGAL = re.compile(
    r"免责|声明|请务必(?:仔细)?阅读|敬请(?:参阅|阅读)|请参阅|证券投资咨询|执业证书|执业资格|投资评级(?:的)?说明|评级(?:说明|标准|定义|体系)"
    r"|版权(?:所有|归)|未经.{0,12}(?:授权|许可)|不构成.{0,14}(?:建议|要约|依据|保证)|不承担.{0,12}责任|法律责任|利益冲突|分析师(?:声明|承诺|申明|介绍)"
    r"|本(?:报告|公司).{0,20}(?:客户使用|保留(?:一切|所有)?权利|不保证|不对)|证监会.{0,8}(?:许可|核准|批准)|谨慎使用|信息披露(?:声明)?$|不(?:对|就).{0,24}(?:准确|完整|及时|可靠).{0,16}(?:保证|责任|陈述)|演示文本|客户使用"
    r"|disclaimer|disclosures?\b.{0,30}(?:appendix|important)|analyst certification|not (?:an? )?(?:offer|investment advice)|all rights reserved"
    r"|no (?:representation|warranty)|accuracy or completeness|forward-looking statements|for informational purposes|demonstration text|see (?:last|end) page|past performance is",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"@[\w-]+\.|SAC[ ：:]|S\d{13}|电话[：: ]|邮箱|E-?mail|传真|邮编|\d{3,4}-\d{7,8}|www\.|https?://", re.IGNORECASE
)
_SOURCE = re.compile(r"^(?:\W*)(?:(?:资料|数据)来源|注[：:]|source[s]?[：:]|note[s]?[：:])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:\.\s?){5,}|…{2,}|·{4,}")


def is_boilerplate(line: str) -> bool:
    """Whether a reader would skip the line: it says nothing about the report's subject. Traditional characters count too."""
    text = simplified(line.strip())
    return not text or any(pattern.search(text) for pattern in (_LEGAL, _CONTACT, _SOURCE, _CONTENTS))
