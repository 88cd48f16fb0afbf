"""A question or a report's title, and passages, to the messages for the LLM; texts of the prompts are in prompts/*.md.

A prompt file has two parts, each below a line that says `## system` or `## user`, and `{{names}}` that are filled in.
What is filled in is data of strangers: it gets no `<` and `>` (the full-width forms take their place) and no invisible
characters, so it can neither close its block, nor form a control token of a model, nor hide orders from a reader.
Passages carry a key made from their chunk id, and never a page number or a report id: attribution gives those.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from rag.domain import Language, Passage, Style
from rag.grid import markdown
from rag.ports import Message
from rag.sentences import split_sentences

_FOLDER = Path(__file__).with_name("prompts")
_PARTS = re.compile(r"\A## system\n(?P<system>.*?)\n## user\n(?P<user>.*?)\n?\Z", re.DOTALL)
_FIELD = re.compile(r"\{\{(\w+)\}\}")
_ANGLES = str.maketrans({"<": "＜", ">": "＞"})
_LEAST_CHARS = 120  # a passage cut below this says nothing; rather fewer passages
_KEY_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no words
_KEY_DIGITS = "23456789"


def render_answer(question: str, language: Language, passages: Sequence[Passage], max_chars: int) -> list[Message]:
    """The messages that ask for an answer in `language`; passages, best first, get `max_chars` characters together."""
    fields = {"question": _inline(question), "passages": _block(passages, max_chars)}
    return _render(f"answer_{language}", fields)


def render_digest(
    style: Style, language: Language, title: str, passages: Sequence[Passage], max_chars: int
) -> list[Message]:
    """The messages that ask for a digest of the report `title`; passages get `max_chars` characters together."""
    fields = {"title": _inline(title), "passages": _block(passages, max_chars)}
    return _render(f"digest_{style}_{language}", fields)


def render_section(
    language: Language, title: str, chapter: str, passages: Sequence[Passage], max_chars: int
) -> list[Message]:
    """The messages that ask for notes on one chapter of the report `title`, for its digest."""
    fields = {"title": _inline(title), "chapter": _inline(chapter), "passages": _block(passages, max_chars)}
    return _render(f"digest_section_{language}", fields)


def render_rewrite(question: str, language: Language) -> list[Message]:
    """The messages that ask for a question's wording in both languages; `language` is the question's."""
    return _render(f"rewrite_{language}", {"question": _inline(question)})


def prompt_version(name: str) -> str:
    """12 hex digits that change with the prompt, by its name without `.md`: `answer_zh`, `digest_brief_en`."""
    return hashlib.sha256(_read(name).encode()).hexdigest()[:12]


def instruction_lines(messages: Sequence[Message]) -> frozenset[str]:
    """Lines of our own in rendered messages: those outside the blocks of data. A model must not answer with them."""
    ours = "\n".join(
        re.sub(r"<(passages|question|report|chapter)>.*?</\1>", "", m.content, flags=re.DOTALL) for m in messages
    )
    return frozenset(line for line in (line.strip() for line in ours.splitlines()) if line)


def passage_keys(passages: Sequence[Passage]) -> list[str]:
    """One key a passage, such as K7F, made from its chunk id; none occurs in a passage, so all can be taken out again."""
    taken = "\n".join(_shown(passage) for passage in passages)
    keys: list[str] = []
    for passage in passages:
        for attempt in range(100):  # the last is taken if none is free
            digest = hashlib.sha256(f"{passage.chunk.id} {attempt}".encode()).digest()
            key = _KEY_LETTERS[digest[0] % 20] + _KEY_DIGITS[digest[1] % 8] + _KEY_LETTERS[digest[2] % 20]
            if key not in keys and key not in taken:
                break
        keys.append(key)
    return keys


# --- filling in ------------------------------------------------------------------------------------------------------


@functools.cache
def _read(name: str) -> str:
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")


def _render(name: str, fields: Mapping[str, str]) -> list[Message]:
    parts = _PARTS.match(_read(name))
    if parts is None:
        raise ValueError(f"prompts/{name}.md has no parts `## system` and `## user`")

    def fill(template: str) -> str:
        # One pass: a text that holds `{{question}}` itself is not filled in again.
        return _FIELD.sub(lambda field: fields[field[1]], template)

    return [Message("system", fill(parts["system"])), Message("user", fill(parts["user"]))]


def _block(passages: Sequence[Passage], max_chars: int) -> str:
    texts = _fit([_escape(_shown(passage)) for passage in passages], max_chars)
    rows = zip(passage_keys(passages), passages, texts, strict=False)  # texts may be fewer: the budget is spent
    return "\n".join(
        f'<passage key="{key}" source="{_source(passage)}">\n{text}\n</passage>' for key, passage, text in rows
    )


def _shown(passage: Passage) -> str:
    """A passage as the model reads it: a table as Markdown, anything else as it stands."""
    return passage.chunk.text if passage.chunk.grid is None else markdown(passage.chunk.grid)


def _source(passage: Passage) -> str:
    """Who said it and when, so that the answer can name who disagrees."""
    report = passage.report
    day = report.published.isoformat() if report.published else None
    return ", ".join(_inline(part).replace('"', "”") for part in (report.publisher, day, report.title) if part)


def _escape(text: str) -> str:
    """Without angle brackets and invisible characters; same length where there were none of the latter."""
    visible = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(visible).translate(_ANGLES).strip()


def _inline(text: str) -> str:
    return " ".join(_escape(text).split())


# --- the budget ------------------------------------------------------------------------------------------------------


def _fit(texts: Sequence[str], max_chars: int) -> list[str]:
    """The first texts, cut so that together they have at most `max_chars` characters.

    Short ones stay whole and long ones are cut to one common length; what does not divide goes to the best.
    """
    kept = texts[: max(1, max_chars // _LEAST_CHARS)]
    shares = [0] * len(kept)
    left = max_chars
    order = sorted(range(len(kept)), key=lambda i: (len(kept[i]), -i))
    for place, i in enumerate(order):
        shares[i] = min(len(kept[i]), left // (len(order) - place))
        left -= shares[i]
    return [_cut(text, share) for text, share in zip(kept, shares, strict=True)]


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters, ended at a sentence or at least not inside a word or number."""
    if len(text) <= limit:
        return text
    ends = [end for _, end in split_sentences(text[: limit - 1])]
    # The last range ends where the text was cut, unless its mark of punctuation is there.
    whole = ends[-2] if len(ends) > 1 else 0
    if whole >= limit // 2:
        return text[:whole] + "…"
    head = re.sub(r"[A-Za-z0-9.,%+\-−]+\Z", "", text[: limit - 1])
    return (head or text[: limit - 1]).rstrip() + "…"
