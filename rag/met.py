"""Texts to vectors, those met lately without a model: questions on the same pages look at the same sentences."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np

from rag.domain import Vector

MOST = 20_000  # texts, some 40 MB with vectors of 512 floats


class MetTexts:
    """Keeps the vectors that `embed` gave, of at most `most` texts; those longest not asked for go first. Thread-safe."""

    def __init__(self, embed: Callable[[Sequence[str]], Vector], most: int = MOST) -> None:
        self._embed = embed
        self._most = most
        self._kept: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def vectors(self, texts: Sequence[str]) -> Vector:
        """One row a text, as `embed` gives it."""
        if not texts:
            return self._embed(texts)
        rows = self._known(texts)
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        if new:  # threads that meet a text at once each embed it
            rows |= zip(new, self._embed(new), strict=True)
            self._keep(rows, new)
        return np.stack([rows[text] for text in texts])

    def _known(self, texts: Sequence[str]) -> dict[str, Vector]:
        with self._lock:
            rows = {text: self._kept[text] for text in texts if text in self._kept}
            for text in rows:
                self._kept.move_to_end(text)
        return rows

    def _keep(self, rows: dict[str, Vector], new: Sequence[str]) -> None:
        with self._lock:
            for text in new:
                self._kept[text] = rows[text].copy()  # a row would keep its whole batch
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
