"""Text to about how many tokens it is for an LLM whose tokeniser is not here; rather too many than too few."""

from __future__ import annotations

import re

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LETTER = re.compile(r"[A-Za-z]")
_BLANK = re.compile(r"[ \n\t]")
_A_LETTER, _A_BLANK = 0.3, 0.2  # and 1 for anything else: han, digits, punctuation


def tokens_of(text: str) -> int:
    """A han character or digit counts one, of Latin letters three make about one."""
    wide, letters, blanks = (len(pattern.findall(text)) for pattern in (_WIDE, _LETTER, _BLANK))
    others = len(text) - wide - letters - blanks
    return round(wide + others + _A_LETTER * letters + _A_BLANK * blanks)


def chars_within(tokens: int, texts: str) -> int:
    """How many characters of such text fit into so many tokens."""
    return int(tokens * len(texts) / max(1, tokens_of(texts))) if texts else tokens
