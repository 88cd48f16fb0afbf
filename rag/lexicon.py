"""Finance terms in Chinese and English: a question to the other names of what it asks for.

The bundled `lexicon.tsv` has a concept a line: Chinese terms parted by `|`, a tab, English terms parted by `|`, the
preferred one first; lines that begin with `#` are comments. A user file of the same form adds concepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.domain import Term
from rag.errors import ConfigurationError
from rag.sparse import runs, singular
from rag.text import fold, is_han

BUNDLED = Path(__file__).with_name("lexicon.tsv")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing by all its names, the preferred ones first."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


class Lexicon:
    """Finds terms in texts. Case, width, Traditional characters and plural endings make no difference."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._concepts = tuple(concepts)
        self._by_name: dict[tuple[str, ...], Concept] = {}
        for concept in self._concepts:
            for name in (*concept.zh, *concept.en):
                self._by_name.setdefault(_key(name), concept)
        self._longest = max(map(len, self._by_name), default=0)

    @classmethod
    def load(cls, user_file: Path | None = None) -> Lexicon:
        """The concepts of `user_file` and the bundled ones; ConfigurationError naming file and line.

        Where both claim a term the user's concept has it.
        """
        return cls((*(read_concepts(user_file) if user_file else ()), *read_concepts(BUNDLED)))

    def __len__(self) -> int:
        return len(self._concepts)

    def find(self, text: str) -> tuple[Term, ...]:
        """The terms of a text in order, the longest at each place, each concept once."""
        found: dict[Concept, Term] = {}
        for part in self.parts(text):
            if isinstance(part, Term):
                found.setdefault(self._by_name[_key(part.text)], part)
        return tuple(found.values())

    def parts(self, text: str) -> list[Term | str]:
        """A text as its terms and what stands between them: stretches of han, Latin words without plural endings."""
        units = list(_units(text))
        made: list[Term | str] = []
        stretch = ""
        start = 0
        while start < len(units):
            taken, term = self._at(units, start)
            if term is None and is_han(units[start]):
                stretch += units[start]
            else:
                made += [stretch, term or units[start]]
                stretch = ""
            start += taken
        return [part for part in (*made, stretch) if part]

    def _at(self, units: Sequence[str], start: int) -> tuple[int, Term | None]:
        """The longest term that begins at a unit and how many units it takes; 1 where none does."""
        for end in range(min(len(units), start + self._longest), start, -1):
            key = tuple(units[start:end])
            if key in self._by_name:
                return end - start, _term(key, self._by_name[key])
        return 1, None


def _units(text: str) -> Iterable[str]:
    """Han one by one, Latin words without plural endings; an empty unit where something stands between two han."""
    before = ""
    for run in runs(fold(text)):
        if is_han(run[0]):
            if is_han(before):
                yield ""
            yield from run
        else:
            yield singular(run)
        before = run[0]


def _key(name: str) -> tuple[str, ...]:
    return tuple(_units(name))


def _term(key: Sequence[str], concept: Concept) -> Term:
    return Term(
        _written(key),
        tuple(name for name in concept.zh if _key(name) != key),
        tuple(name for name in concept.en if _key(name) != key),
    )


def _written(key: Sequence[str]) -> str:
    """Units as a text: blanks between Latin words and where two stretches of han stand apart."""
    text = ""
    for unit in key:
        apart = not unit or (text and not is_han(unit[0]) and not is_han(text[-1]) and not text.endswith(" "))
        text += f" {unit}" if apart else unit
    return text


def read_concepts(path: Path) -> tuple[Concept, ...]:
    """The concepts of a file, in its order; ConfigurationError naming file and line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"lexicon {path} cannot be read: {exc}") from exc
    return tuple(
        _read_line(path, number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    )


def _read_line(path: Path, number: int, line: str) -> Concept:
    where = f"lexicon {path}, line {number}"
    sides = line.split("\t")
    if len(sides) != 2:
        raise ConfigurationError(
            f"{where}: expected Chinese terms, one tab, English terms; found {len(sides) - 1} tabs"
        )
    zh, en = (tuple(term.strip() for term in side.split("|")) for side in sides)
    for term in (*zh, *en):
        if not _key(term):
            raise ConfigurationError(f"{where}: {term!r} is no term: expected words parted by |")
    if any(not any(map(is_han, term)) and not term.isascii() for term in zh) or any(map(is_han, "".join(en))):
        raise ConfigurationError(f"{where}: Chinese terms come before the tab, English ones after it")
    return Concept(zh, en)
