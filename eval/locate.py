"""The report that a label names, by file name or by report id, to its PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

from ingest.discover import discover, hash_file
from rag.errors import UsageError

_ID = re.compile(r"[0-9a-f]{16}")


def is_report_id(name: str) -> bool:
    """Whether a label names its report by the first 16 hex digits of the SHA-256 of the file."""
    return _ID.fullmatch(name) is not None


def report_id(path: Path) -> str:
    """The first 16 hex digits of the SHA-256 of the file. Hashed once for its path, size and time. Raises OSError."""
    found = path.stat()
    return _report_id(path, found.st_size, found.st_mtime_ns)


@cache
def _report_id(path: Path, _size: int, _changed: int) -> str:
    return hash_file(path)[:16]


class Shelf:
    """Folders of PDFs, asked for a report. A name is looked up in the folders themselves, an id in all below them."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    @cached_property
    def pdfs(self) -> tuple[Path, ...]:
        """Every PDF in and below the folders that are there, each once, sorted."""
        held = [folder for folder in self._folders if folder.is_dir()]
        return tuple(sorted({one.path.resolve() for one in discover(held) if one.path.is_file()}))

    @cached_property
    def _by_id(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for path in self.pdfs:
            try:
                found.setdefault(report_id(path), path)
            except OSError as exc:
                raise UsageError(f"{path} cannot be read: {exc.strerror or exc}") from exc
        return found

    def find(self, name: str) -> Path:
        """The PDF. UsageError with the reason, without file and line."""
        if is_report_id(name):
            return self._find_id(name)
        if not name or Path(name).name != name:
            raise UsageError(f"the report {name!r} is no bare file name: leave folders out and name them with --pdfs")
        for folder in self._folders:
            if (folder / name).is_file():
                return folder / name
        raise UsageError(f"the report {name!r} is in none of {self._searched}: name its folder with --pdfs")

    def _find_id(self, name: str) -> Path:
        if name not in self._by_id:
            raise UsageError(
                f"none of the {len(self._by_id)} PDFs in {self._searched} has the report id {name!r} "
                "(the start of its SHA-256): name its folder with --pdfs"
            )
        return self._by_id[name]

    @property
    def _searched(self) -> str:
        return ", ".join(str(folder) for folder in self._folders)
