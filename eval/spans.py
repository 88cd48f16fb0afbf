"""Chunks of real reports beside the text inside their boxes, read anew from the PDF: `python -m eval.spans FILE.pdf ...`.

For each piece of text that a chunk took from its page (a line of a paragraph, a cell of a row) the characters whose
middle lies in its box are counted, and what is missing or too much is a fault. Added text is left out. The reading here
is of its own: characters with their boxes from PyMuPDF, no line, block or table logic.
"""

from __future__ import annotations

import sys
import unicodedata
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from ingest.chunk import chunk_pages
from ingest.furniture import mark_furniture
from ingest.page import Reading, read_page
from rag.domain import Box, Chunk, Page, Span

_CHUNK_SIZE = 700


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Characters taken from pages, those that do not stand in their box (or stand in it and were not taken), chunks."""

    characters: int
    faults: int
    chunks: int
    broken: int = 0
    """Chunks whose spans do not rebuild their text, or lie on another page."""

    @property
    def share(self) -> float:
        """Share of characters that stand in their boxes."""
        return 1 - self.faults / self.characters if self.characters else 1.0


def score_report(path: Path, pages: int | None = None) -> SpanScore:
    """One PDF file read, chunked and compared, its first `pages` pages or all."""
    with pymupdf.open(path) as document:
        count = min(len(document), pages or len(document))
        read = mark_furniture([read_page(document[n], n, Reading(ocr="never")) for n in range(count)])
        chunks = chunk_pages("0" * 16, read, _CHUNK_SIZE)
        characters = faults = broken = 0
        for page in read:
            own = [chunk for chunk in chunks if chunk.page == page.number]
            drawn = _characters(document[page.number]) if own else []
            for chunk in own:
                broken += _is_broken(chunk, page)
                for text, box in _taken(chunk, page):
                    total, wrong = _compare(text, box, drawn)
                    characters += total
                    faults += wrong
    return SpanScore(characters, faults, len(chunks), broken)


def _is_broken(chunk: Chunk, page: Page) -> bool:
    rebuilt = "\n".join(page.text[span.start : span.end] for span in chunk.spans)
    return rebuilt != chunk.text or any(span.page != chunk.page for span in chunk.spans)


def _characters(page: pymupdf.Page) -> list[tuple[str, float, float]]:
    """Each character of the text layer with the middle of its box."""
    if page.rotation:
        page.remove_rotation()
    found = []
    flags = pymupdf.TEXTFLAGS_RAWDICT & ~pymupdf.TEXT_PRESERVE_IMAGES & ~pymupdf.TEXT_PRESERVE_LIGATURES
    for block in page.get_text("rawdict", flags=flags)["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    x0, y0, x1, y1 = char["bbox"]
                    found.append((char["c"], (x0 + x1) / 2, (y0 + y1) / 2))
    return found


def _taken(chunk: Chunk, page: Page) -> Iterator[tuple[str, Box]]:
    """The texts that a chunk took, each with its box."""
    for span in chunk.spans:
        if not span.added:
            yield from zip(_fragments(span, page), span.boxes, strict=True)


def _fragments(span: Span, page: Page) -> Iterator[str]:
    for block in page.blocks:
        for piece in block.pieces:
            left, right = max(piece.start, span.start), min(piece.end, span.end)
            if left < right:
                yield page.text[left:right]


def _compare(text: str, box: Box, drawn: Sequence[tuple[str, float, float]]) -> tuple[int, int]:
    inside = "".join(char for char, x, y in drawn if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1)
    expected, found = Counter(_plain(text)), Counter(_plain(inside))
    missing, extra = sum((expected - found).values()), sum((found - expected).values())
    return expected.total(), min(max(missing, extra), expected.total())


def _plain(text: str) -> str:
    """Without blanks and characters that have no shape or no meaning of their own (repair renames or drops them)."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(
        c for c in plain if not c.isspace() and unicodedata.category(c)[0] != "C" and c != "•" and c != "\ufffd"
    )


def main(arguments: Sequence[str]) -> int:
    """Print a line for each file and the sum; exit code 1 where a chunk is broken."""
    parser = ArgumentParser(prog="python -m eval.spans")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--pages", type=int, help="only the first pages of each file")
    options = parser.parse_args(arguments)
    total = SpanScore(0, 0, 0)
    for file in options.files:
        found = score_report(file, options.pages)
        total = SpanScore(
            total.characters + found.characters,
            total.faults + found.faults,
            total.chunks + found.chunks,
            total.broken + found.broken,
        )
        sys.stdout.write(f"{found.share:.2%} of {found.characters} characters, {found.chunks} chunks: {file.name}\n")
    sys.stdout.write(
        f"all: {total.share:.2%} of {total.characters} characters, {total.chunks} chunks, {total.broken} broken\n"
    )
    return 1 if total.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
