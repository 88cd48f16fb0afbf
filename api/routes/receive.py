"""The stream of a multipart request in, its one file on disk out, with the name it was sent under and its SHA-256.

The framework's own form parser would keep a whole upload among the temporary files before a route can refuse it; here
each piece goes to the data directory as it arrives, and the first byte too many ends it.
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
_MOST_OTHER_BYTES = 1 << 20  # boundaries, headers and fields that nobody asked for
_LONGEST_NAME = 180
_HOW = "send multipart/form-data with one PDF in the field `file`"


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came whole. `name` is only a label, without any path."""

    path: Path
    name: str
    sha256: str


async def receive_file(request: Request, folder: Path, limit_mb: int) -> Received:
    """Stream the request's file to `folder`; nothing stays there when it fails. UsageError says what to send instead."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > (limit_mb << 20) + _MOST_OTHER_BYTES:
        raise _too_large(limit_mb)
    boundary = _boundary(request.headers.get("content-type"))
    sink = await run_in_threadpool(_Sink, folder, limit_mb, boundary)
    try:
        async for piece in request.stream():
            await run_in_threadpool(sink.write, piece)
        return await run_in_threadpool(sink.finish)
    except BaseException as exc:
        sink.discard()
        if isinstance(exc, ClientDisconnect):
            raise UsageError("the upload broke off: send it again") from exc
        raise


class _Sink:
    """Writes the one file of a multipart body to disk as its bytes come."""

    def __init__(self, folder: Path, limit_mb: int, boundary: bytes) -> None:
        self._limit_mb = limit_mb
        self._file = _temporary(folder)
        self._hash = hashlib.sha256()
        self._size = self._other = 0
        self._name: str | None = None
        self._in_file = self._ended = False
        self._header = b""
        self._value = b""
        self._field: tuple[str, str | None] | None = None
        self._parser = self._make_parser(boundary)

    def write(self, piece: bytes) -> None:
        before = self._size
        try:
            self._parser.write(piece)
        except FormParserError as exc:
            raise UsageError(f"the body is no multipart form ({exc}): {_HOW}") from exc
        except OSError as exc:
            raise _disk_fault(exc) from exc
        self._other += max(0, len(piece) - (self._size - before))
        if self._other > _MOST_OTHER_BYTES:
            raise _too_large(self._limit_mb)

    def finish(self) -> Received:
        """Close the file; UsageError when none came, or not to its end."""
        if not self._ended:
            raise UsageError("the upload ends in the middle: send it again")
        if self._name is None:
            raise UsageError(f"no file came: {_HOW}")
        if self._size == 0:
            raise UsageError("the file is empty: send the bytes of a PDF")
        try:
            self._file.flush()
            os.fsync(self._file.fileno())  # the job that names the file outlives a loss of power, so must the file
            self._file.close()
        except OSError as exc:
            raise _disk_fault(exc) from exc
        return Received(Path(self._file.name), self._name, self._hash.hexdigest())

    def discard(self) -> None:
        with suppress(OSError):
            self._file.close()
        Path(self._file.name).unlink(missing_ok=True)

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
            self.discard()
            raise UsageError(f"the boundary is not usable ({exc}): {_HOW}") from exc

    def _part_begins(self) -> None:
        self._field = None
        self._in_file = False

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            sent_as = options.get(b"filename")
            self._field = (_decoded(options.get(b"name", b"")), None if sent_as is None else _decoded(sent_as))
        self._header = self._value = b""

    def _headers_end(self) -> None:
        if self._field is None or self._field[0] != FIELD:
            return
        if self._name is not None:
            raise UsageError("more than one file came: upload them one by one")
        if self._field[1] is None:
            raise UsageError(f"the field `file` is no file: {_HOW}")
        self._in_file = True
        self._name = label(self._field[1])

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._in_file:
            return
        self._size += end - start
        if self._size > self._limit_mb << 20:
            raise _too_large(self._limit_mb)
        piece = data[start:end]
        self._hash.update(piece)
        self._file.write(piece)

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


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
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


def _too_large(limit_mb: int) -> ProblemError:
    return ProblemError(TOO_LARGE, f"the file is larger than {limit_mb} MB (REPORT_RAG_UPLOAD_MAX_MB)")
