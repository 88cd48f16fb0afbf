"""A question to what it asks for: its language and the publishers it names. Needs no model."""

from __future__ import annotations

from rag.domain import Understood
from rag.errors import UsageError
from rag.publishers import Publishers
from rag.text import language_of

LONGEST = 2000


def understand(question: str, publishers: Publishers) -> Understood:
    """Raises UsageError for a blank or an over-long question."""
    text = " ".join(question.split())
    if not text:
        raise UsageError("the question is empty: ask something, for example: what does CICC say about AH premium")
    if len(text) > LONGEST:
        raise UsageError(f"the question has {len(text)} characters, at most {LONGEST} are read: shorten it")
    mentioned = tuple(dict.fromkeys(mention.canonical for mention in publishers.find(text)))
    return Understood(text, language_of(text), mentioned)
