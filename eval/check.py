"""Sentences with markers to counts and faults, by reading the PDFs anew: the checker that trusts nothing of the answer.

A number behind or before a formula (`0.83 = cash 2,912 / liabilities 3,527`) counts as found when Python comes to the same.

It shares no code with attribution, verification and number matching, nor with the parser: pages are read here, by
PyMuPDF's text blocks or OCR, and numbers are compared as digits. Units, signs and wording are not looked at. A number
counts as found when the cited page has the same digits as a whole number (15 is not in 2015) or an equal value, outside
of running headers and footers and of legal notices: what stands there is no evidence.
"""

from __future__ import annotations

import ast
import logging
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf

from rag.cite import Marker, parse_sentences
from rag.errors import UsageError

PagesOf = Callable[[str | None, int], str | None]
"""(report id, None where the marker names none; zero-based page) to the page's text; None: there is no such page."""

_FEWEST_CHARACTERS = 30  # below it a page is taken for a picture
_OCR_DPI = 200
_MARGIN = 0.1  # of the page's height, at its top and bottom: where running headers and footers stand
_FEWEST_REPEATS = 3  # pages with the same words there
_SAME_HEIGHT = 4.0  # points
_LONGEST_PAGE_NUMBER = 5  # digits
_NOTICE = re.compile(  # a block with two of these is a notice
    r"免责(?:声明|条款)|不构成.{0,20}(?:建议|要约|邀请)|(?:分析师|重要)声明|(?:法律|一切|任何)责任|版权(?:所有|归)|评级(?:说明|标准|定义)"
    r"|(?:书面|事先)(?:许可|授权)|仅供.{0,12}(?:客户|参考)|准确性.{0,6}完整性"
    r"|all rights reserved|analyst certification|not an? (?:offer|solicitation)|investment advice|no liability|disclaimer"
    r"|past performance",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_RUN = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_GROUPED = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "^": "**", "≈": "="})
_ASIDE = re.compile(r"[,;:、；：。]")  # ends a formula
_WORD = re.compile(r"[^\W\d_]+(?:[&'’-][^\W\d_]+)*|[$¥€£%&'’]")
_CONSTANTS = frozenset({*map(str, range(1, 11)), "360", "365"})
_OPERATIONS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_CLAUSE_COMMA = re.compile(r"(?<![０-９])，|，(?![０-９])")  # between full-width digits it parts thousands


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a sentence. `page` and `report_id` are its first marker's, or those of a marker without page."""

    sentence: str
    report_id: str | None
    page: int | None
    what: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Counts over sentences. `joined` of `numbers_found` were found only with the page's blanks and line ends left out;
    `reckoned` are no numbers of a page: results that a formula in the sentence comes to, and its constants."""

    sentences: int = 0
    cited: int = 0
    markers: int = 0
    valid_markers: int = 0
    numbers: int = 0
    numbers_found: int = 0
    joined: int = 0
    reckoned: int = 0
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: CheckResult) -> CheckResult:
        return CheckResult(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


# --- sentences -------------------------------------------------------------------------------------------------------


def check_text(text: str, pages_of: PagesOf) -> CheckResult:
    """Every sentence of a marked text: has it a marker, do the pages exist, do its numbers stand on one of them."""
    total = CheckResult()
    for sentence, markers in parse_sentences(text):
        total += _check_sentence(sentence, markers, pages_of)
    return total


def check_answers(answers: Iterable[Sequence[str]], pages_of: PagesOf) -> CheckResult:
    """The sum over answers, each given as its sentences with their markers (no headings, no lines of metadata)."""
    total = CheckResult()
    for sentences in answers:
        for sentence in sentences:
            total += check_text(sentence, pages_of)
    return total


def _check_sentence(sentence: str, markers: Sequence[Marker], pages_of: PagesOf) -> CheckResult:
    if not markers:
        return CheckResult(sentences=1, faults=(Fault(sentence, None, None, "no marker"),))
    texts = [(marker, pages_of(marker.report_id, marker.page)) for marker in markers]
    faults = [
        Fault(sentence, marker.report_id, marker.page, "no such page in the report")
        for marker, text in texts
        if text is None
    ]
    pages = [page_numbers(text) for _, text in texts if text is not None]
    numbers = sentence_numbers(sentence)
    computed = _computed(sentence)
    found = joined = reckoned = 0
    for number in numbers:
        if number in computed:
            found, reckoned = found + 1, reckoned + 1
        elif any(_holds(plain, number) for plain, _ in pages):
            found += 1
        elif any(_holds(close, number) for _, close in pages):
            found, joined = found + 1, joined + 1
        else:
            faults.append(Fault(sentence, markers[0].report_id, markers[0].page, f"{number} is not on the cited page"))
    return CheckResult(1, 1, len(markers), len(pages), len(numbers), found, joined, reckoned, tuple(faults))


# --- formulas --------------------------------------------------------------------------------------------------------


def _computed(sentence: str) -> frozenset[str]:
    """The result of a sentence's one formula, where it is right, and the formula's whole numbers that no page need have."""
    text = _normal(sentence).translate(_SIGNS)
    if text.count("=") != 1:
        return frozenset()
    before, after = text.split("=")
    last, first = _NUMBER.findall(before)[-1:], _NUMBER.findall(after)[:1]
    for result, formula in ((last, _ASIDE.split(after)[0]), (first, _ASIDE.split(before)[-1])):
        if result and _comes_to(
            _WORD.sub(" ", formula), result[0], rate="%" in text or "percent" in text or "百分点" in text
        ):
            return frozenset({result[0], *(n for n in _NUMBER.findall(formula) if n in _CONSTANTS)})
    return frozenset()


def _comes_to(formula: str, result: str, *, rate: bool) -> bool:
    """Whether a formula of two numbers or more has the value, to the digits that it is written with."""
    try:
        value = _evaluate(ast.parse(formula.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, TypeError):
        return False
    half = 0.5 * 10.0 ** -len(result.partition(".")[2]) * (1 + 1e-9)
    return len(_NUMBER.findall(formula)) > 1 and any(
        abs(abs(value) * unit - float(result)) <= half for unit in ((100, 1) if rate else (1,))
    )


def _evaluate(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluate(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return float(_OPERATIONS[type(node.op)](_evaluate(node.left), _evaluate(node.right)))
    raise ValueError("no formula")


# --- numbers ---------------------------------------------------------------------------------------------------------


def sentence_numbers(sentence: str) -> list[str]:
    """The numbers of a sentence as digits with a decimal point, in order, doubles kept."""
    return _NUMBER.findall(_normal(sentence))


@lru_cache(maxsize=64)
def page_numbers(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The numbers of a page as it reads, and with blanks and line ends left out: a number may be broken across lines."""
    plain = {form for number in sentence_numbers(text) for form in _forms(number)}
    close = {form for run in _RUN.findall(_normal("".join(text.split()))) for form in _joined_forms(run)}
    return frozenset(plain), frozenset(close)


def _normal(text: str) -> str:
    """NFKC without thousands separators. Footnote and list digits (², ①) become blanks, lest they join a number."""
    parted = _CLAUSE_COMMA.sub("、", text)
    plain = "".join(" " if unicodedata.category(char) == "No" else char for char in parted)
    return _GROUPED.sub(lambda found: found.group().replace(",", ""), unicodedata.normalize("NFKC", plain))


def _forms(number: str) -> set[str]:
    """A number as it stands and by value; 2025.07.15 counts whole and as 2025, 07 and 15."""
    parts = number.split(".") if number.count(".") > 1 else [number]
    return {number, *parts, *(_value(part) for part in parts)}


def _joined_forms(run: str) -> set[str]:
    """Whole runs only: parts of 1,2345,678 or 15.20.3 are cells that grew together, no numbers of the page."""
    if "," in run or run.count(".") > 1 or len(run) < 2:
        return set()
    return {run, _value(run)}


def _holds(forms: frozenset[str], number: str) -> bool:
    if number in forms:
        return True
    if number.count(".") > 1:
        return all(part in forms or _value(part) in forms for part in number.split("."))
    return _value(number) in forms


def _value(number: str) -> str:
    """An equal text for equal values: 15.20 and 15.2, 07 and 7. Marked, so that it never meets digits as they stand."""
    whole = Decimal(number)
    return f"={whole.normalize():f}" if whole else "=0"


# --- pages -----------------------------------------------------------------------------------------------------------


class PdfPages:
    """Implements `PagesOf` over PDF files; texts are kept. A marker without a report means the only file, if there is one.

    A text is what is evidence on the page: without running headers and footers and without legal notices.
    """

    def __init__(self, report_paths: Mapping[str, Path]) -> None:
        self._paths = dict(report_paths)
        self._counts: dict[str, int] = {}
        self._running: dict[str, frozenset[str]] = {}
        self._texts: dict[tuple[str, int], str] = {}

    def __call__(self, report_id: str | None, page: int) -> str | None:
        if report_id is None and len(self._paths) == 1:
            report_id = next(iter(self._paths))
        if report_id is None or report_id not in self._paths:
            return None
        key = (report_id, page)
        if key not in self._texts:
            if not 0 <= page < self._count(report_id):
                return None
            with self._open(report_id) as document:
                if report_id not in self._running:
                    self._running[report_id] = _running_lines(document)
                self._texts[key] = _page_text(document[page], self._running[report_id])
        return self._texts[key]

    def of(self, report_id: str) -> PagesOf:
        """The same pages for a text whose markers name no report, such as a digest."""
        return lambda named, page: self(named or report_id, page)

    def _count(self, report_id: str) -> int:
        if report_id not in self._counts:
            with self._open(report_id) as document:
                self._counts[report_id] = document.page_count
        return self._counts[report_id]

    def _open(self, report_id: str) -> pymupdf.Document:
        path = self._paths[report_id]
        try:
            return pymupdf.open(path, filetype="pdf")
        except Exception as exc:  # pymupdf raises many kinds over a missing or damaged file
            raise UsageError(f"the PDF of report {report_id} cannot be opened at {path}: {exc}") from exc


def _running_lines(document: pymupdf.Document) -> frozenset[str]:
    """The words of the blocks that stand at one height in the margins of several pages.

    Above tables the same words stand too, as deep as the table begins: they are evidence.
    """
    pages: dict[tuple[str, int], set[int]] = {}
    for number in range(document.page_count):
        page = document[number]
        for block in _blocks(page):
            if _in_margin(block, page.rect.height):
                pages.setdefault((_running_words(block[4], number), round(block[1] / _SAME_HEIGHT)), set()).add(number)
    return frozenset(words for (words, _), held in pages.items() if len(held) >= _FEWEST_REPEATS)


def _page_text(page: pymupdf.Page, running: frozenset[str]) -> str:
    blocks = _blocks(page)
    kept = [
        block[4]
        for block in blocks
        if not (_in_margin(block, page.rect.height) and _running_words(block[4], page.number) in running)
        and not _is_notice(block[4])
    ]
    text = "\n".join(kept)
    if sum(len("".join(block[4].split())) for block in blocks) >= _FEWEST_CHARACTERS:
        return text
    pixmap = page.get_pixmap(dpi=_OCR_DPI, colorspace=pymupdf.csRGB, alpha=False)
    image = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)[:, :, ::-1]
    read = _recogniser()(np.ascontiguousarray(image)).txts or ()
    return "\n".join((text, *read))


def _blocks(page: pymupdf.Page) -> list[tuple[float, float, float, float, str]]:
    """Box and text of each text block, as the page is displayed, in the order of the file."""
    found = []
    for *box, text, _, kind in page.get_text("blocks"):
        if kind == 0:
            rect = pymupdf.Rect(box) * page.rotation_matrix
            found.append((rect.x0, rect.y0, rect.x1, rect.y1, str(text)))
    return found


def _is_notice(text: str) -> bool:
    return len(set(_NOTICE.findall("".join(text.split("\n"))))) >= 2


def _in_margin(block: tuple[float, float, float, float, str], height: float) -> bool:
    return block[3] < _MARGIN * height or block[1] > (1 - _MARGIN) * height


def _running_words(text: str, page: int) -> str:
    """Digits masked; a lone number as its distance from the page's, so that page numbers are alike and years are not."""
    words = "".join(text.split())
    if words.isascii() and words.isdigit() and len(words) <= _LONGEST_PAGE_NUMBER:
        return f"page {int(words) - page}"
    return re.sub("[0-9]+", "#", words)


@cache
def _recogniser() -> Any:
    """Loaded on first use (about 1 GB of memory); its models are in its package."""
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params={"Global.log_level": "error"})
