"""A claim without regard to its figures: whether the page says of one what the claim says of another.

`Kelpa was hurt by weak demand, while Musso gained from price rises` for the two the other way round; `M1 leads M2` for M2
leads M1; `Musso was hurt by weak demand` where the page says so of Kelpa. Refused on a contradiction only: each half of the
claim begins with words of one clause of the page and goes on with those of another, crosswise, or another name stands before
the very words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rag.names import leading_name
from rag.numbers import Number, is_year
from rag.places import places_of
from rag.quantities import BAR, agree, is_date
from rag.segments import Segment, segments_of
from rag.sparse import bigrams
from rag.text import fold, language_of
from rag.wording import words_of

_PART = re.compile(
    r"[，；;。！？]|,(?!\d{3}(?!\d))|[.!?](?=\s|$)|\s+-\s+|\b(?:while|whereas|but|although|and)\b|而(?!且|是|言)|但是?",
    re.IGNORECASE,
)
_LEADS = re.compile(  # one side before, the other behind: who is ahead of whom
    r"领先于?|落后于?|高于|低于|超过|优于|劣于|快于|慢于|大于|小于|强于|弱于|收购|控股"
    r"|\b(?:leads?|led|lagg?(?:s|ed)?|trail(?:s|ed)?|exceed(?:s|ed)?|outperform(?:s|ed)?|underperform(?:s|ed)?|outpaced?|overt(?:akes?|ook)"
    r"|surpass(?:es|ed)?|acquired?|(?:higher|lower|larger|smaller|faster|slower|greater|more|less|better|worse) than|ahead of|behind|above|below)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(r"\s*(?:(?:while|whereas|but|although)\b|而|但)", re.IGNORECASE)
_PASSIVE = re.compile(r"被|\bby\b|之间|\bbetween\b", re.IGNORECASE)
_WIDE = re.compile(r"我国|全?行业|全市场|\bindustry\b", re.IGNORECASE)
_WE = re.compile(r"(?<![子分])公司|本集团|我们|\b(?:the company|we|our|its|group)\b", re.IGNORECASE)
_MANY = re.compile(  # others of its kind, one of which the company may be; their country and trade
    r"企业|厂商|商家|品牌商|同业|同行|竞争对手|(?:各|众多|不少|多家|部分|一些)公司|我国|国内|全国|全球|[一-鿿]业(?=[一-鿿]{0,4}[率量额])"
    r"|\b(?:companies|firms|manufacturers|producers|players|peers|competitors|rivals)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"[\s（()）\d年月日季度至-]*|(?:'s)?[\s\w]{0,3}\s*")
_LETTERS = re.compile(r"[\W_]+")
_LEAST_CUT = 8  # letters of a clause that is known by its words
_LONGEST_NAME = 20
_LISTED = re.compile(r"(?:[“\"「][^“”\"」，。]{2,16}[”\"」](?:、|和|与|及|以及|,\s|,?\s(?:and|or)\s|\s)*){2,}")
_ITEM = re.compile(r"[“\"「]([^“”\"」]+)[”\"」]")
_LEAST_OF_SOME = 6
_NOWHERE = 0.3  # share below which the page does not say it of a name
_LEAST = 2  # words of a part on each side together
_HELD = 0.6  # share of a claim's part that the two clauses of the page must have
_SAME = 0.75  # share of what is said beside a name that the clause of another name must have
_LEAST_SAID = 3
_OWN = 0.5  # share from which the page may say it of the name itself
_KNOWN = 2  # times that a page names one of whom it goes on to speak
_NEAR = 1  # sentences between the two clauses


def swapped(sentence: str, page_text: str) -> Segment | None:
    """The segment that says it of another; None where the page may say so."""
    page = [segment for segment in segments_of(page_text) if not segment.is_cell and BAR not in segment.text]
    return _crosswise(sentence, page) or _turned(sentence, page)


def other_subject(sentence: str, page_text: str) -> Segment | None:
    """The clause of the page that says of another name what a clause of the sentence says of its own.

    A clause is of the name that it begins with, else of the one that a clause before it in its sentence begins with.
    """
    page = [segment for segment in segments_of(page_text) if not segment.is_cell]
    carried: str | None = None
    for place, part in enumerate(_parts(sentence)):
        own = leading_name(part, page_text, anywhere=place > 0)
        carried = own or carried
        if carried is None or _times(carried, page_text) < (1 if own else _KNOWN):
            continue
        said = frozenset(bigrams(part)) - frozenset(bigrams(carried))
        if len(said) < _LEAST_SAID or any(_share(said, s) >= _OWN and _has(s, carried) for s in page):
            continue
        saying = [s for s in page if _share(said, s) >= _SAME]
        if saying and all(_is_of_another(s, carried, sentence, page, page_text) for s in saying):
            return saying[0]
    return None


def of_some(sentence: str, page_text: str) -> Segment | None:
    """A clause that says of one what the sentence says of several listed, where the page says it of the others nowhere."""
    for part in _parts(sentence):
        listed = _LISTED.match(part)
        names = _ITEM.findall(listed[0]) if listed is not None else []
        said = frozenset(bigrams(part[listed.end() :])) if listed is not None else frozenset()
        if len(names) < 2 or len(said) < _LEAST_OF_SOME or any(fold(name) not in fold(page_text) for name in names):
            continue
        share: dict[str, tuple[float, Segment]] = {}
        for place in places_of(page_text):
            told = page_text[place.start : place.end]
            for name in names:
                found = len(said & frozenset(bigrams(told))) / len(said) if fold(name) in fold(told) else 0.0
                if found > share.get(name, (0.0, place.segments[0]))[0]:
                    share[name] = (found, place.segments[0])
        best = max((share[name] for name in share), key=lambda one: one[0], default=None)
        if (
            best
            and best[0] >= _HELD
            and any(share.get(name, best)[0] < _NOWHERE or name not in share for name in names)
        ):
            return best[1]
    return None


def _is_of_another(segment: Segment, name: str, sentence: str, page: Sequence[Segment], page_text: str) -> bool:
    """Whether a clause is of a name that the sentence has not: the one it begins with, or the last before it in its sentence."""
    if _told_before(segment, page, name):
        return False
    before = [s for s in page if s.sentence == segment.sentence and s.start <= segment.start]
    names = [leading_name(s.text, page_text, anywhere=s is not before[0]) for s in reversed(before)]
    other = next((found for found in names if found is not None), None)
    if other is None or fold(other) in fold(sentence):
        return False
    return names[0] is not None or _times(other, page_text) >= _KNOWN


def _times(name: str, text: str) -> int:
    return fold(text).count(fold(name))


def _told_before(best: Segment, page: Sequence[Segment], name: str) -> bool:
    """Whether the sentence of a segment has the name by then and may go on about it, with no word of contrast between."""
    return _CONTRAST.match(best.text) is None and any(
        s.sentence == best.sentence and s.start <= best.start and _has(s, name) for s in page
    )


def _has(segment: Segment, name: str) -> bool:
    return fold(name) in fold(segment.text)


def _share(said: frozenset[str], segment: Segment) -> float:
    return len(said & frozenset(bigrams(segment.text))) / len(said) if said else 0.0


# --- no subject, and one too many ------------------------------------------------------------------------------------


def cut_off(sentence: str, page_text: str) -> Segment | None:
    """The clause that a Chinese sentence begins with from its middle on, without the name in front: of whom, one must guess."""
    first = _LETTERS.sub("", fold(_parts(sentence)[0])) if _parts(sentence) else ""
    cut: Segment | None = None
    for segment in segments_of(page_text) if len(first) >= _LEAST_CUT and language_of(first) == "zh" else ():
        for part in _parts(segment.text):
            whole = _LETTERS.sub("", fold(part))
            if segment.is_cell or not whole.endswith(first):
                continue
            name = leading_name(part, page_text, anywhere=True) if whole != first else None
            if name is None or fold(name) in fold(sentence):
                return None
            cut = cut or segment
    return cut


def of_all(sentence: str, claimed: Sequence[Number], page_text: str, about: str) -> Segment | None:
    """The clause that says of many companies, or whose figure is of a whole industry or country, what the sentence tells of
    the report's company."""
    name = _named_in(about, sentence) or ("公司" if sentence.startswith("公司") else "")
    rest = sentence[len(name) :]
    wide = _WIDE.search(rest)
    many = _of_many(rest, name, page_text) if name else None
    if many is not None or not name or (wide is not None and not _DATE.fullmatch(rest[: wide.start()])):
        return many
    for number in claimed:
        if is_year(number) or is_date(sentence, number):
            continue
        stating = [s for s in segments_of(page_text) if any(agree(number, other) for other in s.numbers)]
        if stating and all(_is_of(_WIDE, s, name, page_text) for s in stating):
            return stating[0]
    return None


def _of_many(said: str, name: str, page_text: str) -> Segment | None:
    """The first clause that says it, where all that do are of many companies, and of neither this one nor `us`."""
    first = next(iter(_parts(said)), "")
    words = words_of(first)
    if len(words) < _LEAST_OF_SOME or _MANY.search(first) or _WIDE.search(first):
        return None
    saying: dict[int, Segment] = {}
    for segment in segments_of(page_text):
        held = len(words & segment.terms)
        told = saying.get(segment.sentence)
        if len(words & segment.around) >= _HELD * len(words) and held > (len(words & told.terms) if told else 0):
            saying[segment.sentence] = segment
    found = list(saying.values())
    return found[0] if found and all(_is_of(_MANY, s, name, page_text) for s in found) else None


def _is_of(whom: re.Pattern[str], segment: Segment, name: str, page_text: str) -> bool:
    """Whether a clause, or what stands before it in its sentence, is of these and names neither the company nor `us`."""
    before = [s.text for s in segments_of(page_text) if s.sentence == segment.sentence and s.start <= segment.start]
    told = "".join(before)
    return whom.search(told) is not None and fold(name) not in fold(told) and not _WE.search(told)


def _named_in(about: str, sentence: str) -> str:
    """The longest beginning of a sentence that the line on the report has, of two han or a whole Latin word at least."""
    known = fold(about)
    for end in range(min(len(sentence), _LONGEST_NAME), 1, -1):
        begun = sentence[:end]
        if fold(begun) in known and any(map(str.isalpha, begun)) and not (begun + sentence[end : end + 1]).isascii():
            return begun
        if (
            begun.isascii()
            and re.search(rf"\b{re.escape(fold(begun))}\b", known)
            and not sentence[end : end + 1].isalnum()
        ):
            return begun
    return ""


# --- two halves, crosswise -------------------------------------------------------------------------------------------


def _crosswise(sentence: str, page: Sequence[Segment]) -> Segment | None:
    for one, other in pairwise(_parts(sentence)):
        first, second = _words(one), _words(other)
        if min(len(first), len(second)) < _LEAST:
            continue
        for segment, left, right in _pairs(page):
            if _is_crossed(first, second, left, right) and not any(
                _holds(part, words) for part in (first, second) for _, words in _units(page)
            ):
                return segment
    return None


def _is_crossed(first: Sequence[str], second: Sequence[str], left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether one part goes from the left to the right clause, and the other from the right to the left one."""
    runs = []
    for part in (first, second):
        sides = "".join("L" if word in left else "R" for word in part if (word in left) != (word in right))
        held = sum(1 for word in part if word in left or word in right)
        if held < _HELD * len(part):
            return False
        runs.append(re.sub(r"(.)\1+", r"\1", sides))
    return sorted(runs) == ["LR", "RL"]


def _holds(part: Sequence[str], words: frozenset[str]) -> bool:
    return sum(1 for word in part if word in words) >= 0.9 * len(part)


def _pairs(page: Sequence[Segment]) -> Iterator[tuple[Segment, frozenset[str], frozenset[str]]]:
    """Each two clauses that stand one after the other, in one sentence or in two."""
    units = list(_units(page))
    for (segment, left), (following, right) in pairwise(units):
        if following.sentence - segment.sentence <= _NEAR and len(left) >= _LEAST <= len(right):
            yield segment, left, right


def _units(page: Sequence[Segment]) -> Iterator[tuple[Segment, frozenset[str]]]:
    for segment in page:
        for part in _parts(segment.text):
            yield segment, frozenset(_words(part))


# --- one before, one behind ------------------------------------------------------------------------------------------


def _turned(sentence: str, page: Sequence[Segment]) -> Segment | None:
    """`M1 leads M2` where the page has M2 leading M1, and nowhere M1 leading M2."""
    for part in _parts(sentence):
        mine = _sides(part)
        if mine is None:
            continue
        found: Segment | None = None
        for segment in page:
            there = _sides(segment.text) if _LEADS.search(segment.text) else None
            if there is None or there[0] != mine[0]:
                continue
            _, before, behind = mine
            if before & there[1] - there[2] and behind & there[2] - there[1]:
                found = None
                break
            if before and behind and before <= there[2] - there[1] and behind <= there[1] - there[2]:
                found = found or segment
        if found is not None:
            return found
    return None


def _sides(part: str) -> tuple[str, frozenset[str], frozenset[str]] | None:
    """The word between the two sides, and the words of each that the other has not; None where there are not two."""
    found = list(_LEADS.finditer(part))
    if len(found) != 1 or _PASSIVE.search(part):
        return None
    before, behind = frozenset(bigrams(part[: found[0].start()])), frozenset(bigrams(part[found[0].end() :]))
    return fold(found[0][0]).rstrip("于s"), before - behind, behind - before


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _PART.split(text) if part.strip())


@lru_cache(maxsize=4096)
def _words(part: str) -> tuple[str, ...]:
    return tuple(word for word in bigrams(part) if not word[0].isdigit())
