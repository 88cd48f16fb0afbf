"""A database URL in, a `Catalog` out: reports, their pages and chunks, digests, failures and jobs."""

from __future__ import annotations

from rag.catalog.catalog import Catalog, open_catalog
from rag.catalog.failures import Failure
from rag.catalog.jobs import Job, JobState
from rag.catalog.lifecycle import ReportState, Version

__all__ = ["Catalog", "Failure", "Job", "JobState", "ReportState", "Version", "open_catalog"]
