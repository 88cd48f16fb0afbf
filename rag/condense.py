"""The passages of a report to its digest by an LLM: at once where they fit its context, else chapter by chapter.

A long report is read in chapters (map): the model takes notes on each, and only those that a page supports are kept, with
that page. The digest is then made of the notes (reduce), so that it rests on pages from the whole report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.check import Checker
from rag.domain import Language, Passage, Sentence, Style
from rag.summarise import CORE_VIEW, Outline, Told
from rag.writer import LlmWriter

_OF_A_CHAPTER = 20  # passages, about: each takes room for its own heading
_MOST_CHAPTERS = 10  # calls of the map; smaller chapters are read together


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and the passages below it."""

    heading: str
    passages: tuple[Passage, ...]

    @property
    def size(self) -> int:
        return sum(len(passage.chunk.text) for passage in self.passages)


def condense(
    writer: LlmWriter, checker: Checker, style: Style, language: Language, passages: Sequence[Passage]
) -> Outline:
    """The digest in `language`; ModelError. Empty: nothing to summarise."""
    title = passages[0].report.title if passages else ""
    if sum(len(passage.chunk.text) for passage in passages) <= writer.digest_room(language, passages):
        return _told(writer.write_digest(style, language, title, passages))
    notes: list[tuple[str, tuple[Sentence, ...]]] = []
    for chapter in chapters(passages, writer.digest_room(language, passages[:_OF_A_CHAPTER])):
        written = writer.write_section(language, title, chapter.heading, chapter.passages)
        kept = checker.check(written, chapter.passages, strict=True).kept
        if kept:
            notes.append((chapter.heading, kept))
    noted = _as_passages(notes, passages)
    if style == "brief" or language != passages[0].report.language:
        return _told(writer.write_digest(style, language, title, noted))
    core = [told for _, some in _told(writer.write_digest("brief", language, title, noted)) for told in some]
    return [(CORE_VIEW[language], core), *((h, [Told(s.text, s.citations[0].page) for s in kept]) for h, kept in notes)]


def chapters(passages: Sequence[Passage], max_chars: int) -> list[Chapter]:
    """The chapters by their outermost headings, in order: none beyond `max_chars` where it can be parted, ten at most."""
    found: list[Chapter] = []
    for passage in passages:
        heading = _outermost(passage)
        same = bool(found) and found[-1].heading == heading
        if same and found[-1].size + len(passage.chunk.text) <= max_chars:
            found[-1] = Chapter(heading, (*found[-1].passages, passage))
        else:
            found.append(Chapter(heading, (passage,)))
    while len(found) > _MOST_CHAPTERS:
        place = min(range(len(found) - 1), key=lambda i: found[i].size + found[i + 1].size)
        one, other = found[place], found[place + 1]
        heading = one.heading if one.size >= other.size else other.heading
        found[place : place + 2] = [Chapter(heading, (*one.passages, *other.passages))]
    return found


def _outermost(passage: Passage) -> str:
    """The outermost heading that is not the report's title."""
    return next((part for part in passage.chunk.path if part not in passage.report.title), "")


def _as_passages(notes: Iterable[tuple[str, Sequence[Sentence]]], passages: Sequence[Passage]) -> list[Passage]:
    """The notes as passages of the pages they rest on, for the model to read."""
    of_page = {passage.chunk.page: passage for passage in reversed(passages)}
    made: list[Passage] = []
    for _, sentences in notes:
        for sentence in sentences:
            source = of_page[sentence.citations[0].page]
            note = replace(
                source.chunk, id=f"{source.chunk.id} {len(made)}", text=sentence.text, kind="text", grid=None
            )
            made.append(replace(source, chunk=note))
    return made


def _told(written: Iterable[tuple[str, Sequence[str]]]) -> Outline:
    return [(heading, [Told(text, None) for text in texts]) for heading, texts in written]
