"""A parsed report and its file name in, its `Metadata` out: title, house, date, kind, analysts, company, rating, period."""

from __future__ import annotations

from ingest.metadata.extract import extract_metadata

__all__ = ["extract_metadata"]
