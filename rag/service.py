"""Settings to the parts of the read way, each built when it is first needed. The only builder of the package rag."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from rag.across import JointEmbedder, UniversalEncoder
from rag.answer import Answerer
from rag.asked import Wording
from rag.bundled import ensure_bundled_model
from rag.catalog import Catalog, open_catalog
from rag.check import Checker
from rag.compare import Comparer
from rag.config import Settings
from rag.conversation import Conversations
from rag.dictionary import Dictionary
from rag.digest import Digester
from rag.domain import Manifest
from rag.e5 import E5Embedder, is_converted
from rag.embed import SentenceEmbedder
from rag.errors import ConfigurationError, IndexMismatchError, UsageError
from rag.extract import ExtractiveWriter
from rag.judge import LlmJudge, NliJudge
from rag.legs import Legs
from rag.lexicon import Lexicon
from rag.metrics import Metrics
from rag.parent import of_the_group
from rag.ports import ChatModel, Embedder, Judge, Reranker, Store
from rag.publishers import Publishers
from rag.reckon import Reckoner
from rag.relevance import Relevance
from rag.rerank import CrossEncoderReranker
from rag.retrieve import Retriever
from rag.rewrite import Rewriter
from rag.scope import Scopes
from rag.sparse import Bm25Encoder, WordTokeniser, bigrams
from rag.statements import Statements
from rag.translate import Translator
from rag.verify import RuleVerifier
from rag.writer import LlmWriter

_COMPARED, _COMPARED_OF = 3, 24  # sentences of each report that is compared, and those whose meaning is looked at
_REWRITE_S = 10.0  # a search does not wait longer for the LLM to word or complete its question
_JUDGE_S = 20.0  # nor a batch of sentences for its second check


class Service:
    """Holds the parts; `close` ends what it opened. `say` gets progress messages meant for a person."""

    def __init__(
        self, settings: Settings, say: Callable[[str], None] = lambda _: None, *, models: Path | None = None
    ) -> None:
        """`models` is the folder of converted models, by default in the data directory."""
        self.settings = settings
        self._say = say
        self._models = models or settings.data_dir / "models"

    # --- models and files --------------------------------------------------------------------------------------------

    @cached_property
    def publishers(self) -> Publishers:
        return Publishers.load(self.settings.alias_file)

    @cached_property
    def lexicon(self) -> Lexicon:
        return Lexicon.load(self.settings.lexicon_file)

    @cached_property
    def embedder(self) -> Embedder:
        own = self.own_embedder
        return own if self.settings.across_model == "none" else JointEmbedder(own, UniversalEncoder())

    @cached_property
    def own_embedder(self) -> Embedder:
        """The model for questions in the language of the reports."""
        model = self.settings.embed_model
        if model == "bundled":
            return E5Embedder(lambda: ensure_bundled_model(self._models, self._say))
        if is_converted(Path(model)):
            return E5Embedder(lambda: Path(model))
        return SentenceEmbedder(model, batch=self.settings.embed_batch)

    @cached_property
    def tokenise(self) -> WordTokeniser:
        return WordTokeniser(self.publishers.user_words())

    @cached_property
    def statements(self) -> Statements:
        return Statements.load(self.lexicon)

    @cached_property
    def translator(self) -> Translator:
        return Translator(self.lexicon, lambda: Dictionary.load(self._models), self.tokenise)

    @cached_property
    def words(self) -> Bm25Encoder:
        return Bm25Encoder(self.tokenise, self.settings.bm25_avgdl)

    @cached_property
    def page_terms(self) -> Bm25Encoder:
        return Bm25Encoder(bigrams, self.settings.page_avgdl)

    @cached_property
    def catalog(self) -> Catalog:
        return open_catalog(self.settings.catalog_url, self.settings.data_dir)

    @cached_property
    def store(self) -> Store:
        settings = self.settings
        if settings.qdrant_url:
            from rag.store.server import open_server

            key = settings.qdrant_api_key.get_secret_value()
            return open_server(settings.qdrant_url, key, settings.qdrant_collection)
        from rag.store.edge import EdgeStore

        return EdgeStore(settings.data_dir / "index")

    # --- the index's manifest ----------------------------------------------------------------------------------------

    def manifest(self, write_way: tuple[tuple[str, str], ...]) -> Manifest:
        """What an index built with the present settings carries; `write_way` are the entries of the write way."""
        entries = (
            ("model", self.embedder.fingerprint),
            ("dimensions", str(self.embedder.dimensions)),
            ("words", self.words.fingerprint),
            ("page terms", self.page_terms.fingerprint),
            *write_way,
        )
        return Manifest(tuple(sorted(entries)))

    def check_index(self, expected: Manifest) -> None:
        """UsageError when nothing was ever indexed, IndexMismatchError when it was with other settings."""
        found = self.store.manifest()
        if found is None:
            raise UsageError("the index is empty: fill it with report-rag ingest FOLDER")
        compare_manifests(found, expected)

    @cached_property
    def reranker(self) -> Reranker | None:
        settings = self.settings
        if not settings.rerank_model:
            return None
        return CrossEncoderReranker(
            settings.rerank_model, budget_s=settings.rerank_budget_s, batch=settings.rerank_batch
        )

    # --- the read way ------------------------------------------------------------------------------------------------

    @cached_property
    def retriever(self) -> Retriever:
        return Retriever(
            scopes=Scopes(self.catalog, self.publishers, self.lexicon, self.statements),
            wording=Wording(self.lexicon, self.translator),
            legs=Legs(
                embedder=self.embedder,
                words=self.words,
                page_terms=self.page_terms,
                store=self.store,
                lexicon=self.lexicon,
                statements=self.statements,
                tokenise=self.tokenise,
            ),
            catalog=self.catalog,
            rewriter=self.rewriter,
            reranker=self.reranker,
            rerank_first=self.settings.rerank_first,
            today=lambda: datetime.now().astimezone().date(),
        )

    @cached_property
    def llm_writer(self) -> LlmWriter | None:
        if not self.settings.llm_base_url:
            return None
        settings = self.settings
        return LlmWriter(
            self._chat(settings.llm_deadline_s),
            settings.llm_context_tokens,
            max_tokens=settings.llm_max_tokens,
            seconds=settings.llm_deadline_s,
            prices=(settings.llm_price_given, settings.llm_price_written),
            relevance=self.relevance,
        )

    @cached_property
    def rewriter(self) -> Rewriter | None:
        if not self.settings.llm_rewrite:
            return None
        if not self.settings.llm_base_url:
            raise ConfigurationError(
                "REPORT_RAG_LLM_REWRITE is set but REPORT_RAG_LLM_BASE_URL is not: name the endpoint"
            )
        return Rewriter(self._chat(min(self.settings.llm_deadline_s, _REWRITE_S)))

    def _chat(self, deadline_s: float) -> ChatModel:
        settings = self.settings
        if not settings.llm_model:
            raise ConfigurationError("REPORT_RAG_LLM_BASE_URL is set but REPORT_RAG_LLM_MODEL is not: name the model")
        from rag.llm import OpenAIChat

        return OpenAIChat(
            base_url=settings.llm_base_url,
            model=settings.llm_model,
            api_key=settings.llm_api_key.get_secret_value(),
            deadline_s=deadline_s,
            retries=settings.llm_retries,
            max_tokens=settings.llm_max_tokens,
        )

    @cached_property
    def checker(self) -> Checker:
        settings = self.settings
        return Checker(self.catalog, RuleVerifier(), self.judge, settings.judge_batch, settings.llm_closeness)

    @cached_property
    def judge(self) -> Judge | None:
        settings = self.settings
        if not settings.judge:
            return None
        if settings.judge != "llm":
            return NliJudge(settings.judge)
        if not settings.llm_base_url:
            raise ConfigurationError(
                "REPORT_RAG_JUDGE is llm but REPORT_RAG_LLM_BASE_URL is not set: name the endpoint"
            )
        return LlmJudge(self._chat(min(settings.llm_deadline_s, _JUDGE_S)))

    @cached_property
    def relevance(self) -> Relevance:
        return Relevance(self.translator, self.tokenise)

    @cached_property
    def answerer(self) -> Answerer:
        extractive = ExtractiveWriter(self.embedder, self.relevance)
        return Answerer(
            retriever=self.retriever,
            extractive=extractive,
            llm=self.llm_writer,
            checker=self.checker,
            tokenise=self.tokenise,
            reckoner=self.reckoner,
            is_word=self.translator.knows,
            of_group=partial(of_the_group, self.catalog.texts_of_pages),
        )

    @cached_property
    def reckoner(self) -> Reckoner:
        return Reckoner(self.catalog, Metrics.load(), self.statements.holds)

    @cached_property
    def comparer(self) -> Comparer:
        return Comparer(
            retriever=self.retriever,
            publishers=self.publishers,
            extractive=ExtractiveWriter(
                self.embedder, self.relevance, most=_COMPARED, read=_COMPARED_OF, on_topic=True
            ),
            llm=self.llm_writer,
            checker=self.checker,
            lexicon=self.lexicon,
            tokenise=self.tokenise,
        )

    @cached_property
    def conversations(self) -> Conversations:
        model = self._chat(min(self.settings.llm_deadline_s, _REWRITE_S)) if self.settings.llm_base_url else None
        return Conversations(self.catalog, self.publishers, self.lexicon, model)

    @cached_property
    def digester(self) -> Digester:
        return Digester(self.catalog, self.checker, self.llm_writer)

    def close(self) -> None:
        """Close what was opened; the engine process of the index stays for others and ends by itself when idle."""
        for name in ("store", "catalog"):
            if name in self.__dict__:
                self.__dict__[name].close()


def compare_manifests(found: Manifest, expected: Manifest) -> None:
    """IndexMismatchError that names each difference and the command that mends it."""
    was, now = dict(found.entries), dict(expected.entries)
    changed = [
        f"{key} is {was.get(key, 'missing')} in the index and {now.get(key, 'missing')} now"
        for key in sorted(was.keys() | now.keys())
        if was.get(key) != now.get(key)
    ]
    if changed:
        raise IndexMismatchError(
            f"the index was made with other settings: {'; '.join(changed)}. Run report-rag reindex"
        )
