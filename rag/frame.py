"""A sentence that a model wrote, in; what it tells of the reports, out: without words on the text it was made from ("the
chapter concludes that"), and nothing where it tells only of that text, of the check, or has no words of its own."""

from __future__ import annotations

import re

_MODIFIER = r"(?:(?:provided|given|above|following|cited|same|present|current|retrieved|source|research|broker|annual|first|second|last)\s+)*"
_TEXT = rf"{_MODIFIER}(?:chapters?|sections?|passages?|paragraphs?|excerpts?|extracts?|texts?|contexts?|documents?|reports?|pages?|summary|information|content)"
_DATA = rf"{_MODIFIER}(?:data|tables?|figures?|charts?|materials?)"
_LEAD = r"(?:(?:overall|in (?:summary|conclusion|short|addition)|to (?:sum up|conclude)|additionally|furthermore|moreover|also|finally|lastly|therefore|thus)\s*,\s*)?"
_OFTEN = r"(?:\s+(?:also|further|then|mainly|primarily|specifically|itself|clearly|briefly|ultimately))?"
_SAYS = (
    r"(?:states?|says?|notes?|concludes?|mentions?|shows?|indicates?|reports?|finds?|suggests?|points out|highlights?|reveals?"
    r"|emphasi[sz]es?|explains?|stress(?:es)?|observes?|argues?|adds?|tells us|makes clear|confirms?)"
)
_ZH_OF = r"(?:以上|上述|上面|所给出?|所提供|给出|提供|给定|已有|用户|本|该|这一?|这些|这段|此|相关|前述|的)*"
_ZH_TEXT = r"(?:资料|段落|信息|材料|内容|文本|上下文|章节|摘录|摘要|文段|原文|页面)"
_ZH_THIS = rf"(?:(?:本|该|此|这一?|上述|以上|这些|这[段份篇])(?:章节?|节|部分|段话?|段落|资料|材料|文段?|文本|报告|研报|摘要|内容|页面?)|{_ZH_TEXT}|报告)(?:中|里|上)?"
_ZH_OFTEN = r"(?:还|也|则|主要|进一步|具体|详细|明确|最后|并|重点|最终|首先)*"
_ZH_LEAD = r"(?:(?:总之|综上(?:所述)?|总的来说|总体而言|此外|另外|同时|因此|最后)[，,]?)?"
_ZH_SAYS = r"(?:指出|认为|显示|提到|表明|提及|得出(?:的)?结论(?:是|为)?|总结道|总结称|说明|强调|结论(?:是|为)|写道|写明|称|表示|说到?|披露)"
_FRAMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LEAD}(?:according to|based on|as (?:stated|noted|mentioned|shown|described|discussed|outlined|reported) in|in|from|per)"
        rf" (?:the|this|these)(?: (?:{_TEXT}|{_DATA}))(?: (?:provided|given|above|shown))?\s*,\s*",
        rf"{_LEAD}(?:the|this|these|our) (?:{_TEXT}|{_DATA}){_OFTEN} {_SAYS}(?:\s*,)? that\s+",
        rf"{_LEAD}it (?:is|was) (?:stated|noted|mentioned|concluded|shown|reported) (?:in the {_TEXT} )?that\s+",
        r"(?:(?:rewritten|revised|corrected|new|improved)(?: (?:sentence|version|answer))?|sentence \d+)\s*:\s*",
        rf"{_ZH_LEAD}(?:根据|基于|依据|按照|结合|从){_ZH_OF}(?:{_ZH_TEXT}(?:的{_ZH_TEXT})?|(?<=[本该])(?:研究)?(?:报告|研报))(?:显示|可知|来看|(?:中)?可以?(?:看出|得出|知道)|可得|中|里)?\s*[，,：:]\s*",
        rf"{_ZH_LEAD}{_ZH_THIS}{_ZH_OFTEN}{_ZH_SAYS}了?(?:\s*[，,：:]\s*|(?=[^的了率]{{6}}))",
        rf"{_ZH_LEAD}(?:(?:本|该|此|这一?)(?:章节?|节|部分|段落?|文|报告)的?)?(?:主要|核心)?(?:结论|要点|总结|小结|摘要)(?:是|为|如下)?\s*[:：]\s*",
        r"(?:(?:the |this )?(?:chapter|section|report|passage)(?:'s)? )?(?:main |key )?(?:conclusions?|takeaways?|summary|point)\s*:\s*",
        r"(?:改写|修改|重写|修正)(?:后的?)?(?:句子|内容|为)?\s*[:：]\s*",
    )
)
_ABOUT_TEXT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LEAD}(?:the|this|these) {_TEXT}{_OFTEN} (?:(?:discuss|describe|cover|introduce|present|summari[sz]e|outline|detail"
        r"|examine|analy[sz]e|explore|address|explain|mention|contain|include|highlight|compare|evaluate|review|list)(?:e?s)?\b"
        r"|(?:deals? with|focus(?:es)? on|is about|are about|talks? about|concludes? (?:with|by)|begins? (?:with|by)|ends? (?:with|by))"
        r"|(?:provides?|gives?|offers?) (?:an? |some |the |detailed |brief |further |more |additional )*(?:overview|summary|analysis|information|details?|insights?|discussion|description|introduction|background)\b)",
        rf"{_ZH_LEAD}(?:本|该|此|这一?|上述|以上|这些|这[段份篇])(?:章节?|节|部分|段话?|段落|资料|材料|文段?|文本|报告|研报|摘要|内容){_ZH_OFTEN}"
        r"(?:对.{1,40}?(?:进行|作|做)了?|围绕|聚焦|针对|(?:总结|介绍|讨论|阐述|分析|描述|概述|探讨|梳理|回顾|涵盖|涉及|论述|讲述|归纳|展示|列出|列举|概括|提供|包括|包含|关注)(?!师))",
    )
)
_ABOUT_CHECK = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:\bnot|n['’]t|\bno|\bnever|\bwithout|\bnone)\b[^.;]{0,50}\b(?:on|in|by|from|within) (?:the|this|any|that|these)(?: (?:cited|given|provided|source|above|retrieved))* (?:pages?|passages?|excerpts?|source text|context)\b",
        r"\b(?:the|this|no|these)(?: (?:cited|given|provided|source))? (?:pages?|passages?|excerpts?) (?:(?:does|do|did|has|have|is|are)(?: not|n['’]t)|says?|states?|has|have|den(?:y|ies)|knows?|only|cannot|never)\b",
        r"\b(?:the|this|that|each|these|those|my|your|above|original|first|second|failed) sentences? (?:is|are|was|were|has|have|had|did|does|do|should|must|can|could|cannot|fails?|failed|above|needs?|contains?)\b",
        r"\b(?:did|does|do) not pass\b|\bpass(?:es|ed)? the check\b|\bfail(?:s|ed) the check\b",
        r"(?:页面|原文|段落|文中|所给资料)(?:上|中|里)?(?:(?:并?没有?|并?未|不)[^，。；]{0,4}(?:提|说|给|写|出现|有|包含|显示|涉|披露)|此处|的说法|说得|否定|说的是)",
        r"(?:不在|未在|没有在|未出现在|没有出现在|并未出现在)[^，。；]{0,6}(?:页面|原文|段落|资料|文中)",
        r"(?:这句话|这个句子|该句(?!子?[型式])|此句|这些句子|上面的句子|原句)|(?:没有|未能?|不能)通过[^，。]{0,8}核[对实]",
    )
)
_FIGURES = re.compile(
    r"\d|亿|万|千|百|元|港|美|人民币|倍|股|吨|人|家|台|辆|件|次|户|只|张|套|平方米|公里|瓶|箱|序号|个?百分点|基点|年|月|日|季度?|财|上?半|第|[一二三四]|约|为|是|至|到|和|及|与|分别|同比|环比|个"
    r"|\b(?:millions?|billions?|trillions?|thousands?|percent(?:age)?|per|cent|points?|bps?|bn|mn|m|k|x|pp|times|usd|rmb|eur|hkd|cny|gbp|jpy|yuan|dollars?|us|hk|nt"
    r"|fy|cy|[1-4]?q|q[1-4]?|[12]?h|h[12]?|a|e|f|years?|quarters?|months?|first|second|third|fourth|half|full|fiscal|end(?:ed|ing)?|yoy|qoq"
    r"|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|in|of|to|and|for|the|at|is|was|were|are|it|about|from|by|or|approximately|around|respectively|compared|versus|vs)\b",
    re.IGNORECASE,
)  # fmt: skip
_GLUED = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")


def unframed(sentence: str) -> str:
    """The sentence without what it says of the text it was made from, in front."""
    for frame in _FRAMES:
        if match := frame.match(sentence):
            rest = sentence[match.end() :]
            return rest[:1].upper() + rest[1:]
    return sentence


def is_about_text(sentence: str) -> bool:
    """Whether it says what a text is about, and nothing of the matter: `This passage discusses the outlook.`"""
    return any(pattern.match(sentence) for pattern in _ABOUT_TEXT)


def is_about_check(sentence: str) -> bool:
    """Whether it speaks of sentences that did not pass, or of what a page has not."""
    return any(pattern.search(sentence) for pattern in _ABOUT_CHECK)


def has_own_words(sentence: str) -> bool:
    """Whether it has a word besides figures, their units, their dates and what joins them: `2024年：15%` has none."""
    rest = _FIGURES.sub("", _GLUED.sub(" ", sentence))
    return any(char.isalpha() for char in rest)
