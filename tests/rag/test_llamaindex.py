"""Our retriever inside a stock llama-index query engine."""

from __future__ import annotations

from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from rag.llamaindex import ReportRetriever
from rag.service import Service


def test_a_stock_query_engine_runs_on_it(small: Service) -> None:
    engine = RetrieverQueryEngine.from_args(ReportRetriever(small.retriever, top_k=3), llm=MockLLM())
    response = engine.query("How many tonnes will the kelp harvest reach in 2026?")
    assert "3,200 tonnes" in str(response)  # the mock model gives its prompt back
    first = response.source_nodes[0]
    assert first.node.metadata["page"] == 1
    assert first.node.metadata["title"].startswith("Kelp")
    assert len(first.node.metadata["boxes"][0]) == 4


def test_importing_the_package_does_not_load_llama_index() -> None:
    import subprocess
    import sys

    code = "import sys, api.cli, rag.service; sys.exit('llama_index' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
