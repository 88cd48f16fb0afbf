"""docs/service.md has a line for every route, with its scope, and names no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.access import needed
from api.app import create_app
from api.mcp_server import make_mcp
from rag.config import Settings
from rag.service import Service

DOC = (Path(__file__).parents[2] / "docs" / "service.md").read_text("utf-8")


def test_every_route_has_its_line() -> None:
    told = {(method, path, scope) for method, path, scope in re.findall(r"^\| `([A-Z]+) (\S+)` \| (\w+) \|", DOC, re.M)}
    paths = create_app(Settings()).openapi()["paths"]
    there = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert told == {(method, path, needed(method, path) or "none") for method, path in there}


@pytest.mark.anyio
async def test_every_tool_is_named(tmp_path: Path) -> None:
    server = make_mcp(lambda: Service(Settings(data_dir=tmp_path)))
    for tool in await server.list_tools():
        assert f"`{tool.name}`" in DOC
