"""Every text is there in both languages, with the same values to fill in; a caller's values fill either."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from rag.say import _TEXTS, say
from rag.text import is_han


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


@pytest.mark.parametrize("name", _TEXTS)
def test_both_languages_say_the_same_values(name: str) -> None:
    chinese, english = _TEXTS[name]
    assert fields(chinese) == fields(english)
    assert any(map(is_han, chinese))
    assert not any(map(is_han, english))
    assert not re.search(r"[a-z]{2}", re.sub(r"\{.*?\}", "", chinese))
    for language in ("zh", "en"):
        assert "§" in say(name, language, **dict.fromkeys(fields(chinese), "§")) or not fields(chinese)
