"""The code that runs to a text that names it: `0.1.0 de0da08`, and a digest of what was changed since that commit."""

from __future__ import annotations

import hashlib
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ROOT = Path(__file__).parents[1]


@cache
def code_version(root: Path = _ROOT) -> str:
    """The package's version, then the commit where `root` is a git checkout; `+1a2b3c4d` stands for changes of its files."""
    try:
        release = version("report-rag")
    except PackageNotFoundError:  # run from a checkout that was never installed
        release = "unknown"
    if not (root / ".git").exists():
        return release
    commit = _git(root, "rev-parse", "--short=7", "HEAD")
    if commit is None:
        return release
    changes = _git(root, "diff", "HEAD")
    mark = f"+{hashlib.sha256(changes.encode()).hexdigest()[:8]}" if changes else ""
    return f"{release} {commit}{mark}"


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints; None where there is no git, or no commit."""
    try:
        done = subprocess.run(  # noqa: S603  # fixed arguments
            ["git", "-C", str(root), *arguments],  # noqa: S607  # wherever it is installed
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
