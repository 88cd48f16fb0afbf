"""A name or a text in, canonical publisher names out: the alias file of brokers and research houses.

The bundled `publishers.json` is a list of objects `{"name", "aliases", "ambiguous", "except"}`. An ambiguous alias is a
common word too (方正, 银河, GS): it counts in a text only beside a word of the trade (证券, 研报, Research), but always when
it is given as the whole name. `except` lists phrases that hold an alias and mean something else (中金所).
A user file of the same form adds entries and aliases; where it claims a bundled alias, the user's entry wins.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rag.errors import ConfigurationError, UsageError

BUNDLED = Path(__file__).with_name("publishers.json")

_LEGAL = "股份有限公司|有限责任公司|有限公司|公司|研究所|研究院|研究部|研究中心|研发中心|研究"
_SUFFIX = re.compile(
    rf"(?:{_LEGAL}|[,.]?\s*\b(?:co\.?,? ltd\.?|company limited|limited|ltd\.?|inc\.?|llc|plc|corporation|group|research))$"
)
# The exchange, its newspaper, its index and funds all begin like a broker: 上海证券交易所, 华安证券投资基金.
_NOT_BROKER = "(?!交易所|投资基金|综合指数|登记结算|报(?!告))"
_TRADE_AFTER = re.compile(
    rf"\s*[的、]?\s*(?:(?:证券|證券){_NOT_BROKER}|研究|研报|研報|报告|報告|分析师|分析師|首席|宏观|策略|固收|金工|投行|团队|"
    r"(?:global |equity )?research\b|securities\b|analysts?\b|strategists?\b|economists?\b|reports?\b|notes?\b|capital\b)"
)
_TRADE_BEFORE = re.compile(
    r"(?:券商|卖方|投行|研报|analysts? (?:at|from)|reports? (?:by|from)|research (?:by|from))[：:\s]*$"
)
_LEGAL_ZH = r"(?:股份有限公司|有限责任公司|有限公司|研究所|研究院|研发中心|研究中心|研究部)"
_LONG_FORM = re.compile(r"有限公司$|.{4}(?:研究所|研究院|研究部|研究中心|研发中心)$")
_WHOLE = ("证券", "證券", "国际", "國際", "中期")  # how the short name of a house ends
_UNLISTED_ZH = re.compile(
    r"(?:^|[\s：:，,、；;（(《“|归于由供])((?!本|该|从事|公司|国内|有价|中国证券|上海证券交)[\u4e00-\u9fff]{2,6}?"
    rf"(?:证券|国际|资管|期货|金控))(?:[（(][\u4e00-\u9fff]{{2,4}}[)）])?(?:{_LEGAL_ZH}|(?<=证券)(?=\s*[|｜·•]|$))"
)
_UNLISTED_EN = re.compile(
    r"\b((?!(?:Equity|Global|Company|Investment|Industry|Source|Market|Strategy|Macro|Recent|Related|United|Director|"
    r"Associate|Head|Senior|All|Our|This|The Research|Marketable|Defaults|Upon|Employees|Liquidity|Human|Working|Venture|Debt|"
    r"Available|Trading|Unregistered|Registered|Regulatory|Government|Share|Sales|Purchases|Additional|Invested)\b)"
    r"[A-Z][\w’.-]*(?:\s+(?:&|and|of|[A-Z][\w&'’.-]*)){0,4}?(?<!\band)\s+"
    r"(?:Securities|Research Center|Research|Capital Markets|Capital|Institute|Advisors|Asset Management))\b"
)
_MAX_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A publisher named in a text: `text[start:end]` is the alias as written."""

    canonical: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One house of the alias file."""

    name: str
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()


class Publishers:
    """Knows every house by its aliases. Equality ignores case, width and runs of spaces."""

    def __init__(self, entries: Iterable[Entry], user_entries: Iterable[Entry] = ()) -> None:
        user = tuple(user_entries)
        claimed = {fold_name(name) for entry in user for name in _all_names(entry)}
        bundled = (_without(entry, claimed) for entry in entries)
        self._entries = _merge((*bundled, *user))
        self._names: dict[str, list[str]] = {}
        for entry in self._entries:
            for name in _all_names(entry):
                owners = self._names.setdefault(fold_name(name), [])
                if entry.name not in owners:
                    owners.append(entry.name)
        self._ambiguous = {fold_name(alias) for entry in self._entries for alias in entry.ambiguous}
        self._exceptions = {fold_name(phrase) for entry in self._entries for phrase in entry.exceptions}

    @classmethod
    def load(cls, user_file: Path | None = None) -> Publishers:
        """The bundled houses and those of `user_file`. Raises ConfigurationError naming file and entry."""
        return cls(_read_entries(BUNDLED), _read_entries(user_file) if user_file else ())

    def canonical(self, name: str, known: Sequence[str] = ()) -> str:
        """The canonical name of `name`; `known` are further right names, such as those of the catalog."""
        folded = fold_name(name)
        others = {fold_name(other): other for other in known}
        owners = self._names.get(folded) or ([others[folded]] if folded in others else None)
        while owners is None and (shorter := _SUFFIX.sub("", folded).strip()) not in ("", folded):
            folded = shorter
            owners = self._names.get(folded)
        if owners is None:
            nearest = self._nearest(folded, others)
            hint = f"nearest: {', '.join(nearest)}" if nearest else "nothing in the list is near it"
            raise UsageError(f"unknown publisher {name!r}: expected a name or alias of the list; {hint}", nearest)
        if len(owners) > 1:
            raise UsageError(f"publisher {name!r} is ambiguous: say which of {', '.join(owners)}", owners)
        return owners[0]

    def aliases(self, canonical: str) -> tuple[str, ...]:
        """Every way to write a canonical name, itself first; only itself for a house that is not in the file."""
        for entry in self._entries:
            if entry.name == canonical:
                return _all_names(entry)
        return (canonical,)

    def find(self, text: str) -> tuple[Mention, ...]:
        """The houses a text names, in order, the longest alias at each place; aliases of several houses are left out."""
        folded, origin = _fold_text(text)
        mentions = []
        position = 0
        while position < len(folded):
            pattern = self._patterns.get(folded[position])
            match = pattern.match(folded, position) if pattern else None
            if match is None:
                position += 1
                continue
            position = match.end()
            alias = " ".join(match[0].split())
            owners = () if alias in self._exceptions else self._names[alias]
            if len(owners) == 1 and (alias not in self._ambiguous or _in_trade(folded, match)):
                mentions.append(Mention(owners[0], origin[match.start()], origin[match.end() - 1] + 1))
        return tuple(mentions)

    def find_unlisted(self, text: str) -> tuple[Mention, ...]:
        """What is named like a house (XX证券股份有限公司, Xx Securities) and is not in the list; the name as written."""
        listed = self.find(text)
        mentions = []
        for pattern in (_UNLISTED_ZH, _UNLISTED_EN):
            for match in pattern.finditer(text):
                start, end = match.span(1)
                if not any(m.start < end and start < m.end for m in listed):
                    mentions.append(Mention(" ".join(match[1].split()), start, end))
        return tuple(mentions)

    def user_words(self) -> tuple[str, ...]:
        """Chinese short names a tokeniser must keep whole. Legal names, desks and what only goes on after a short name
        (交银国际证券) stay out: as one token they'd hide the short one.
        """
        words: set[str] = set()
        for entry in self._entries:
            names = {n for n in (entry.name, *entry.aliases) if re.fullmatch(r"[\u4e00-\u9fff]{2,8}", n)}
            whole = tuple(name for name in names if name.endswith(_WHOLE))
            words |= {
                n for n in names if not _LONG_FORM.search(n) and not any(n.startswith(w) and n != w for w in whole)
            }
        return tuple(sorted(words))

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits that change when any entry does."""
        rows = sorted((e.name, sorted(e.aliases), sorted(e.ambiguous), sorted(e.exceptions)) for e in self._entries)
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        """First character -> the aliases and exceptions that begin with it, longest first: a text is scanned fast."""
        groups: dict[str, list[str]] = {}
        for name in sorted(self._exceptions | set(self._names), key=lambda name: (-len(name), name)):
            groups.setdefault(name[0], []).append(_alias_pattern(name))
        return {first: re.compile("|".join(parts)) for first, parts in groups.items()}

    def _nearest(self, folded: str, others: dict[str, str]) -> tuple[str, ...]:
        written = {**{alias: owners[0] for alias, owners in self._names.items()}, **others}
        holding = [
            alias for alias in written if len(folded) > 1 and (folded in alias or (len(alias) > 1 and alias in folded))
        ]
        holding.sort(key=lambda alias: (abs(len(alias) - len(folded)), alias))
        close = difflib.get_close_matches(folded, written, n=_MAX_CANDIDATES, cutoff=0.5)
        return tuple(dict.fromkeys(written[alias] for alias in (*holding, *close)))[:_MAX_CANDIDATES]


def fold_name(name: str) -> str:
    """A name without case, width, accents and doubled spaces."""
    return " ".join(_fold_text(name)[0].split())


def _fold_text(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the index of the character of `text` it came from."""
    folded: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        for plain in unicodedata.normalize("NFKD", char).casefold():
            if not unicodedata.combining(plain):
                folded.append("'" if plain == "’" else plain)
                origin.append(index)
    return "".join(folded), origin


def _alias_pattern(name: str) -> str:
    body = r"\s+".join(re.escape(word) for word in name.split(" "))
    before = "(?<![a-z0-9])" if re.match("[a-z0-9]", name) else ""
    after = "(?![a-z0-9])" if re.search("[a-z0-9]$", name) else _NOT_BROKER if name.endswith(("证券", "證券")) else ""
    return before + body + after


def _in_trade(folded: str, match: re.Match[str]) -> bool:
    """Whether a word of the trade stands right beside an ambiguous alias."""
    before = folded[max(0, match.start() - 24) : match.start()]
    return bool(_TRADE_AFTER.match(folded, match.end()) or _TRADE_BEFORE.search(before))


def _all_names(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys((entry.name, *entry.aliases, *entry.ambiguous)))


def _without(entry: Entry, claimed: set[str]) -> Entry:
    """The entry without aliases that a user entry claims. Its own name stays: reports may already bear it."""
    return replace(
        entry,
        aliases=tuple(alias for alias in entry.aliases if fold_name(alias) not in claimed),
        ambiguous=tuple(alias for alias in entry.ambiguous if fold_name(alias) not in claimed),
    )


def _merge(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    merged: dict[str, Entry] = {}
    for entry in entries:
        old = merged.get(entry.name, Entry(entry.name))
        merged[entry.name] = Entry(
            entry.name,
            tuple(dict.fromkeys((*old.aliases, *entry.aliases))),
            tuple(dict.fromkeys((*old.ambiguous, *entry.ambiguous))),
            tuple(dict.fromkeys((*old.exceptions, *entry.exceptions))),
        )
    return tuple(merged.values())


def _read_entries(path: Path) -> tuple[Entry, ...]:
    try:
        rows: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ConfigurationError(f"publisher file {path} cannot be read as JSON: {exc}") from exc
    if not isinstance(rows, list):
        raise ConfigurationError(f"publisher file {path}: expected a list of entries, found {type(rows).__name__}")
    return tuple(_read_entry(path, number, row) for number, row in enumerate(rows, start=1))


def _read_entry(path: Path, number: int, row: object) -> Entry:
    name = row.get("name") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(name, str) or not fold_name(name):
        raise ConfigurationError(
            f'publisher file {path}, entry {number}: expected an object with a "name", found {row!r}'
        )
    where = f"publisher file {path}, entry {number} ({name})"
    lists: dict[str, tuple[str, ...]] = {"aliases": (), "ambiguous": (), "except": ()}
    if unknown := sorted(map(str, row.keys() - lists.keys() - {"name"})):
        raise ConfigurationError(f"{where}: unknown key {unknown[0]!r}; expected name, {', '.join(lists)}")
    for key in lists.keys() & row.keys():
        words = row[key]
        if not isinstance(words, list) or not all(isinstance(word, str) and fold_name(word) for word in words):
            raise ConfigurationError(f"{where}: {key!r} must be a list of non-empty strings, found {words!r}")
        lists[key] = tuple(words)
    return Entry(name, lists["aliases"], lists["ambiguous"], lists["except"])
