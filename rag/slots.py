"""A question to its slots, the words that a follow-up may replace, and what is left of it without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.companies import Companies
from rag.lexicon import Lexicon
from rag.publishers import Publishers
from rag.question import named_at
from rag.text import fold, is_han

SlotName = Literal["publisher", "company", "period", "term"]
_PERIOD = re.compile(
    r"(?:fy\s?)?(?<![\d.])(?:19|20)\d\d\s*(?:财年|年度?)?(?:\s*(?:第?[一二三四1-4]个?季度?|[上下]半年|前三季度|h[12]|q[1-4]|[1-4]q|年?末|年?底|\d{1,2}月份?))?"
    r"|\b(?:q[1-4]|[1-4]q|h[12]|[12]h)(?:\s*(?:of\s+)?(?:fy\s?)?'?(?:20)?\d\d)?\b"
    r"|\b(?:first|second|third|fourth) (?:quarter|half)(?: of)?(?: (?:fy\s?)?(?:19|20)\d\d)?"
    r"|\b(?:last|this|next) (?:year|quarter)\b|[去今明前]年|第?[一二三四]季度|[上下]半年|前三季度",
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Words that ask or join, and name nothing that is asked about.
_PLAIN = re.compile(
    r"怎么(?:看|说|样|认为)?|如何(?:看待?)?|有(?:什么|何)(?:看法|观点|变化|不同)|是?(?:多少|什么|几|哪些|怎样)|看法|观点|认为|方面|情况|表现"
    r"|具体|请问|那么|那|呢|吗|吧|啊|的|是|对此?|在|又|再|也|还|和|与|同样|换成|如果|以及|还有|另外|年报|方的|又会|会|有"
    r"|\b(?:and|or|but|so|then|also|what|how|which|about|does|do|did|is|are|was|were|will|would|has|have|the|of|for|in|at|by|to|on|with|from"
    r"|say|says|said|think|thinks|see|view|views|according|as|same|question|instead|please|tell|me|again|there|too|it|much|many|case)\b"
    r"|['’]s\b|[\s,.;:?!，。；：？！、—\-()（）“”\"'’]"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """`text[start:end]` of a question, as written."""

    name: SlotName
    text: str
    start: int
    end: int

    def shows_year(self) -> bool:
        return _YEAR.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class Slots:
    """What a question names, in order; `rest` is what it asks beside names, periods and words of grammar."""

    question: str
    found: tuple[Slot, ...]
    rest: str

    def of(self, name: SlotName) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.found if slot.name == name)


@dataclass(frozen=True, slots=True)
class Reader:
    """Finds slots; `known` are publishers of the catalog, `companies` those of its reports."""

    publishers: Publishers
    lexicon: Lexicon
    companies: Companies
    known: tuple[str, ...] = ()

    def read(self, question: str) -> Slots:
        """Names first, then periods, then terms; none over another."""
        text = " ".join(question.split())
        folded = fold(text)
        if len(folded) != len(text):  # places would not fit; rare characters
            text = folded
        taken: list[Slot] = []
        spans: list[tuple[SlotName, int, int]] = [
            ("publisher", mention.start, mention.end) for mention in self.publishers.find(text)
        ]
        spans += [("publisher", *at) for name in self.known if (at := named_at(name, folded))]
        spans += [("company", start, end) for start, end in self.companies.places(text)]
        spans += [("period", *match.span()) for match in _PERIOD.finditer(folded)]
        for name, start, end in (*spans, *(("term", *span) for span in self._terms(text))):
            if not any(start < slot.end and slot.start < end for slot in taken):
                taken.append(Slot(name, text[start:end], start, end))
        found = tuple(sorted(taken, key=lambda slot: slot.start))
        return Slots(text, found, _rest(folded, [slot for slot in found if slot.name != "term"]))

    def _terms(self, text: str) -> Iterable[tuple[int, int]]:
        """Where terms stand as they are written."""
        folded = fold(text)
        for term in sorted(self.lexicon.find(text), key=lambda term: -len(term.text)):
            edge = "" if is_han(term.text[0]) else r"\b"
            match = re.search(edge + re.escape(term.text) + ("s?" if edge else "") + edge, folded)
            if match:
                yield match.span()


def _rest(folded: str, slots: Sequence[Slot]) -> str:
    for slot in reversed(slots):
        folded = folded[: slot.start] + " " + folded[slot.end :]
    return " ".join(_PLAIN.sub(" ", folded).split())
