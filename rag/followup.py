"""A question and the one before it to a question that can be understood by itself; rules, no model.

A follow-up names what it replaces (`and CICC?`, `那2025年呢？`), points back (`its target price`, 它的目标价), asks on (`why?`) or
asks for a quantity of nobody (`毛利率是多少？`). Anything else is taken as it stands: a question that can be understood by
itself is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain import Language
from rag.slots import Reader, Slot, SlotName, Slots
from rag.text import language_of

_OPENS = re.compile(
    r"^\s*(?:(?:and|but|or|so|then|also|ok(?:ay)?|now),?\s+)*(?:what about|how about|what of|same (?:question )?for|and for|and in|and|or)\b[\s,]*"
    r"|^\s*(?:那么?|还有|以及|换成|同样|另外|再看|再说)[，,\s]*",
    re.IGNORECASE,
)
_CLOSES = re.compile(r"(?:\s*(?:呢|又如何|又怎么样|怎么样|如何|then|too|instead)?\s*[?？。.!！]*)\s*$", re.IGNORECASE)
_ELLIPSIS = re.compile(r"呢\s*[?？]?\s*$")
_WHY = re.compile(
    r"^\s*(?:and\s+|but\s+|so\s+)?(?:why(?: so| not| is that| is this)?|how come|how so|for what reasons?)\s*[?.!]*\s*$"
    r"|^\s*(?:那|这)?是?(?:为什么|为何|为啥|什么原因|原因是什么|理由是什么|原因|理由|依据是什么|依据)呢?\s*[?？。]*\s*$",
    re.IGNORECASE,
)
_IS_IMPERSONAL = r"(?!\s+(?:is\s+)?(?:true|possible|likely|fair|correct|reasonable|the case|safe|ok|worth|expected|clear|mean|take|make sense)\b)"
_POINTS_EN = re.compile(
    rf"\b(?P<word>it{_IS_IMPERSONAL}|its|they|their|them|this company|that company|the company|this stock|the stock|this (?:broker|house)|that (?:broker|house))\b",
    re.IGNORECASE,
)
# Before a word that points back nothing may stand that it could mean.
_NO_NAME_EN = re.compile(
    r"(?:\b(?:and|but|or|so|then|also|ok|what|how|why|when|where|which|who|about|does|do|did|is|are|was|were|will|would|can|could|should|has|have|had"
    r"|much|many|far|fast|long|high|big|of|for|in|at|on|by|to|from|the|a|be|there|any|expect(?:ed)?|think|see|say|according|reasons?|behind|with)\b|['’]s|[\s,'’-])*",
    re.IGNORECASE,
)
_POINTS_ZH = re.compile(
    r"(?P<word>它们?|他们|她们|该公司|这家公司|那家公司|该股|这只股票|该券商|该机构|该行|这家(?:券商|机构)|其(?=的|目标价|评级|毛利率|净利|营收|收入|业绩|估值|股价))"
)
_NO_NAME_ZH = re.compile(
    r"(?:那么?|还有|以及|那|对|在|关于|至于|请问|为什么|为何|怎么|如何|看|预计|预测|认为|是|会|又|再|也|说|[\s，,的])*"
)
_POINTS_TO_HOUSE = re.compile(r"they|their|them|broker|house|券商|机构|该行|他们|她们", re.IGNORECASE)
_POINTS_TO_COMPANY = re.compile(r"company|stock|公司|该股|股票", re.IGNORECASE)
# Quantities that belong to a company: asked for alone, they are of the one before.
_OF_COMPANY = re.compile(
    r"目标价|评级|毛利率|净利率|净利润|归母净利润|营业?收入?|营收|每股收益|市盈率|市净率|估值|股价|盈利预测|净资产收益率|资产负债率|分红|股息率"
    r"|\b(?:target price|price target|rating|gross margin|net margin|operating margin|net profit|net income|revenue|sales|eps|roe|p/e|valuation|dividend|capex|ebitda)s?\b"
)
# What a quantity does and a company does not.
_MOVES = re.compile(
    r"上升|下降|提升|改善|收窄|扩大|回升|回落|恶化|上涨|下跌|\b(?:improve|widen|narrow|rise|fall|recover|decline|increase|decrease|drop)(?:s|d|ed|ing)?\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|its|their|a)\s+", re.IGNORECASE)
_SHORT: dict[Language, int] = {"zh": 22, "en": 60}  # characters of a follow-up that names another topic


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules over what a reader finds."""

    reader: Reader

    def resolve(self, question: str, before: str) -> str:
        """The question by itself, given the one before, which is understood by itself; as it is where it needs nothing."""
        now, past = self.reader.read(question), self.reader.read(before)
        resolved = self._resolved(now, past)
        return question if resolved == now.question else resolved

    def may_depend(self, question: str) -> bool:
        """Whether a question may be a follow-up: it opens, ends or points back like one, or is short and names nothing."""
        now = self.reader.read(question)
        text = now.question
        marked = any(pattern.search(text) for pattern in (_OPENS, _ELLIPSIS, _WHY, _POINTS_EN, _POINTS_ZH))
        return marked or (not now.found and len(text) <= _SHORT[language_of(text)])

    def _resolved(self, now: Slots, past: Slots) -> str:
        text = now.question
        if _WHY.match(text):
            return _asking_why(past, text)
        pointed = _points(now)
        short = _ELLIPSIS.search(text) is not None or _OPENS.match(text) is not None
        if pointed is not None and not now.of("company") and not now.of("publisher"):
            return _pointing(now, past, pointed, short)
        if not now.rest and now.found and not now.of("term"):
            return _replacing(now.found, past)
        return self._asking_on(now, past, short)

    def _asking_on(self, now: Slots, past: Slots, short: bool) -> str:
        """A follow-up that names a topic of its own."""
        text = now.question
        quantity = _OF_COMPANY.search(now.rest)
        named = now.of("company") or now.of("publisher")
        if short and len(text) <= _SHORT[language_of(text)] and not _is_whole(now):
            topic = _bare(text, now.found)
            if topic:
                return _about(topic, now, past)
        if quantity and not named and past.of("company") and not _bare_rest(now.rest, quantity):
            return _about(_bare(text, now.found) or quantity[0], now, past)
        return text


# --- the ways to complete --------------------------------------------------------------------------------------------


def _asking_why(past: Slots, text: str) -> str:
    stem = past.question.rstrip(" ?？.。!！")
    if language_of(past.question) == "zh":
        return f"{stem}，为什么？"
    return f"{stem}, and why?" if language_of(text) == "en" else f"{stem}，为什么？"


def _pointing(now: Slots, past: Slots, pointed: re.Match[str], short: bool) -> str:
    """What the word stands for in its place; as it is where the turn before names nothing that it can mean."""
    means = _meant(pointed["word"], past)
    if means is None:
        return now.question
    start, end = pointed.span("word")
    text, genitive = now.question, pointed["word"].lower() in ("its", "their")
    meant = means.text
    if means.name == "company" and len(past.of("term")) == 1 and not now.of("term") and _MOVES.search(text):
        meant = _possessed(meant, past.of("term")[0].text)
    named = text[:start] + (_possessed(meant, "").rstrip() if genitive else meant) + text[end:]
    if not short:
        return _without_opening(named)
    topic = _bare(text[:start] + text[end:], [_moved(slot, start, end) for slot in now.found])
    return _about(topic, now, past, means) if topic else _without_opening(named)


def _replacing(named: Sequence[Slot], past: Slots) -> str:
    """The question before, with each slot that is named in place of its own."""
    text = past.question
    missing: list[Slot] = []
    for name in ("publisher", "company", "period"):
        new = [slot for slot in named if slot.name == name]
        old = past.of(name)
        if new and old:
            told = _run_of(new)
            if name == "period":
                told = _with_year(told, old)
            text = _put(text, old, told)
            past = Slots(text, _reread(past, text), past.rest)
        else:
            missing += new
    return _with_missing(text, missing) if missing else text


def _about(topic: str, now: Slots, past: Slots, means: Slot | None = None) -> str:
    """Another topic, asked of the publisher, company and period of the turn before where it names none itself."""
    old = past.of("term")
    keeps = [slot for slot in now.found if slot.name != "term"]
    if means is None and len(old) == 1 and not _has_other_words(past, old[0], now):
        text = past.question[: old[0].start] + topic + past.question[old[0].end :]
        moved = Slots(text, _reread(past, text), past.rest)
        return _replacing(keeps, moved) if keeps else text
    names: tuple[SlotName, ...] = ("publisher", "company", "period")
    slots = {name: _texts([slot for slot in keeps if slot.name == name] or past.of(name)) for name in names}
    if means is not None:
        slots[means.name] = means.text
    return _composed(topic, slots, language_of(now.question))


def _composed(topic: str, slots: dict[SlotName, str], language: Language) -> str:
    house, company, period = (slots.get(name, "") for name in ("publisher", "company", "period"))
    if language == "zh":
        period = period + "年" if re.fullmatch(r"\d{4}", period) else period
        about = f"{company}{period}{'的' if company or period else ''}{topic}"
        return (
            f"{house}怎么看{about}？"
            if house
            else f"{about}？"
            if about.endswith(("多少", "什么"))
            else f"{about}如何？"
        )
    of = f"{' of ' + company if company else ''}{' in ' + period if period else ''}"
    about = _ARTICLE.sub("", topic)
    return f"What does {house} say about the {about}{of}?" if house else f"What is the {about}{of}?"


def _possessed(name: str, thing: str) -> str:
    """`Kelpworks' margin`, `海湾电力的毛利率`."""
    if language_of(name + thing) == "zh":
        return f"{name}的{thing}"
    return f"{name}{chr(39) if name.endswith('s') else chr(39) + 's'} {thing}"


def _with_missing(text: str, missing: Sequence[Slot]) -> str:
    """The question limited to what it did not name before."""
    stem, end = text.rstrip(" ?？.。"), "？" if language_of(text) == "zh" else "?"
    for slot in missing:
        if language_of(text) == "zh":
            told = f"{slot.text}年" if slot.name == "period" and re.fullmatch(r"\d{4}", slot.text) else slot.text
            stem = f"{told}：{stem}" if slot.name == "publisher" else f"{told}{stem}"
        else:
            word = {"publisher": "according to", "company": "for", "period": "in"}[slot.name]
            joined = "" if slot.name == "period" and re.match(r"(?:last|this|next)\b", slot.text, re.I) else f"{word} "
            stem = f"{stem} {joined}{slot.text}"
    return stem + end


# --- their parts -----------------------------------------------------------------------------------------------------


def _points(now: Slots) -> re.Match[str] | None:
    """The word that points back, where nothing before it could be meant."""
    language = language_of(now.question)
    pattern, clear = (_POINTS_ZH, _NO_NAME_ZH) if language == "zh" else (_POINTS_EN, _NO_NAME_EN)
    match = pattern.search(now.question)
    return match if match and clear.fullmatch(now.question[: match.start()]) else None


def _meant(word: str, past: Slots) -> Slot | None:
    """The company, topic or publisher that a word points to: they say and are houses, it is a company or a topic."""
    orders: tuple[SlotName, ...] = ("company", "term", "publisher")
    if _POINTS_TO_HOUSE.search(word):
        orders = ("publisher", "company")
    elif _POINTS_TO_COMPANY.search(word):
        orders = ("company",)
    for name in orders:
        found = past.of(name)
        if len({slot.text for slot in found}) == 1:
            return found[0]
        if found:
            return None  # one of several: nobody can tell which
    return None


def _bare(text: str, slots: Sequence[Slot]) -> str:
    """The topic of a short follow-up: without what opens and closes it, and without names and periods."""
    for slot in reversed(slots):
        if slot.name != "term":
            text = text[: slot.start] + " " + text[slot.end :]
    text = _CLOSES.sub("", _OPENS.sub("", text))
    text = re.sub(
        r"^(?:\s|的|对|在|for|in|of|by|at|on)+|(?:\s|的|是|有|for|in|of|by|at|on)+$", "", text, flags=re.IGNORECASE
    )
    text = re.sub(
        r"(?:是|会)?(?:多少|什么|几)$|^(?:what|how much) (?:is|are|was|were)\s+", "", text, flags=re.IGNORECASE
    )
    return " ".join(text.split()).strip(" ,，")


def _is_whole(now: Slots) -> bool:
    """Whether what stands behind the opening asks a whole question by itself."""
    behind = _OPENS.sub("", now.question)
    if language_of(behind) == "zh":
        return bool(re.search(r"怎么|如何|什么|多少|吗|哪|是否|几", behind)) and bool(
            now.of("term") or len(now.rest) > 3
        )
    asks = re.match(
        r"(?:what|how|why|when|which|who|where|does|do|did|is|are|was|were|will|would|can|could|should)\b", behind, re.I
    )
    return asks is not None


def _bare_rest(rest: str, quantity: re.Match[str]) -> str:
    """What a question asks beside the quantity."""
    return (rest[: quantity.start()] + rest[quantity.end() :]).strip()


def _has_other_words(past: Slots, term: Slot, now: Slots) -> bool:
    """Whether the question before says more of its topic, which may not fit another one; or is in another language."""
    left = past.rest.replace(" ", "").replace(term.text.lower().replace(" ", ""), "")
    return len(left) > 4 or language_of(past.question) != language_of(now.question)


def _put(text: str, old: Sequence[Slot], told: str) -> str:
    """A text with `told` in place of the slots from the first to the last."""
    return text[: old[0].start] + told + text[old[-1].end :]


def _reread(past: Slots, text: str) -> tuple[Slot, ...]:
    """The slots of a text that was changed in one place, where they stand now."""
    found: list[Slot] = []
    place = 0
    for slot in past.found:
        at = text.find(slot.text, place)
        if at >= 0:
            found.append(Slot(slot.name, slot.text, at, at + len(slot.text)))
            place = at + len(slot.text)
    return tuple(found)


def _with_year(told: str, old: Sequence[Slot]) -> str:
    """A quarter or half with the year of the period before it, where it names none."""
    year = re.search(r"(?:19|20)\d\d", old[-1].text)
    part = re.fullmatch(
        r"(?:第?[一二三四]季度|[上下]半年|前三季度|q[1-4]|[1-4]q|h[12]|[12]h|(?:first|second|third|fourth) (?:quarter|half))",
        told,
        re.I,
    )
    if year is None or part is None:
        return f"{told}年" if re.fullmatch(r"\d{4}", told) and old[-1].text.endswith("年") else told
    return f"{year[0]}年{told}" if language_of(told) == "zh" else f"{told} {year[0]}"


def _run_of(slots: Sequence[Slot]) -> str:
    joiner = "和" if language_of("".join(slot.text for slot in slots)) == "zh" else " and "
    return joiner.join(slot.text for slot in slots)


def _texts(slots: Sequence[Slot]) -> str:
    return _run_of(slots) if slots else ""


def _moved(slot: Slot, start: int, end: int) -> Slot:
    """A slot in a text that lost `[start:end]`."""
    by = end - start if slot.start >= end else 0
    return Slot(slot.name, slot.text, slot.start - by, slot.end - by)


def _without_opening(text: str) -> str:
    rest = re.sub(
        r"^\s*(?:and|but|so|then|ok(?:ay)?|那么?|还有|以及)[，,\s]+|^那(?=[^里些个家只])", "", text, flags=re.IGNORECASE
    )
    return rest[:1].upper() + rest[1:]
