"""A clause copied from the page but for one word, in whose place another word of the page stands: `直营模式下按出厂价定价` of a
page that says so of 经销模式. For what a model wrote: a person who words freely may well use another word. Chinese only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from rag.segments import Segment, clauses_of, segments_of
from rag.text import fold, is_han

_SHORTEST = 10  # characters of a clause
_ALIKE = 0.8  # share of its characters that stand in the page's clause in order
_LEAST, _MOST = 2, 5  # characters of the word
_WITHIN = 1  # characters that both words share, side by side: 销 of 营销 and 销售
_BLANK = re.compile(r"[\s、“”\"'‘’（）()]+")
_GRAMMAR = re.compile(  # and words for which others say the same
    r"(?:[的了在也还又就都并将已而及其该是为有约中上下]|通过|凭借|利用|依托|借助|根据|按照|基于|随着|由于|因为|因此|所以|可以?|能够?|已经|目前|当前|同时|此外|另外"
    r"|并且|以及|进行|实现|具有|拥有|具备|提升|提高|增加|增长|增强|加强|达到?|大约|超过?|预计|预期|显著|明显|较为?|比较|主要|进一步|持续|不断|逐步|逐渐|开始|成为)*"
)
_BEHIND = 2  # characters behind a word that tell which one it is: 经销商 of 经销模式


def replaced(sentence: str, page_text: str, about: str = "") -> Segment | None:
    """The clause of the page; None where a clause of the page says it as the sentence does.

    `about` names the report: its company may stand for 公司, and for nothing.
    """
    page = [(segment, _BLANK.sub("", fold(segment.text))) for segment in segments_of(page_text) if not segment.is_cell]
    whole, own = _BLANK.sub("", fold(page_text)), _BLANK.sub("", fold(sentence))
    for clause in clauses_of(sentence):
        said = _BLANK.sub("", fold(clause.text)).strip("，。；,;")
        if len(said) < _SHORTEST or not is_han(said[-1]) or said in whole:
            continue
        near = [(segment, text) for segment, text in page if len(clause.terms & segment.terms) * 2 > len(clause.terms)]
        for segment, text in near:
            words = [
                w for w in _differences(text.strip("，。；,;"), said) if w[1] != "公司" and w[1] not in fold(about)
            ]
            if any(mine in whole and theirs not in own for theirs, mine in words):
                return segment
    return None


def _differences(theirs: str, mine: str) -> Iterator[tuple[str, str]]:
    """The words of two clauses that are alike in all else: theirs with what stands behind it, and mine."""
    blocks = SequenceMatcher(None, theirs, mine, autojunk=False).get_matching_blocks()
    blocks = [block for block in blocks if block.size > _WITHIN or block.size == 0]
    if sum(block.size for block in blocks) < _ALIKE * max(len(mine), len(theirs)):
        return
    there = here = 0
    for block in blocks:
        one, other = theirs[there : block.a], mine[here : block.b]
        is_word = all(_LEAST <= len(word) <= _MOST and all(map(is_han, word)) for word in (one, other))
        if is_word and not (_GRAMMAR.fullmatch(one) or _GRAMMAR.fullmatch(other)):
            yield one + theirs[block.a : block.a + min(_BEHIND, block.size)], other
        there, here = block.a + block.size, block.b + block.size
