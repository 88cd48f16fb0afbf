"""A question or a report's title, and passages, to the messages for the LLM; texts of the prompts are in prompts/*.md.

A prompt file has two parts, each below a line that says `## system` or `## user`, and `{{names}}` that are filled in; those
of later turns (mend) and of lists (cover) are plain text.
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

from rag.cover import Cover
from rag.domain import Language, Passage, Style
from rag.grid import markdown
from rag.instructions import without_instructions
from rag.ports import Message
from rag.reduce import Weigh, reduced
from rag.sentences import split_sentences

_FOLDER = Path(__file__).with_name("prompts")
_PARTS = re.compile(r"\A## system\n(?P<system>.*?)\n## user\n(?P<user>.*?)\n?\Z", re.DOTALL)
_FIELD = re.compile(r"\{\{(\w+)\}\}")
_ANGLES = str.maketrans({"<": "＜", ">": "＞"})
_LEAST_CHARS = 120  # a passage cut below this says nothing; rather fewer passages
_KEY_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no words
_KEY_DIGITS = "23456789"


def render_answer(
    question: str,
    language: Language,
    passages: Sequence[Passage],
    max_chars: int,
    *,
    cover: Sequence[Cover] = (),
    weigh: Weigh | None = None,
) -> list[Message]:
    """The messages that ask for an answer in `language`; passages, best first, get `max_chars` characters together.

    Of a passage that is too long stays what `weigh` finds to tell most of the question; without it, its beginning.
    """
    fields = {
        "question": _inline(question),
        "cover": _cover(cover, language),
        "passages": _block(passages, max_chars, weigh),
    }
    return _render(f"answer_{language}", fields)


def render_mend(failed: Sequence[tuple[str, str]], language: Language) -> Message:
    """The turn that shows sentences which did not pass, each with the reason, and asks for better ones."""
    rows = "\n".join(f"{_inline(sentence)} ({_inline(why)})" for sentence, why in failed)
    return Message("user", _filled(_read(f"mend_{language}"), {"failed": rows}).strip())


def render_judge(claims: Sequence[tuple[str, str]], language: Language) -> list[Message]:
    """The messages that ask whether each sentence is borne out by the text beside it; claims are numbered from 1."""
    rows = (
        f'<claim number="{number}">\n<sentence>{_inline(sentence)}</sentence>\n<source>\n{_escape(source)}\n</source>\n</claim>'
        for number, (sentence, source) in enumerate(claims, 1)
    )
    return _render(f"judge_{language}", {"claims": "\n".join(rows), "count": str(len(claims))})


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


def render_followup(question: str, before: str, language: Language) -> list[Message]:
    """The messages that ask for a follow-up question by itself; `before` is the one it follows."""
    return _render(f"followup_{language}", {"before": _inline(before), "question": _inline(question)})


def prompt_version(name: str) -> str:
    """12 hex digits that change with the prompt, by its name without `.md`: `answer_zh`, `digest_brief_en`."""
    return hashlib.sha256(_read(name).encode()).hexdigest()[:12]


def instruction_lines(messages: Sequence[Message]) -> frozenset[str]:
    """Lines of our own in rendered messages: those outside the blocks of data. A model must not answer with them."""
    ours = "\n".join(
        re.sub(r"<(passages|question|report|chapter|failed)>.*?</\1>", "", m.content, flags=re.DOTALL) for m in messages
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

    return [Message("system", _filled(parts["system"], fields)), Message("user", _filled(parts["user"], fields))]


def _filled(template: str, fields: Mapping[str, str]) -> str:
    """In one pass: a text that holds `{{question}}` itself is not filled in again."""
    return _FIELD.sub(lambda field: fields[field[1]], template)


def _cover(cover: Sequence[Cover], language: Language) -> str:
    """What an answer must cover, as lines of the prompt; "" where nothing is asked for by kind."""
    told = dict(line.split(": ", 1) for line in _read(f"cover_{language}").splitlines())
    if not cover:
        return ""
    lead = (
        "回答要写到（段落里有的才写）：" if language == "zh" else "The answer must cover, where the passages hold it:"
    )
    return "\n".join(["", lead, *(f"- {told[name]}" for name in cover), ""])


def _block(passages: Sequence[Passage], max_chars: int, weigh: Weigh | None = None) -> str:
    texts = _fit([_escape(without_instructions(_shown(passage))) for passage in passages], max_chars, weigh)
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
    parts = (report.publisher, day, without_instructions(report.title))
    return ", ".join(_inline(part).replace('"', "”") for part in parts if part)


def _escape(text: str) -> str:
    """Without angle brackets and invisible characters; same length where there were none of the latter."""
    visible = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(visible).translate(_ANGLES).strip()


def _inline(text: str) -> str:
    return " ".join(_escape(text).split())


# --- the budget ------------------------------------------------------------------------------------------------------


def _fit(texts: Sequence[str], max_chars: int, weigh: Weigh | None) -> list[str]:
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
    return [_cut(text, share, weigh) for text, share in zip(kept, shares, strict=True)]


def _cut(text: str, limit: int, weigh: Weigh | None) -> str:
    """At most `limit` characters, ended at a sentence or at least not inside a word or number."""
    if len(text) <= limit:
        return text
    if weigh is not None and (best := reduced(text, limit, weigh)):
        return best
    ends = [end for _, end in split_sentences(text[: limit - 1])]
    # The last range ends where the text was cut, unless its mark of punctuation is there.
    whole = ends[-2] if len(ends) > 1 else 0
    if whole >= limit // 2:
        return text[:whole] + "…"
    head = re.sub(r"[A-Za-z0-9.,%+\-−]+\Z", "", text[: limit - 1])
    return (head or text[: limit - 1]).rstrip() + "…"
