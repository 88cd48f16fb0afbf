"""A sentence or table row to whether a writer skips it: sources, contents, contacts and legal wording in the text itself.

Running headers and notices that stand apart are marked by the reader (block kinds `furniture`, `notice`) and never come
here: this is for what stands in a paragraph, and for pages whose notices were not recognised.
"""

from __future__ import annotations

import re

from rag.text import simplified

_LEGAL = re.compile(  # only what no report says of its subject: 法律责任 and 评级标准 may be its subject
    r"免责(?:声明|条款)|请务必(?:仔细)?阅读|敬请(?:参阅|阅读)|执业(?:证书|资格)|版权(?:所有|归)|不构成.{0,14}(?:建议|要约|保证)|客户使用|演示文本"
    r"|未经.{0,12}(?:授权|许可).{0,12}(?:转载|复制|翻版|引用)|不(?:对|就).{0,24}(?:准确|完整|及时|可靠).{0,16}(?:保证|责任|陈述)"
    r"|disclaimer|analyst certification|not an? (?:offer|solicitation)|not investment advice|all rights reserved|demonstration text"
    r"|no (?:representation|warranty)|accuracy or completeness|forward-looking statements|for informational purposes|past performance is",
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
