"""Paths a user gives to the files to read, in a stable order; what cannot be read is told with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """One file to read, or a path that gives none and why. `source` is the key a report is kept under.

    `sidecar` is where its sidecar would be; None for what has none: uploads, files that are no NAME.pdf.
    """

    path: Path
    source: str
    fault: str | None = None
    sidecar: Path | None = None


def discover(paths: Iterable[Path]) -> list[Found]:
    """Files as given, and every *.pdf below the folders given (hidden ones left out); each file once."""
    found: dict[str, Found] = {}
    for path in paths:
        for one in _below(path):
            found.setdefault(one.source, one)
    return list(found.values())


def source_key(path: Path) -> str:
    """The absolute path: the key under which a file's versions follow each other; bytes that are no text are escaped."""
    return str(path.expanduser().absolute()).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def sidecar_of(path: Path) -> Path | None:
    """NAME.json beside NAME.pdf, whether it is there or not."""
    return path.with_suffix(".json") if path.suffix.lower() == ".pdf" else None


def _below(path: Path) -> Iterator[Found]:
    source = source_key(path)
    try:
        if not path.exists():
            yield Found(path, source, "no such file or folder")
        elif not path.is_dir():
            yield Found(path, source, sidecar=sidecar_of(path))
        else:
            files = sorted(
                file
                for file in path.rglob("*")
                if file.suffix.lower() == ".pdf"
                and not any(part.startswith(".") for part in file.relative_to(path).parts)
                and file.is_file()
            )
            if not files:
                yield Found(path, source, "no PDF file in this folder")
            for file in files:
                yield Found(file, source_key(file), sidecar=sidecar_of(file))
    except OSError as exc:
        yield Found(path, source, f"cannot be read: {exc.strerror or exc}")


def hash_file(path: Path) -> str:
    """SHA-256 of the file's bytes, hex. OSError when it cannot be read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
