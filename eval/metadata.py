"""Metadata read by hand beside what is read of the PDFs: `python -m eval.metadata GOLDEN.jsonl --pdfs FOLDER`.

A line of the golden file has `report` (id), `set`, fields of the metadata, and `<field>_alternatives`. Titles, houses and
companies count without blanks and punctuation, companies also without their legal form, tickers without the market,
prices as numbers, fiscal periods by year and part. A field that the golden line leaves empty must be empty.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.golden import pdfs_by_id
from ingest.parse import ParseLimits, PdfParser
from ingest.read import Reader
from rag.domain import Report
from rag.errors import UsageError
from rag.publishers import Publishers

FIELDS = (
    "title", "publisher", "published", "language", "type", "analysts", "company", "ticker", "rating", "target_price",
    "form", "fiscal_period",
)  # fmt: skip
_LEGAL_FORM = re.compile(r"\b(?:the|inc|incorporated|corp|corporation|company|co|ltd|limited|plc)\b\.?", re.IGNORECASE)
_MARKET = re.compile(r"\.(?:CH|SS|SH|SZ|N|O|OQ|US)$")


@dataclass(frozen=True, slots=True)
class Judged:
    """One field of one report: whether it is right, whether the golden line knows it, and the confidence of what was read."""

    group: str
    field: str
    right: bool
    known: bool
    confidence: float | None


def judge(line: dict[str, Any], report: Report, publishers: Publishers) -> list[Judged]:
    """Every field that the golden line has."""
    sure = {fact.name: fact.confidence for fact in report.facts}
    judged = []
    for field in FIELDS:
        if field not in line:
            continue
        accepted = [line[field], *(line.get(f"{field}_alternatives") or [])]
        right = any(is_same(field, _value(report, field), one, publishers) for one in accepted)
        known = line[field] not in (None, [])
        judged.append(Judged(line["set"], field, right, known, next((c for n, c in sure.items() if n == field), None)))
    return judged


def is_same(field: str, found: Any, golden: Any, publishers: Publishers) -> bool:
    """Whether two values of a field say the same."""
    if golden in (None, []) or not found:
        return not found and golden in (None, [])
    if field == "analysts":
        return {_squeezed(name) for name in found} == {_squeezed(name) for name in golden}
    if field == "publisher" and _house(found, publishers) == _house(golden, publishers):
        return True
    if field in ("publisher", "company"):
        return _squeezed(found) == _squeezed(golden) or _company(found) == _company(golden)
    if field == "ticker":
        return _ticker(found) == _ticker(golden)
    if field == "target_price":
        return _number(found) == _number(golden)
    if field == "fiscal_period":
        return _period(found) == _period(golden)
    return _squeezed(found) == _squeezed(golden)


def _value(report: Report, field: str) -> Any:
    value = getattr(report, field)
    return value.isoformat() if field == "published" and value else value


def _squeezed(text: object) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(text)).casefold())


def _company(text: object) -> str:
    return re.sub("(?:股份有限公司|有限责任公司|有限公司)$", "", _squeezed(_LEGAL_FORM.sub("", str(text))))


def _house(text: object, publishers: Publishers) -> str:
    try:
        return _squeezed(publishers.canonical(str(text)))
    except UsageError:  # no house of the alias file: a company that files for itself
        return _squeezed(text)


def _ticker(text: object) -> str:
    return _MARKET.sub("", str(text).upper().split(":")[-1].strip().replace(" ", "."))


def _number(text: object) -> float | None:
    found = re.search(r"\d[\d,]*\.?\d*", str(text))
    return float(found[0].replace(",", "")) if found else None


def _period(text: object) -> tuple[str, str]:
    years, part = re.findall(r"(?:19|20)\d\d", str(text)), re.search(r"[QH][1-4]", str(text).upper())
    return (years[0] if years else "", part[0] if part else "")


def main(arguments: Sequence[str]) -> int:
    """Print right and known per set and field, and how often each band of confidence is right; 1 where a file is missing."""
    parser = ArgumentParser(prog="python -m eval.metadata")
    parser.add_argument("golden", type=Path)
    parser.add_argument("--pdfs", type=Path, required=True, help="folder with the PDF files")
    options = parser.parse_args(arguments)
    golden = [json.loads(line) for line in options.golden.read_text(encoding="utf-8").splitlines()]
    pdfs = pdfs_by_id(options.pdfs, (line["report"] for line in golden))
    publishers = Publishers.load()
    judged: list[Judged] = []
    with PdfParser(ParseLimits()) as parser_of_pdfs:
        reader = Reader(parser_of_pdfs, publishers, chunk_size=700)
        for line in golden:
            if line["report"] in pdfs:
                report = _read(reader, pdfs[line["report"]])
                found = judge(line, report, publishers)
                judged += found
                for one in found:
                    if not one.right:
                        value = _value(report, one.field)
                        sys.stdout.write(f"{report.id} {one.field}: {value!r}, not {line[one.field]!r}\n")
    _show(judged)
    return 0 if len(pdfs) == len(golden) else 1


def _read(reader: Reader, path: Path) -> Report:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return reader.read(path, sha256, path.name, said=(), passwords=(), page_seen=lambda _page, _pages: None).report


def _show(judged: Sequence[Judged]) -> None:
    for group in sorted({one.group for one in judged}):
        for field in FIELDS:
            own = [one for one in judged if one.group == group and one.field == field]
            if own:
                right, known = sum(one.right for one in own), [one for one in own if one.known]
                sys.stdout.write(
                    f"{group}, {field}: {right} of {len(own)} right; where there is one, "
                    f"{sum(one.right for one in known)} of {len(known)}\n"
                )
    bands: Counter[tuple[int, bool]] = Counter(
        (min(int(one.confidence * 10), 9), one.right) for one in judged if one.confidence is not None
    )
    for band in sorted({band for band, _ in bands}):
        total = bands[band, True] + bands[band, False]
        sys.stdout.write(f"confidence {band / 10:.1f} and above: {bands[band, True]} of {total} right\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
