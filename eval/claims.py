"""Labelled claims beside pages to what the verifier finds of the wrong ones, and what it refuses of the right ones.

A line names the page by report and number, or holds its text. A page that is named is read from its PDF and put to the
verifier as answers put it: what is evidence on it, table rows beside their headings, the names of the report as said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from eval.excerpt import Excerpt, read_excerpt
from eval.lines import Line, read_lines, shown
from eval.locate import Shelf
from eval.table import aligned
from ingest.limits import ParseLimits
from rag.config import Settings
from rag.context import context_line
from rag.domain import VerdictLabel
from rag.errors import IngestError, UsageError
from rag.evidence import evidence_of
from rag.ports import Verifier
from rag.publishers import Publishers

NUMERIC = frozenset({"number", "unit", "magnitude", "sign", "percent-point", "period", "date"})
_LABELS: tuple[VerdictLabel, ...] = get_args(VerdictLabel)
_HINT = "name a file with one claim a line (docs/evaluation.md)"


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A sentence about a page. `page` is the zero-based page of the PDF `path`, or None where `text` is the page.

    `type` says what is wrong with it, or how a right one is put; `kind` what it is about (table, prose), "" if not said.
    """

    id: str
    claim: str
    label: VerdictLabel
    type: str
    lang: str
    kind: str
    line: Line
    path: Path | None = None
    page: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with the verdict on it."""

    id: str
    claim: str
    label: VerdictLabel
    type: str
    lang: str
    kind: str
    verdict: VerdictLabel
    reason: str

    @property
    def is_error(self) -> bool:
        return self.label != "supported"

    @property
    def is_told(self) -> bool:
        return self.verdict != "supported"


@dataclass(frozen=True, slots=True)
class Told:
    """Over some claims: how many, how many wrong, how many were told to be wrong, and how many of those are.

    The strict ones are those told to be unsupported, not merely supported in part.
    """

    claims: int
    errors: int
    told: int
    right: int
    strictly_told: int
    strictly_right: int

    @property
    def shares(self) -> tuple[float | None, ...]:
        """Precision and recall, then the strict ones; None: there is nothing to divide by."""
        pairs = (self.right, self.told), (self.right, self.errors)
        strict = (self.strictly_right, self.strictly_told), (self.strictly_right, self.errors)
        return tuple(part / whole if whole else None for part, whole in (*pairs, *strict))


@dataclass(frozen=True, slots=True)
class ClaimRun:
    """Every claim with its verdict, in the order of the file."""

    judged: tuple[Judged, ...]

    @property
    def wrong(self) -> list[Judged]:
        """The claims on which label and verdict differ in being supported."""
        return [one for one in self.judged if one.is_error != one.is_told]

    def as_text(self, *, show: bool = False) -> str:
        """The figures, groups below each other, and with `show` the wrong ones."""
        rows = [["", "claims", "errors", "told", "found", "precision", "recall", "strict precision", "strict recall"]]
        rows += [[name, *_cells(told_of(group))] for name, group in self._groups()]
        lines = [
            *aligned(rows, words=1),
            "",
            *aligned([*self._verdicts()], words=1),
            "",
            *aligned([*self._types()], words=1),
        ]
        if show:
            lines += ["", *(f"{one.id} {one.type}: {one.label}, but {one.verdict}: {one.reason}" for one in self.wrong)]
        return "\n".join(lines)

    def _groups(self) -> Iterator[tuple[str, list[Judged]]]:
        yield "all", list(self.judged)
        yield "number, unit, date", [one for one in self.judged if not one.is_error or one.type in NUMERIC]
        for name in sorted({one.kind for one in self.judged} - {""}):
            yield name, [one for one in self.judged if one.kind == name]
        for name in sorted({one.lang for one in self.judged}):
            yield name, [one for one in self.judged if one.lang == name]

    def _verdicts(self) -> Iterator[list[str]]:
        """Rows labels, columns verdicts."""
        yield ["label", *_LABELS]
        counts = Counter((one.label, one.verdict) for one in self.judged)
        for label in _LABELS:
            yield [label, *(str(counts[label, verdict]) for verdict in _LABELS)]

    def _types(self) -> Iterator[list[str]]:
        """Of each type how many verdicts fit: right claims that stand, errors that are told."""
        yield ["type", "", "claims", "right"]
        wrong = Counter((one.is_error, one.type) for one in self.wrong)
        for (error, name), count in sorted(Counter((one.is_error, one.type) for one in self.judged).items()):
            yield [name, "error" if error else "true", str(count), str(count - wrong[error, name])]


def told_of(judged: Sequence[Judged]) -> Told:
    """The counts over claims."""
    return Told(
        claims=len(judged),
        errors=sum(one.is_error for one in judged),
        told=sum(one.is_told for one in judged),
        right=sum(one.is_error and one.is_told for one in judged),
        strictly_told=sum(one.verdict == "unsupported" for one in judged),
        strictly_right=sum(one.is_error and one.verdict == "unsupported" for one in judged),
    )


def run_claims(
    file: Path,
    pdfs: Sequence[Path],
    settings: Settings,
    verifier: Verifier,
    say: Callable[[str], None] = lambda _: None,
) -> ClaimRun:
    """Every claim of the file put to the verifier. UsageError names the line, before any verdict."""
    claims = load_claims(file, pdfs)
    pages = dict(_pages(claims, settings, say))
    judged = []
    for one in claims:
        text, about = pages[one.path, one.page] if one.path is not None else (one.text, "")
        verdict = verifier.verify(one.claim, text, about).verdict
        judged.append(Judged(one.id, one.claim, one.label, one.type, one.lang, one.kind, verdict.label, verdict.reason))
    return ClaimRun(tuple(judged))


# --- the file --------------------------------------------------------------------------------------------------------


def load_claims(file: Path, pdfs: Sequence[Path]) -> list[LabelledClaim]:
    """The claims of a file of JSON lines; reports are looked up in and below `pdfs`. UsageError names the line."""
    for place in pdfs:
        if not place.is_dir():
            raise UsageError(f"--pdfs {place}: no such folder, give one that holds PDF files")
    shelf = Shelf(pdfs)
    lines = read_lines(file, _HINT)
    if not lines:
        raise UsageError(f"{file} holds no claim: {_HINT}")
    seen: dict[str, int] = {}
    claims = []
    for line in lines:
        claim = _claim(line, shelf, has_folders=bool(pdfs))
        if claim.id in seen:
            raise line.fault(f"the id {claim.id!r} stands in line {seen[claim.id]} already: give it another")
        seen[claim.id] = line.number
        claims.append(claim)
    return claims


def _claim(line: Line, shelf: Shelf, *, has_folders: bool) -> LabelledClaim:
    label = next((one for one in _LABELS if one == line.text("label")), None)
    if label is None:
        raise line.fault(f"'label' is {shown(line.values['label'])}: give one of {', '.join(_LABELS)}")
    read = LabelledClaim(
        id=line.text("id"),
        claim=line.text("claim"),
        label=label,
        type=line.text("type"),
        lang=line.text("lang"),
        kind=line.text("kind") if "kind" in line.values else "",
        line=line,
    )
    if "report" not in line.values:
        return replace(read, text=line.text("page"))
    if not has_folders:
        raise line.fault("a page of a report: name the folder of the reports with --pdfs")
    page = line.get("page", int, "a zero-based page")
    try:
        path = shelf.find(line.text("report"))
    except UsageError as exc:
        raise line.fault(str(exc)) from exc
    return replace(read, path=path, page=page)


# --- pages -----------------------------------------------------------------------------------------------------------


def _pages(
    claims: Iterable[LabelledClaim], settings: Settings, say: Callable[[str], None]
) -> Iterator[tuple[tuple[Path | None, int | None], tuple[str, str]]]:
    """(PDF, page) to the text that is evidence on it and the line that names the report."""
    of: dict[Path, list[LabelledClaim]] = {}
    for one in claims:
        if one.path is not None:
            of.setdefault(one.path, []).append(one)
    publishers = Publishers.load(settings.alias_file) if of else None
    limits = ParseLimits(layout=settings.layout, ocr=settings.ocr, ocr_dpi=settings.ocr_dpi)
    for done, (path, asked) in enumerate(of.items(), 1):
        assert publishers is not None
        say(f"{done} of {len(of)}: {path.name}")
        excerpt = _read(path, asked, limits, publishers, settings.passwords)
        for number, page in excerpt.pages.items():
            yield (path, number), (evidence_of(page).text, context_line(excerpt.report))


def _read(
    path: Path, asked: Sequence[LabelledClaim], limits: ParseLimits, publishers: Publishers, passwords: Sequence[str]
) -> Excerpt:
    wanted = {one.page for one in asked if one.page is not None}
    try:
        excerpt = read_excerpt(path, wanted, limits, publishers, tuple(passwords))
    except IngestError as exc:
        raise asked[0].line.fault(f"{path} cannot be read: {exc}") from exc
    for one in asked:
        if one.page not in excerpt.pages:
            last = excerpt.report.page_count - 1
            raise one.line.fault(f"page {one.page} is past the end of {path.name}, which has the pages 0 to {last}")
    return excerpt


def _cells(told: Told) -> list[str]:
    shares = ["-" if share is None else f"{share:.2f}" for share in told.shares]
    return [*map(str, (told.claims, told.errors, told.told, told.right)), *shares]
