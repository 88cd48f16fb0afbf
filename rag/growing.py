"""An LLM's text piece by piece, in; its sentences out, each as soon as the next one is begun."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain import Language
from rag.echoes import Echoes
from rag.plain import UnusableError, plain_sentences, settled


class GrowingText:
    """Cleaned as rag/plain.py cleans a whole text; a sentence is given once."""

    def __init__(self, language: Language, keys: Sequence[str], echoes: Echoes) -> None:
        self._language = language
        self._keys = keys
        self._echoes = echoes
        self._read = 0
        self._told: set[str] = set()
        self.text = ""

    def add(self, piece: str) -> list[str]:
        """The sentences that are ended by now and were not before."""
        self.text += piece
        done = settled(self.text)
        if len(done) <= self._read:
            return []
        self._read = len(done)
        try:
            return self._new(done)
        except UnusableError:  # so far: more text may mend it
            return []

    def end(self) -> list[str]:
        """The sentences that are left. UnusableError where the whole text holds none, or is in another language."""
        try:
            return self._new(self.text)
        except UnusableError:
            if self._told:
                return []
            raise

    def _new(self, text: str) -> list[str]:
        found = plain_sentences(text, self._language, self._keys, self._echoes)
        new = [sentence for sentence in found if sentence not in self._told]
        self._told.update(new)
        return new
