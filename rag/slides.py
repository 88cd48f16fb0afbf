"""The pages of a slide deck to its digest: slides' headings and their lines, which are seldom whole sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.boilerplate import is_boilerplate
from rag.choose import length
from rag.domain import Language, Page, Style
from rag.numbers import find_numbers
from rag.sentences import split_sentences
from rag.text import ends_sentence, has_words, width

_WIDTHS = (12, 200)  # width units of a line that says something
_MOST_SLIDES = 10
_LINES_A_SLIDE = 4
_LONGEST_BRIEF: dict[Language, int] = {"zh": 300, "en": 180}
_SENTENCES_A_PAGE = 3.0  # a report has more
Slide = tuple[str, int, list[str]]
"""Heading, page, lines."""


def is_deck(pages: Sequence[Page]) -> bool:
    """Whether most pages lie on their side and few sentences stand on them."""
    wide = sum(1 for page in pages if page.width > page.height)
    whole = sum(
        ends_sentence(page.text[block.start : block.end][a:b])
        for page in pages
        for block in page.blocks
        if block.kind == "text"
        for a, b in split_sentences(page.text[block.start : block.end])
    )
    return wide * 2 > len(pages) and whole < _SENTENCES_A_PAGE * len(pages)


def summarise_slides(
    style: Style, language: Language, pages: Sequence[Page]
) -> list[tuple[str, list[tuple[str, int]]]]:
    """(heading, (line, page)...): the slides that say most, from all of the deck; a brief has their first lines with figures."""
    slides = [slide for slide in map(_slide, pages) if slide[2]]
    if style == "outline":
        return [
            (heading, [(line, page) for line in lines[:_LINES_A_SLIDE]]) for heading, page, lines in _spread(slides)
        ]
    told: list[tuple[str, int]] = []
    taken = 0
    for _, page, lines in _spread(slides):
        line = next((one for one in lines if find_numbers(one)), lines[0])
        taken += length(line, language)
        if told and taken > _LONGEST_BRIEF[language]:
            break
        told.append((line, page))
    return [("", told)] if told else []


def _slide(page: Page) -> Slide:
    lines = list(_lines(page))
    heading = next((page.text[b.start : b.end] for b in page.blocks if b.kind == "heading"), "")
    return " ".join(heading.split()), page.number, lines


def _lines(page: Page) -> Iterator[str]:
    """The lines of its paragraphs, each once."""
    seen: set[str] = set()
    for block in page.blocks:
        if block.kind != "text":
            continue
        text = page.text[block.start : block.end]
        for a, b in split_sentences(text):
            line = text[a:b].strip("•●■◆▪➢⚫·–- \t")
            if _WIDTHS[0] <= width(line) <= _WIDTHS[1] and has_words(line) and not is_boilerplate(line):
                if line not in seen:
                    yield line
                seen.add(line)


def _spread(slides: Sequence[Slide]) -> list[Slide]:
    """At most ten, one of each run of slides: the one with most lines, figures before words."""
    runs = min(_MOST_SLIDES, len(slides))
    parts = [slides[len(slides) * i // runs : len(slides) * (i + 1) // runs] for i in range(runs)]
    return [max(part, key=lambda slide: sum(1 + bool(find_numbers(line)) for line in slide[2])) for part in parts]
