"""PDF files in, copies of them beside the catalog out, by the hash of their bytes: what the reader can read again."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from rag.errors import ConfigurationError


def copy_of(folder: Path, sha256: str) -> Path:
    """Where the copy of these bytes lies, if there is one."""
    return folder / sha256[:2] / f"{sha256}.pdf"


def keep_copy(folder: Path, path: Path, sha256: str) -> None:
    """Copy a PDF into the folder, whole or not at all. ConfigurationError where the folder takes none."""
    target = copy_of(folder, sha256)
    if target.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, work = tempfile.mkstemp(prefix=f".{sha256}-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as copy, path.open("rb") as original:
                shutil.copyfileobj(original, copy)
                copy.flush()
                os.fsync(copy.fileno())
            Path(work).replace(target)
        finally:
            Path(work).unlink(missing_ok=True)
    except OSError as exc:
        raise ConfigurationError(f"a copy of the PDF cannot be kept in {folder}: {exc.strerror or exc}") from exc


def drop_copies(folder: Path, report_id: str) -> None:
    """Delete the copy of a report, also one that was not finished; none there is no error."""
    for name in (f"{report_id}*.pdf", f".{report_id}*"):
        for file in folder.glob(f"{report_id[:2]}/{name}"):
            file.unlink(missing_ok=True)
