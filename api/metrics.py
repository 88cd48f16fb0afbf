"""What happens in, figures for Prometheus out; those of catalog and jobs are counted when someone asks."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import Scope

from rag.catalog import Catalog
from rag.domain import Answer

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)


class Metrics:
    """The figures of one application; several may live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "report_rag_requests", "Requests.", ("method", "route", "status"), registry=self._registry
        )
        self._latency = Histogram(
            "report_rag_request_seconds", "Time of a request.", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._stages = Histogram(
            "report_rag_stage_seconds", "Time of a stage.", ("stage",), buckets=_SECONDS, registry=self._registry
        )
        self._answers = Counter(
            "report_rag_answers", "Answers by writer; refused ones by `refused`.", ("writer",), registry=self._registry
        )
        self._verdicts = Counter(
            "report_rag_verdicts", "Verdicts of the citations given.", ("verdict",), registry=self._registry
        )
        self._tokens = Counter("report_rag_llm_tokens", "Tokens by kind.", ("kind",), registry=self._registry)
        self._cost = Counter("report_rag_llm_cost", "Cost in the currency of the prices set.", registry=self._registry)

    def watch(self, catalog: Catalog) -> None:
        """Count reports, pages, chunks and jobs of this catalog from now on."""
        self._registry.register(_Counts(catalog))

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """A request is over. Routes count by their template: paths have no end."""
        route = getattr(scope.get("route"), "path", "none")
        self._requests.labels(scope["method"], route, str(status)).inc()
        self._latency.labels(route).observe(seconds)

    def stage(self, name: str, seconds: float) -> None:
        self._stages.labels(name).observe(seconds)

    def tokens(self, given: int, written: int, cost: float) -> None:
        """An LLM was called."""
        self._tokens.labels("given").inc(given)
        self._tokens.labels("written").inc(written)
        self._cost.inc(cost)

    def answer(self, answer: Answer) -> None:
        """An answer was given."""
        self._answers.labels("refused" if answer.refusal else answer.writer).inc()
        for sentence in answer.sentences:
            for citation in sentence.citations:
                self._verdicts.labels(citation.verdict.label).inc()

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)


class _Counts(Collector):
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()  # nothing is counted before someone asks

    def collect(self) -> Iterable[GaugeMetricFamily]:
        reports, pages, chunks = self._catalog.counts()
        size = GaugeMetricFamily("report_rag_index_size", "What can be cited.", labels=("what",))
        for what, count in (("reports", reports), ("pages", pages), ("chunks", chunks)):
            size.add_metric((what,), count)
        jobs = GaugeMetricFamily("report_rag_jobs", "Jobs by state.", labels=("state",))
        for state, count in self._catalog.job_counts().items():
            jobs.add_metric((state,), count)
        return (size, jobs)
