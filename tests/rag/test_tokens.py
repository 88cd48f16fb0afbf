from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.tokens import chars_within, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("净息差为1.41%", 9), ("margin", 2), ("the net margin", 4), ("1,234.5", 7)]
)
def test_about_how_many(text: str, tokens: int) -> None:
    assert tokens_of(text) == tokens


@given(st.text(alphabet="净息差 abc12.\n", min_size=1, max_size=300), st.integers(0, 400))
def test_so_much_of_a_text_fits(text: str, tokens: int) -> None:
    if tokens > tokens_of(text):
        assert chars_within(tokens, text) >= len(text)
    else:
        assert chars_within(tokens, text) <= len(text) * tokens / max(1, tokens_of(text))


def test_english_gets_three_times_the_characters() -> None:
    assert chars_within(100, "净息差") == 100
    assert chars_within(100, "margin") == 300
