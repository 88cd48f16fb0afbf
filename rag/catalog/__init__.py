"""A database URL in, a `Catalog` out: reports, their pages and chunks, digests, failures and jobs."""

from __future__ import annotations

from rag.catalog.catalog import Catalog, open_catalog
from rag.catalog.digests import Maker, StaleDigest
from rag.catalog.failures import Failure
from rag.catalog.jobs import Job, JobState
from rag.catalog.ledger import ApiKey, AuditEntry, KeptAnswer, Ledger, new_id
from rag.catalog.lifecycle import ReportState, Version
from rag.catalog.listing import DigestPlace, Listed, ReportPlace

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Catalog",
    "DigestPlace",
    "Failure",
    "Job",
    "JobState",
    "KeptAnswer",
    "Ledger",
    "Listed",
    "Maker",
    "ReportPlace",
    "ReportState",
    "StaleDigest",
    "Version",
    "new_id",
    "open_catalog",
]
