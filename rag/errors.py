"""The tree of errors that a reader may see. Each message says what was expected, what came, and what to do.

    ReportRagError
    ├── UsageError               the caller's input is wrong (exit code 2, HTTP 422)
    │   └── NotFoundError        no such report, digest or job (exit code 2, HTTP 404)
    ├── IngestError              a file cannot be read (exit code 1; recorded, the rest goes on)
    ├── ConfigurationError       settings, data directory or model folder do not fit (exit code 2, HTTP 500)
    │   └── IndexMismatchError   the index was built with other settings; names `report-rag reindex`
    ├── StoreError               the index engine failed (HTTP 503, retryable)
    │   └── StoreFullError       no disk space left for the index (HTTP 507)
    └── ModelError               an LLM endpoint failed (HTTP 502, retryable where it says so)

`retryable` tells whether the same call may succeed later without a change.
"""

from __future__ import annotations

from collections.abc import Sequence


class ReportRagError(Exception):
    """The root. `str(error)` is one line meant for a person."""

    retryable = False


class UsageError(ReportRagError):
    """The caller's input is wrong. `candidates` are the nearest right values, best first."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class NotFoundError(UsageError):
    """What was named does not exist."""


class IngestError(ReportRagError):
    """A file cannot become a report; the message is the reason."""


class ConfigurationError(ReportRagError):
    """Settings, data directory or model folder do not fit; the message says what to change."""


class IndexMismatchError(ConfigurationError):
    """The index was built with other settings than the present ones."""


class StoreError(ReportRagError):
    """The index engine failed or cannot be reached."""

    retryable = True


class StoreFullError(StoreError):
    """Not enough disk space to write to the index."""


class ModelError(ReportRagError):
    """An LLM endpoint failed. `status` is the HTTP status if there was one."""

    def __init__(self, message: str, *, status: int | None = None, retryable: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.retryable = retryable
