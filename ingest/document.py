"""A path to an open PDF document within limits, and what the document says of itself."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pymupdf

from ingest.limits import ParseLimits
from ingest.worker import is_out_of_memory
from rag.errors import IngestError

_HEADER_WINDOW = 1024
_LONGEST_REASON = 200
_LONGEST_TITLE = 500
_MOST_BOOKMARKS = 10_000

Bookmark = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Passwords:
    """What to try on an encrypted file: those given for it, then those of the settings. Never shown."""

    given: tuple[str, ...] = field(default=(), repr=False)
    known: tuple[str, ...] = field(default=(), repr=False)


def open_document(path: Path, limits: ParseLimits, passwords: Passwords) -> pymupdf.Document:
    """The document, decrypted and with at least one page. IngestError says what is wrong with it; MemoryError comes through."""
    _check_file(path, limits)
    try:
        document = pymupdf.open(path, filetype="pdf")
        if not document.is_pdf:
            raise IngestError("not a PDF")
        if document.needs_pass:
            _unlock(document, passwords)
        count, objects = document.page_count, document.xref_length()
    except IngestError:
        raise
    except Exception as exc:  # whatever PyMuPDF says of a file it cannot open
        if is_out_of_memory(exc):
            raise MemoryError from exc
        reason = "encrypted in a way that is not known here" if "encrypt" in str(exc).lower() else "a damaged PDF"
        raise IngestError(f"{reason}: {in_words(exc)}") from exc
    if objects > limits.max_objects:
        raise IngestError(f"{objects} objects, more than {limits.max_objects} (REPORT_RAG_MAX_OBJECTS)")
    if count == 0:
        raise IngestError("a PDF without pages")
    return document


def in_words(exc: BaseException) -> str:
    """What an error says, on one line and without MuPDF's numbers and the file's path."""
    text = re.sub(r"^code=\d+: |\s*'[^']*/[^']*'", "", str(exc)) or type(exc).__name__
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST_REASON]


def title_of(document: pymupdf.Document) -> str | None:
    """The title in the file's own properties."""
    with contextlib.suppress(Exception):  # broken properties say nothing
        title = str((document.metadata or {}).get("title") or "").strip()[:_LONGEST_TITLE]
        return title or None
    return None


def date_of(document: pymupdf.Document) -> date | None:
    """The day the file was made, by its own properties."""
    with contextlib.suppress(Exception):
        match = re.match(r"D:(\d{4})(\d{2})(\d{2})", (document.metadata or {}).get("creationDate") or "")
        return date(*map(int, match.groups())) if match else None
    return None


def bookmarks_of(document: pymupdf.Document) -> tuple[Bookmark, ...]:
    """(level, heading, zero-based page) of the bookmarks; empty when there are none or they are broken."""
    with contextlib.suppress(Exception):
        found = document.get_toc()[:_MOST_BOOKMARKS]
        return tuple((int(level), str(title)[:_LONGEST_TITLE], int(page) - 1) for level, title, page in found)
    return ()


def _check_file(path: Path, limits: ParseLimits) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEADER_WINDOW)
    except OSError as exc:
        raise IngestError(f"cannot be read: {exc.strerror or exc}") from exc
    if not head:
        raise IngestError("the file is empty")
    if b"%PDF-" not in head:
        raise IngestError("not a PDF: no %PDF- mark at its start")
    if size > limits.file_mb * 2**20:
        raise IngestError(f"{size / 2**20:.0f} MB, larger than {limits.file_mb} MB (REPORT_RAG_MAX_FILE_MB)")


def _unlock(document: pymupdf.Document, passwords: Passwords) -> None:
    tried: Sequence[str] = ("", *passwords.given, *passwords.known)
    if any(document.authenticate(password) for password in tried):
        return
    if passwords.given:
        raise IngestError("encrypted: the password given is wrong")
    if passwords.known:
        raise IngestError(
            'encrypted: none of REPORT_RAG_PDF_PASSWORDS opens it, and there is no "password" in NAME.json beside it'
        )
    raise IngestError('encrypted: it needs a password (REPORT_RAG_PDF_PASSWORDS, or "password" in NAME.json beside it)')
