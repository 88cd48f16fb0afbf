"""A digest and the report it is of to what can be counted of its quality, without a judge.

Coverage: cited pages, thirds of the report's evidence pages (those with text or tables that a digest may cite) that are
cited, chapters told. Redundancy: the share of sentences that say what an earlier one says. Length: characters of a Chinese
brief, words of an English one. Debris: sentences that are cut, or hold notices, running headers, LaTeX or stray cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.boilerplate import is_boilerplate
from rag.choose import length
from rag.domain import Digest, Page, Sentence
from rag.salience import CLOSED, is_paired
from rag.sparse import bigrams

BRIEF_BOUNDS = {"zh": (120, 300), "en": (80, 180)}  # characters, words
_LATEX = re.compile(r"\$[^$]*\\[a-zA-Z]+|\\(?:frac|sum|text|mathrm|left|right)\b|[_^]\{")
_MARKUP = re.compile(r"\t|\||\*\*|page::|\ufffd|[\ue000-\uf8ff]")
_ROW = re.compile(r"[：:]\s?\S*\s?[-−(（]?[\d.,]+")  # a line made of a table's row ends as its last cell does
_ALIKE = 0.6
_LEAST_HEADER = 6  # characters of a running header that would be known in a sentence
_FEWEST_CHARACTERS = 40  # of evidence on a page that counts


@dataclass(frozen=True, slots=True)
class DigestQuality:
    """Counts of one digest; `debris` are the sentences with what is wrong with them."""

    sentences: int
    supported: int
    pages: int
    thirds: int
    evidence_thirds: int
    sections: int
    redundant: int
    length: int
    in_bounds: bool
    debris: tuple[str, ...]

    @property
    def covers_all_thirds(self) -> bool:
        return self.thirds == self.evidence_thirds


def measure_digest(digest: Digest, pages: Sequence[Page]) -> DigestQuality:
    """The counts; `pages` are those of its report."""
    sentences = [sentence for section in digest.sections for sentence in section.sentences]
    texts = [sentence.text for sentence in sentences]
    cited = {citation.page for sentence in sentences for citation in sentence.citations}
    thirds = thirds_of(evidence_pages(pages))
    told = sum(length(text, digest.language) for text in texts)
    least, most = BRIEF_BOUNDS[digest.language]
    return DigestQuality(
        sentences=len(sentences),
        supported=sum(any(c.verdict.label == "supported" for c in sentence.citations) for sentence in sentences),
        pages=len(cited),
        thirds=sum(1 for third in thirds if cited & set(third)),
        evidence_thirds=len(thirds),
        sections=len(digest.sections),
        redundant=redundant(texts),
        length=told,
        in_bounds=digest.style != "brief" or least <= told <= most,
        debris=tuple(_debris(sentences, _running(pages))),
    )


def _debris(sentences: Sequence[Sentence], running: frozenset[str]) -> Iterator[str]:
    """A line that stands so by itself on the page, as those of slides do, is not cut."""
    for sentence in sentences:
        fault = fault_of(sentence.text, running)
        alone = any(citation.quote.strip("•●■◆▪➢⚫·–- ") == sentence.text for citation in sentence.citations)
        if fault and not (fault == "cut" and alone):
            yield f"{fault}: {sentence.text}"


def evidence_pages(pages: Sequence[Page]) -> list[int]:
    """Numbers of the pages with text or table rows enough to be told of."""
    return [
        page.number
        for page in pages
        if sum(block.end - block.start for block in page.blocks if block.kind in ("text", "row")) >= _FEWEST_CHARACTERS
    ]


def thirds_of(numbers: Sequence[int]) -> list[tuple[int, ...]]:
    """Three runs of nearly the same length, fewer where there are fewer pages."""
    parts = min(3, len(numbers))
    return [tuple(numbers[len(numbers) * i // parts : len(numbers) * (i + 1) // parts]) for i in range(parts)]


def redundant(texts: Sequence[str]) -> int:
    """How many texts share more than six tenths of the shorter one's terms with one before them."""
    terms = [frozenset(bigrams(text)) for text in texts]
    return sum(
        any(len(one & other) > _ALIKE * max(1, min(len(one), len(other))) for other in terms[:place])
        for place, one in enumerate(terms)
    )


def fault_of(text: str, running: frozenset[str] = frozenset()) -> str:
    """What no digest should hold, or "": `running` are the running headers and footers of the report."""
    if is_boilerplate(text):
        return "boilerplate"
    if _LATEX.search(text):
        return "LaTeX"
    if _MARKUP.search(text):
        return "markup"
    if any(line in text for line in running):
        return "running header"
    if not is_paired(text) and not _ROW.search(text):
        return "unpaired brackets"
    if not text.endswith(CLOSED) and not _ROW.search(text):
        return "cut"
    return ""


def _running(pages: Sequence[Page]) -> frozenset[str]:
    """Lines that stand as furniture on two pages or more, names of the report's subject apart."""
    seen: dict[str, int] = {}
    for page in pages:
        for line in {page.text[b.start : b.end].strip() for b in page.blocks if b.kind == "furniture"}:
            seen[line] = seen.get(line, 0) + 1
    return frozenset(line for line, count in seen.items() if count >= 2 and len(line) >= _LEAST_HEADER)
