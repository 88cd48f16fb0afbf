"""The web page over one real server, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from made_corpus import ingested
from served import serving

from rag.config import Settings

CHROMIUM = Path("/usr/bin/chromium")
NEEDED = os.environ.get("REPORT_RAG_TEST_BROWSER") == "needed"
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 30_000

KELP = [
    "Kelp farming in Norrvik Bay\nEquity Research, 12 March 2025",
    "Kelp prices in Norrvik Bay rose 14% in 2024 because two hatcheries closed. "
    "We expect the kelp harvest to reach 3,200 tonnes in 2026.",
]
TEA = [
    "云岭茶业深度报告\n2025年2月16日",
    "云岭茶业2024年春茶产量为820吨，同比增长12%。我们预计2025年公司春茶产量将达到900吨。",
]
HOSTILE = [
    "<img src=x onerror=alert(1)> Tidal turbines\nEnergy Research, 3 June 2024",
    "The turbine <script>alert(2)</script> at Velde gave 41 gigawatt hours in 2023.",
]

MakePdf = Callable[..., Path]
OpenPage = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, make_pdf: MakePdf) -> Iterator[Settings]:
    """A data directory with three reports, one of which tries to be markup; digests are made by the server."""
    pdfs = tmp_path_factory.mktemp("pdfs")
    for name, pages in (("kelp", KELP), ("tea", TEA), ("hostile", HOSTILE)):
        make_pdf(pdfs / f"{name}.pdf", pages)
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), embed_model=str(model_folder))
    with ingested(settings, [pdfs]) as service:
        service.close()
        yield settings


@pytest.fixture(scope="session")
def url(settings: Settings) -> Iterator[str]:
    with serving(settings) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Playwright has an event loop in this thread for as long as it runs: no other test may then run one here."""
    if not CHROMIUM.exists():
        said = f"{CHROMIUM} is not there: apt-get install chromium"
        pytest.fail(said) if NEEDED else pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(browser: Any, url: str) -> OpenPage:
    """`with open_page() as page`: a fresh visitor. At the end: no error on the console, nothing asked of another host."""

    @contextmanager
    def opened(
        base: str = url, *, width: int = 1280, locale: str = "en-GB", theme: str = "light", expected: str = ""
    ) -> Iterator[Any]:
        context = browser.new_context(
            base_url=base, viewport={"width": width, "height": 900}, locale=locale, color_scheme=theme
        )
        context.set_default_timeout(WAIT_MS)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        errors: list[str] = []
        foreign: list[str] = []
        page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda asked: foreign.append(asked.url) if not is_own(asked.url, base) else None)
        try:
            yield page
        finally:
            context.close()
        assert [error for error in errors if not (expected and expected in error)] == []
        assert foreign == []

    return opened


def is_own(address: str, base: str) -> bool:
    return address.startswith((f"{base}/", f"blob:{base}/"))
