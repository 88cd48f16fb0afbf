"""What reading one file may cost, and the words for what happens when that is passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LayoutMode = Literal["auto", "always", "never"]
OcrMode = Literal["auto", "always", "never"]
"""auto: pages that are pictures, pictures under the title of a table, pages of little else than pictures; always: every
picture of some size too."""


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """Limits of one file, each a setting of rag/config.py but the last two, which concern the worker process.

    Seconds are wall time, `cpu_seconds` those of all threads of the worker; `memory_mb` is what the worker may have
    resident, and what it may allocate beyond its start. Characters count a page's text; a page past `page_chars`, and
    a file past `all_chars`, is cut with a warning. Of `max_failed_pages` pages the reader may hang or die.
    """

    page_seconds: float = 120.0
    file_seconds: float = 14400.0
    cpu_seconds: float = 14400.0
    memory_mb: int = 2000
    file_mb: int = 500
    max_pages: int = 3000
    max_objects: int = 1_000_000
    page_chars: int = 200_000
    all_chars: int = 10_000_000
    max_failed_pages: int = 10
    layout: LayoutMode = "auto"
    ocr: OcrMode = "auto"
    ocr_dpi: int = 300
    files_a_worker: int = 100
    idle_mb: int = 1200  # a worker that still holds more after a file is replaced; OCR and layout models take 900

    @property
    def page_is_slow(self) -> str:
        return f"takes longer than {self.page_seconds:g} s (REPORT_RAG_PARSE_TIMEOUT_S)"

    @property
    def file_is_slow(self) -> str:
        return f"the file takes longer than {self.file_seconds:g} s (REPORT_RAG_PARSE_FILE_TIMEOUT_S)"

    @property
    def cpu_is_spent(self) -> str:
        return f"the file takes more than {self.cpu_seconds:g} s of processor time (REPORT_RAG_PARSE_CPU_S)"

    @property
    def memory_is_spent(self) -> str:
        return f"needs more than {self.memory_mb} MB of memory (REPORT_RAG_PARSE_MEMORY_MB)"
