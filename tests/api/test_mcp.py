"""The official MCP client against the tools, over stdio and over HTTP."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters

import api
from rag.config import Settings

QUESTION = "How much did kelp prices rise in Norrvik Bay?"
TOOLS = {"search", "ask", "compare", "get_page", "digest", "list_reports"}
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["stdio", "http"])
def server(request: pytest.FixtureRequest, corpus: Settings, url: str) -> Any:
    """What the client connects to."""
    if request.param == "http":
        return f"{url}/mcp"
    environment = {**os.environ, "REPORT_RAG_EMBED_MODEL": corpus.embed_model}
    arguments = ["-m", "api.cli", "mcp", "--data-dir", str(corpus.data_dir)]
    root = Path(api.__file__).parents[1]
    return StdioServerParameters(command=sys.executable, args=arguments, env=environment, cwd=root)


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]  # tools give text


async def test_an_agent_finds_asks_and_reads(server: Any) -> None:
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == TOOLS
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)

        listed = await call(client, "list_reports", title="KELP")
        (kelp,) = listed["reports"]
        assert (listed["total"], listed["next"]) == (1, None)
        found = await call(client, "search", question=QUESTION, top_k=1)
        assert (found["passages"][0]["report_id"], found["passages"][0]["page"]) == (kelp["id"], 1)
        said = await call(client, "ask", question=QUESTION, reports=[kelp["id"]])
        assert f"[page::1](report:{kelp['id']})" in said["answer"]
        assert said["sentences"][0]["citations"][0]["verdict"]["label"] == "supported"
        page = await call(client, "get_page", report_id=kelp["id"], page=1)
        assert said["sentences"][0]["citations"][0]["quote"] in page["text"]
        digest = await call(client, "digest", report_id=kelp["id"])
        assert "[page::1]" in digest["text"]
        silent = await call(client, "ask", question="What is the market share of graphite electrodes in Patagonia?")
        assert silent["refusal"]
        assert silent["answer"] == ""

        assert "pages 0 to 1" in await refused(client, "get_page", report_id=kelp["id"], page=2)
        assert f"Did you mean: {kelp['id']}" in await refused(client, "digest", report_id=kelp["id"][:8])
        assert "since must be a date" in await refused(client, "search", question="kelp", since="soon")
        assert "cursor" in await refused(client, "list_reports", cursor="x")


async def test_over_http_a_foreign_page_gets_nothing(url: str) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    async with httpx.AsyncClient() as client:
        accept = {"accept": "application/json, text/event-stream"}
        assert (await client.post(f"{url}/mcp", json=asked, headers=accept)).status_code == 200
        foreign = await client.post(f"{url}/mcp", json=asked, headers={**accept, "origin": "http://evil.example"})
        assert foreign.status_code == 403
