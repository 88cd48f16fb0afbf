"""The files of the web page: all there, none from elsewhere, under a strict policy."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi.testclient import TestClient

FOLDER = Path(__file__).parents[2] / "api" / "web"


def test_the_page_comes_under_a_strict_policy(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert re.search(r"\sstyle=|\son\w+=|<style|<script>", page.text) is None


def test_every_part_is_served_and_named(client: TestClient) -> None:
    named = set(re.findall(r'(?:href|src)="/web/([\w.]+)"', (FOLDER / "index.html").read_text("utf-8")))
    for script in FOLDER.glob("*.js"):
        named |= set(re.findall(r'from "\./([\w.]+)"', script.read_text("utf-8")))
    assert named | {"index.html"} == {file.name for file in FOLDER.iterdir()}
    for name in named:
        part = client.get(f"/web/{name}")
        assert part.status_code == 200
        assert part.headers["cache-control"] == "no-cache"


def test_no_part_names_another_host_or_makes_markup() -> None:
    for file in FOLDER.iterdir():
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text, file.name
        assert "https:" not in text, file.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text), file.name


def test_what_is_no_part_is_a_problem(client: TestClient) -> None:
    missing = client.get("/web/../../pyproject.toml")
    assert missing.status_code == 404
    assert client.get("/web/none.js").headers["content-type"] == "application/problem+json"
