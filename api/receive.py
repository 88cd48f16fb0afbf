"""The stream of a multipart request in, its files on disk out, each with the name it was sent under and its SHA-256.

The framework's own form parser would keep a whole upload among the temporary files before a route can refuse it; here
each piece goes to the data directory as it arrives. Of a file that is too large nothing stays, and what follows of it is
read past; a body that is too large altogether ends at once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.errors import TOO_LARGE, ProblemError
from rag.errors import ConfigurationError, StoreFullError, UsageError

FIELD = "file"
MOST_FILES = 100
_IN_ALL = 5  # times the limit of one file
_MOST_OTHER_BYTES = 1 << 20  # boundaries, headers and fields that nobody asked for
_LONGEST_NAME = 180
_HOW = "send multipart/form-data with PDFs in the field `file`"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came whole. `name` is only a label, without any path."""

    path: Path
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that came and is not taken."""

    name: str
    error: UsageError | ProblemError


async def receive_files(request: Request, folder: Path, limit_mb: int) -> list[Received | Refused]:
    """Stream the request's files to `folder`, in their order. A body that fails leaves nothing there.

    UsageError says what to send instead; a body that is too large altogether is a ProblemError.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > (_IN_ALL * limit_mb << 20) + _MOST_OTHER_BYTES:
        raise _too_much(limit_mb)
    boundary = _boundary(request.headers.get("content-type"))
    form = _Form(folder, limit_mb, boundary)
    try:
        async for piece in request.stream():
            await run_in_threadpool(form.write, piece)
        return await run_in_threadpool(form.finish)
    except BaseException as exc:
        form.discard()
        if isinstance(exc, ClientDisconnect):
            raise UsageError("the upload broke off: send it again") from exc
        raise


class _Arriving:
    """One file of the form as its bytes come."""

    def __init__(self, folder: Path, name: str, limit_mb: int) -> None:
        self.name = name
        self._limit_mb = limit_mb
        self._file = _temporary(folder)
        self._hash = hashlib.sha256()
        self._size = 0

    def take(self, piece: bytes) -> None:
        before, self._size = self._size, self._size + len(piece)
        if self._size <= self._limit_mb << 20:
            self._hash.update(piece)
            self._file.write(piece)
        elif before <= self._limit_mb << 20:
            self.discard()  # the rest is read past

    def close(self) -> Received | Refused:
        if self._size > self._limit_mb << 20:
            limit = f"the file is larger than {self._limit_mb} MB (REPORT_RAG_UPLOAD_MAX_MB)"
            return Refused(self.name, ProblemError(TOO_LARGE, limit))
        if self._size == 0:
            self.discard()
            return Refused(self.name, UsageError("the file is empty: send the bytes of a PDF"))
        self._file.flush()
        os.fsync(self._file.fileno())  # the job that names the file outlives a loss of power, so must the file
        self._file.close()
        return Received(Path(self._file.name), self.name, self._hash.hexdigest())

    def discard(self) -> None:
        with suppress(OSError):
            self._file.close()
        Path(self._file.name).unlink(missing_ok=True)


class _Form:
    """Writes the files of a multipart body to disk as its bytes come."""

    def __init__(self, folder: Path, limit_mb: int, boundary: bytes) -> None:
        self._folder = folder
        self._limit_mb = limit_mb
        self._files: list[_Arriving] = []
        self._open: _Arriving | None = None
        self._size = self._in_files = 0
        self._ended = False
        self._header = b""
        self._value = b""
        self._field: tuple[str, str | None] | None = None
        self._parser = self._make_parser(boundary)

    def write(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > (_IN_ALL * self._limit_mb << 20) + _MOST_OTHER_BYTES:
            raise _too_much(self._limit_mb)
        try:
            self._parser.write(piece)
        except FormParserError as exc:
            raise UsageError(f"the body is no multipart form ({exc}): {_HOW}") from exc
        except OSError as exc:
            raise _disk_fault(exc) from exc
        if self._size - self._in_files > _MOST_OTHER_BYTES:
            raise ProblemError(TOO_LARGE, f"the form is larger than 1 MB beside its files: {_HOW}")

    def finish(self) -> list[Received | Refused]:
        """Close the files; UsageError when none came, or not to the end."""
        if not self._ended:
            raise UsageError("the upload ends in the middle: send it again")
        if not self._files:
            raise UsageError(f"no file came: {_HOW}")
        try:
            return [file.close() for file in self._files]
        except OSError as exc:
            raise _disk_fault(exc) from exc

    def discard(self) -> None:
        for file in self._files:
            file.discard()

    # --- what the parser tells ---------------------------------------------------------------------------------------

    def _make_parser(self, boundary: bytes) -> MultipartParser:
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._data,
                    "on_end": self._end,
                },
            )
        except FormParserError as exc:
            raise UsageError(f"the boundary is not usable ({exc}): {_HOW}") from exc

    def _part_begins(self) -> None:
        self._field = None
        self._open = None

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            sent_as = options.get(b"filename")
            self._field = (decoded(options.get(b"name", b"")), None if sent_as is None else decoded(sent_as))
        self._header = self._value = b""

    def _headers_end(self) -> None:
        if self._field is None or self._field[0] != FIELD:
            return
        if self._field[1] is None:
            raise UsageError(f"the field `file` is no file: {_HOW}")
        if len(self._files) == MOST_FILES:
            raise UsageError(f"more than {MOST_FILES} files came: send them in several uploads")
        self._open = _Arriving(self._folder, label(self._field[1]), self._limit_mb)
        self._files.append(self._open)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._open is not None:
            self._in_files += end - start
            self._open.take(data[start:end])

    def _end(self) -> None:
        self._ended = True


def label(sent_as: str) -> str:
    """A file name as a client sent it, to one line without path parts: it is shown and never opened."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent_as))[-1]
    clean = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()
    if not clean.strip("."):
        return "upload.pdf"
    stem, dot, suffix = clean.rpartition(".")
    if len(clean) > _LONGEST_NAME and dot and len(suffix) < 10:
        return f"{stem[: _LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return clean[:_LONGEST_NAME]


def _boundary(content_type: str | None) -> bytes:
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise UsageError(f"the body is no form with a file: {_HOW}")
    return options[b"boundary"]


def decoded(text: bytes) -> str:
    """Names come in the encoding of the sender: where it is not UTF-8, a Chinese one is likelier than any other."""
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return text.decode(encoding)
    return text.decode("latin-1")


def _temporary(folder: Path) -> IO[bytes]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.NamedTemporaryFile(dir=folder, suffix=".pdf", delete=False)
    except OSError as exc:
        raise _disk_fault(exc) from exc


def _disk_fault(exc: OSError) -> StoreFullError | ConfigurationError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFullError("no disk space is left for the upload: make room and send it again")
    return ConfigurationError(f"the upload cannot be kept in the data directory: {exc.strerror or type(exc).__name__}")


def _too_much(limit_mb: int) -> ProblemError:
    most = _IN_ALL * limit_mb
    said = f"the upload is larger than {most} MB, a file may have {limit_mb} MB (REPORT_RAG_UPLOAD_MAX_MB)"
    return ProblemError(TOO_LARGE, f"{said}: send fewer files at once")
