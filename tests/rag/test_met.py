"""Texts that were met get the vectors they had, without the model; the longest not asked for are given up first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Vector
from rag.met import MetTexts


class Lengths:
    """Embeds a text as its length and first letter, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vector:
        self.asked += texts
        return np.array([(len(text), ord(text[0])) for text in texts], np.float32).reshape(-1, 2)


def test_a_text_is_embedded_once() -> None:
    embed = Lengths()
    met = MetTexts(embed)
    assert met.vectors(["ab", "c", "ab"]).tolist() == [[2, 97], [1, 99], [2, 97]]
    assert met.vectors(["c", "def"]).tolist() == [[1, 99], [3, 100]]
    assert embed.asked == ["ab", "c", "def"]


def test_what_was_not_asked_for_longest_goes_first() -> None:
    embed = Lengths()
    met = MetTexts(embed, most=2)
    met.vectors(["a", "b"])
    met.vectors(["a"])
    met.vectors(["c"])
    embed.asked.clear()
    met.vectors(["a"])
    assert embed.asked == []
    met.vectors(["b"])
    assert embed.asked == ["b"]


@given(asked=st.lists(st.lists(st.text("abc", min_size=1, max_size=2), max_size=6), max_size=6))
def test_vectors_are_those_of_the_model(asked: list[list[str]]) -> None:
    met = MetTexts(Lengths(), most=3)
    for texts in asked:
        assert np.array_equal(met.vectors(texts), Lengths()(texts))
