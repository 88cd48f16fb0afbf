"""The values that travel between stages: frozen dataclasses, no behaviour beyond what their fields say.

Pages are zero-based physical pages everywhere. Boxes are in PDF points (1/72 inch), origin top left, of the page as
it is displayed (its rotation applied).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]
Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
BlockKind = Literal["text", "heading", "row", "caption", "source", "unit", "figure", "furniture", "notice"]
"""caption: the title line of a figure or table; source: its source or note line; unit: its unit line; figure: text
inside a figure (axis labels, legends); furniture: running headers and footers, page numbers; notice: disclaimers, rating
definitions, contact lists, tables of contents. Furniture and notices are kept, but are never evidence."""
NO_EVIDENCE: frozenset[BlockKind] = frozenset({"furniture", "notice"})
ChunkKind = Literal["text", "table", "figure"]
ReadBy = Literal["text", "ocr", "mixed", "layer", "empty", "failed"]
"""text: digital text; ocr: read from the picture here; mixed: digital text and pictures of it that were read here;
layer: the OCR layer that the file brings over its picture."""
Way = Literal["stream", "grid", "layout"]
"""How the regions of a page were found: from its text stream and geometry alone; its tables so, and their grids with the
model for grids; or with the layout model."""
Statement = Literal["balance sheet", "income statement", "cash flow statement"]
"""The primary statements of a filing."""

ReportType = Literal[
    "strategy",
    "macro",
    "industry",
    "company",
    "quant",
    "fixed income",
    "filing",
    "event notice",
    "news release",
    "other",
]
FactName = Literal[
    "title",
    "publisher",
    "published",
    "language",
    "type",
    "analysts",
    "company",
    "ticker",
    "rating",
    "target_price",
    "form",
    "fiscal_period",
]
Origin = Literal["page", "file name", "pdf", "sidecar", "user"]
Leg = Literal["dense", "bm25", "page"]
VerdictLabel = Literal["supported", "partial", "unsupported"]
Style = Literal["brief", "outline"]
STYLES: tuple[Style, ...] = ("brief", "outline")


# --- pages -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of page text with one box: a line of a paragraph, or a cell of a table row. `page.text[start:end]`.

    A cell stands in `column` (from 0) of its table and covers `covers` columns; both mean nothing elsewhere.
    """

    start: int
    end: int
    box: Box
    column: int = 0
    covers: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table row or other part of a page: `page.text[start:end]`, made of pieces in reading order.

    Pieces of a row are its cells, parted by a tab in the page text. `size` is the font size in points of most of its
    characters (0: unknown), `bold` whether most of them are bold.
    """

    kind: BlockKind
    start: int
    end: int
    pieces: tuple[Piece, ...]
    size: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page. Numbers are positions in `page.blocks`; header and body rows are blocks of kind `row`.

    `columns` are the headings, one a column, those of several header lines joined by a blank; "" where there is none.
    A row of `rows` may be a section line (one cell). `groups` has, for each row whose first cell is empty because one
    label stands for several rows, that label, else ""; it is empty in a table without such labels. `title`, `unit` and
    `source` are None where none was found.
    """

    box: Box
    header: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[str, ...]
    title: int | None = None
    unit: int | None = None
    source: int | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or picture of a page. Numbers are positions in `page.blocks`; `parts` are the blocks inside the box."""

    box: Box
    parts: tuple[int, ...]
    title: int | None = None
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A stretch of page text that was repaired, and what the file had there: shown to readers, never searched."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Page:
    """One physical page as it was read. Blocks cover all of `text` but the newlines between them.

    `hidden` counts runs of text that a reader cannot see and that were left out; `garbled` is the share of characters
    without a known meaning (private use, replacement, han of no common character set).
    """

    number: int
    label: str | None
    width: float
    height: float
    text: str
    blocks: tuple[Block, ...]
    read_by: ReadBy = "text"
    warning: str | None = None
    way: Way = "stream"
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    repairs: tuple[Repair, ...] = ()
    hidden: int = 0
    garbled: float = 0.0


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """What the parser gives of one file."""

    page_count: int
    pages: tuple[Page, ...]
    pdf_title: str | None
    pdf_date: date | None
    outline: tuple[tuple[int, str, int], ...] = ()
    warnings: tuple[str, ...] = ()


# --- reports ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a field of a report's metadata comes from. `confidence` is in [0, 1]; `page` is where it was read.

    `value` is the field as text: dates as YYYY-MM-DD, analysts parted by "; ".
    """

    name: FactName
    value: str
    confidence: float
    page: int | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a report from its first pages. `publisher` is the canonical name of the alias file.

    `ticker` has its market (600519.SH) where that is known; `rating` and `target_price` are as printed; `form` is the
    name of a filing's form (10-K, annual report); `fiscal_period` is FY2023, Q1 2024, H1 2023. `facts` has one entry a
    field that is known.
    """

    title: str
    publisher: str | None
    published: date | None
    language: Language
    type: ReportType | None = None
    analysts: tuple[str, ...] = ()
    company: str | None = None
    ticker: str | None = None
    rating: str | None = None
    target_price: str | None = None
    form: str | None = None
    fiscal_period: str | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the catalog. `id` is the first 16 hex digits of the SHA-256 of the file's bytes."""

    id: str
    sha256: str
    title: str
    publisher: str | None
    published: date | None
    language: Language
    page_count: int
    sources: tuple[str, ...]
    added: datetime
    type: ReportType | None = None
    analysts: tuple[str, ...] = ()
    company: str | None = None
    ticker: str | None = None
    rating: str | None = None
    target_price: str | None = None
    form: str | None = None
    fiscal_period: str | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Exactly the text a chunk or quote took from one page: `page.text[start:end]`, and its boxes.

    `added` marks what is repeated from elsewhere on the page so that the rest can be read: a table's title, unit, header.
    """

    page: int
    start: int
    end: int
    boxes: tuple[Box, ...]
    added: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The part of a table that a chunk holds, as strings. `columns` and every row have the same length.

    `title` and `unit` are "" where there is none. `inherited` says that title, unit or columns were taken from the page
    before, which the table goes on from: they help reading and search, and are no text of this page.
    """

    title: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit of retrieval: text of one page only. `text` is its spans' page text joined by newlines.

    `path` holds the headings above it, outermost first (they may stand on earlier pages): for search, never citable.
    """

    id: str
    report_id: str
    page: int
    position: int
    text: str
    spans: tuple[Span, ...]
    kind: ChunkKind = "text"
    path: tuple[str, ...] = ()
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class ChunkText:
    """What of a chunk is searched: its headings and its text, or its table's rows (rag/grid.py). `position` in its report."""

    id: str
    position: int
    text: str


# --- the index -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Token ids (32-bit unsigned, ascending, no doubles) and their weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One entry of the index: a chunk (legs `dense` and `bm25`) or a whole page (leg `page`).

    `id` is a UUID; for a chunk it is the chunk's id. A leg that is None is not searched for this point.
    """

    id: str
    report_id: str
    page: int
    dense: Vector | None = None
    bm25: SparseVector | None = None
    page_terms: SparseVector | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A point found by one leg. Order in a list of hits is by score, ties by id."""

    id: str
    report_id: str
    page: int
    score: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built with; opening it with other values is an error. Values are plain strings."""

    entries: tuple[tuple[str, str], ...]


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """Hard limits of a question. Empty tuples and None mean no limit; names are canonical, ids are whole.

    `kinds` are names of rag/kinds.py; `without` are publishers that are left out.
    """

    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    languages: tuple[Language, ...] = ()
    reports: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == NO_LIMITS


NO_LIMITS = Filter()


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the lexicon in a question, folded as it stands there, and the other names of what it means."""

    text: str
    zh: tuple[str, ...]
    en: tuple[str, ...]

    def named_in(self, language: Language) -> tuple[str, ...]:
        """The other names in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Window:
    """Days of publication, from and to and including; None: open.

    `firm`: a question asks for reports of these days; else it may mean the days of figures.
    """

    since: date | None
    until: date | None
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read out of a question. It boosts the reports it fits; `limits`, which it says in words, exclude others.

    `mentioned` are publishers; `companies` those that reports cover, `uncovered` well-known others, each by all its names;
    `periods` are years and their parts (Q2 2023);
    `terms` are searched for by their other names too; `statements` are those of a filing that hold the answer. `window` are
    days of publication that it may be about; `kinds` of report (rag/kinds.py); `numbers` that it states and `units` that it
    asks for, as written; `quoted` phrases. `compares`: it wants several reports side by side. `rewritten` is its wording in
    Chinese and English by an LLM, if one was asked. `topic` is the question without the words for its limits. `untitled` are
    titles of reports that it names where no report has one of them. `unnamed` is the question without names of companies.
    """

    question: str
    language: Language
    topic: str
    mentioned: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    statements: tuple[Statement, ...] = ()
    limits: Filter = NO_LIMITS
    window: Window | None = None
    kinds: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    compares: bool = False
    uncovered: tuple[tuple[str, ...], ...] = ()
    rewritten: tuple[str, ...] = ()
    untitled: tuple[str, ...] = ()
    unnamed: str = ""


@dataclass(frozen=True, slots=True)
class LegScore:
    """How one leg saw a passage: its rank (from 1) and raw score, and what it added to the fused score."""

    leg: str
    rank: int
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found, with its report, fused score and how it came about."""

    chunk: Chunk
    report: Report
    page_label: str | None
    score: float
    legs: tuple[LegScore, ...] = ()
    read_by: ReadBy = "text"


# --- writing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a page supports a sentence, and why."""

    label: VerdictLabel
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict and the window of the page text that supports the sentence best: `page.text[start:end]`."""

    verdict: Verdict
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """The page a sentence rests on, with the passage of it that supports the sentence best."""

    report_id: str
    page: int
    page_label: str | None
    publisher: str | None
    title: str
    published: date | None
    quote: str
    boxes: tuple[Box, ...]
    verdict: Verdict
    read_by: ReadBy = "text"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or bullet, or table row) with the pages it rests on. An answer keeps none without a citation."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, in the reader's language, with the nearest passages as leads."""

    reason: str
    leads: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took of an LLM: requests sent, tokens as the endpoint counts them (0: it told none), their price."""

    calls: int
    given: int
    written: int
    cost: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer or a refusal. `writer` is `extractive` or `llm`; `model` names the LLM or is None.

    `usage` is None where no LLM was asked to write.
    """

    understood: Understood
    sentences: tuple[Sentence, ...]
    refusal: Refusal | None
    passages: tuple[Passage, ...]
    writer: str
    model: str | None
    notices: tuple[str, ...] = ()
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (empty for the lead of a digest) and its sentences."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A standing summary of one report, with what made it."""

    report_id: str
    style: Style
    language: Language
    sections: tuple[Section, ...]
    writer: str
    model: str | None
    prompt_version: str
    made: datetime
    notices: tuple[str, ...] = field(default=())
