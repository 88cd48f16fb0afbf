"""A parsed report and its file name in, its `Metadata` out: title, publisher, date and language."""

from __future__ import annotations

from ingest.metadata.extract import extract_metadata

__all__ = ["extract_metadata"]
