"""The page where things are not as they should be, without a mouse, and for those who see it otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from served import serving

from api.access import make_key
from rag.catalog import open_catalog
from rag.config import Settings

pytestmark = pytest.mark.browser

VIEWS = ("ask", "feed", "library", "compare")
QUESTION = "How much did kelp prices rise in Norrvik Bay?"
NOWHERE = "What is the market share of graphite electrodes in Patagonia?"


def ask(page: Any, question: str) -> None:
    page.goto("/")
    page.fill("#question", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn .actions")


def faults(page: Any) -> list[tuple[str, list[str]]]:
    """What axe finds serious or critical, and where."""
    found = Axe().run(page).response["violations"]
    bad = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in bad]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_view(open_page: Any, theme: str) -> None:
    with open_page(theme=theme) as page:
        for view in VIEWS:
            page.goto(f"/#/{view}")
            page.wait_for_load_state("networkidle")
            assert faults(page) == []
        page.goto("/#/library")
        page.click(".report summary >> nth=0")
        page.wait_for_selector(".facts >> text=Warnings")
        page.get_by_role("button", name="Correct").click()
        assert faults(page) == []
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Delete").click()
        assert faults(page) == []
        ask(page, QUESTION)
        page.click("[aria-controls=ask-filters]")
        page.click(".chip >> nth=0")
        page.wait_for_selector(".sheet.drawn")
        page.click("[aria-label=Settings]")
        assert faults(page) == []


def test_a_refusal_says_why_and_offers_leads(open_page: Any) -> None:
    with open_page() as page:
        ask(page, NOWHERE)
        assert page.inner_text(".refusal p")
        page.click(".lead >> nth=0")
        page.wait_for_selector(".sheet.drawn .mark")


def test_a_filter_that_fits_nothing_is_an_error_with_a_way_out(open_page: Any) -> None:
    with open_page(expected="422") as page:
        page.goto("/")
        page.get_by_role("button", name="Filters").click()
        page.fill(".field-company input", "Nobody & Sons")
        page.fill("#question", QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector(".turn-foot [role=alert]")
        assert "Nobody & Sons" in page.inner_text(".turn-foot")
        page.get_by_role("button", name="Filters").click()
        page.click(".filters-end button")
        page.click(".turn-foot >> text=Try again")
        page.wait_for_selector(".sentence")


def test_a_view_looks_the_same_whichever_view_it_came_from(open_page: Any) -> None:
    with open_page() as page:
        page.goto("/#/feed")
        page.wait_for_selector("article.digest, .state")
        straight = page.locator("h1").bounding_box()
        page.goto("/#/ask")
        page.wait_for_selector(".starters li")
        page.click("nav a[data-view=feed]")
        page.wait_for_selector("article.digest, .state")
        assert page.locator("h1").bounding_box() == straight


def test_without_a_mouse(open_page: Any) -> None:
    with open_page() as page:
        ask(page, QUESTION)
        chip = page.locator(".chip >> nth=0")
        for _ in range(30):
            page.keyboard.press("Tab")
            if chip.evaluate("node => node === document.activeElement"):
                break
        assert page.locator("#card").is_visible()
        page.keyboard.press("Enter")
        page.wait_for_selector(".sheet.drawn")
        assert page.evaluate("document.activeElement.closest('#panel') !== null")
        page.keyboard.press("ArrowLeft")
        page.wait_for_selector(".sheet.drawn[data-page='0']")
        page.keyboard.press("Escape")
        page.wait_for_selector("#panel", state="hidden")
        assert chip.evaluate("node => node === document.activeElement")


def test_page_text_is_never_markup(open_page: Any) -> None:
    with open_page() as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        ask(page, "How much did the turbine at Velde give in 2023?")
        assert "<script>alert(2)</script>" in page.inner_text(".sentence >> nth=0")
        page.click(".chip >> nth=0")
        page.wait_for_selector(".sheet.drawn")
        assert page.inner_text(".panel-title").startswith("<img src=x")
        for view in ("feed", "library"):
            page.goto(f"/#/{view}")
            page.wait_for_selector("main >> text=<img src=x onerror=alert(1)>")
        assert page.locator("main img, main script").count() == 0


def test_copy_has_question_sentences_and_notes(open_page: Any) -> None:
    with open_page() as page:
        ask(page, QUESTION)
        page.get_by_role("button", name="Copy with citations").click()
        page.wait_for_selector(".toast.shown")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(QUESTION)
        assert "rose 14% in 2024 because two hatcheries closed. [1]" in copied
        assert "[1] " in copied
        assert "Kelp farming in Norrvik Bay, 2025-03-12, p. 2" in copied


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_view_is_wider_than_the_window(open_page: Any, width: int) -> None:
    with open_page(width=width, locale="zh-CN") as page:
        for view in VIEWS:
            page.goto(f"/#/{view}")
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.inner_text("nav a >> nth=0") == "提问"
        ask(page, "云岭茶业2024年春茶产量是多少？")
        before = page.locator(".sentence >> nth=0").bounding_box()
        page.click(".chip >> nth=0")
        page.wait_for_selector(".sheet.drawn .mark")
        assert page.locator(".sentence >> nth=0").bounding_box() == before  # nothing jumps
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_both_languages_have_all_words(open_page: Any) -> None:
    with open_page() as page:
        page.goto("/")
        keys = "import('/web/strings.js').then(({ EN, ZH }) => [Object.keys(EN).sort(), Object.keys(ZH).sort()])"
        english, chinese = page.evaluate(keys)
        assert english == chinese


def test_what_is_new_since_the_last_visit(open_page: Any, url: str) -> None:
    with open_page() as page:
        page.goto("/#/feed")
        page.wait_for_selector(".digest")
        assert page.locator(".fresh").count() == 0
        page.evaluate("localStorage.setItem('rr.seen', JSON.stringify('2020-01-01T00:00:00Z'))")
        page.goto("/#/ask")
        page.reload()
        page.wait_for_selector(".badge:visible")
        page.click("nav >> text=Feed")
        page.wait_for_selector(".digest .fresh")
        page.reload()
        page.wait_for_selector(".digest")
        assert page.locator(".fresh").count() == 0


def test_a_correction_is_seen_at_once(open_page: Any) -> None:
    with open_page(expected="422") as page:
        page.goto("/#/library")
        row = page.locator(".report", has_text="云岭茶业深度报告")
        row.locator("summary").click()
        row.get_by_role("button", name="Correct").click()
        row.get_by_label("Date (YYYY-MM-DD)").fill("soon")
        row.get_by_role("button", name="Save").click()
        row.get_by_role("alert").wait_for()
        row.get_by_label("Date (YYYY-MM-DD)").fill("2025-02-17")
        row.get_by_role("button", name="Save").click()
        page.wait_for_selector(".report-about:has-text('17 Feb 2025')")


def test_a_key_is_asked_for_and_used_for_all(open_page: Any, settings: Settings) -> None:
    key, token = make_key("reader", "read", ())
    with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
        catalog.ledger.add_key(key)
    with serving(settings.model_copy(update={"access": "keys"})) as base, open_page(base, expected="401") as page:
        page.goto("/")
        page.wait_for_selector("#settings:popover-open .hint.asked")
        page.fill("#key", token)
        page.keyboard.press("Enter")
        page.wait_for_selector(".starters li")
        page.fill("#question", QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector(".turn .actions")
        page.click(".chip >> nth=0")
        page.wait_for_selector(".sheet.drawn")
        assert page.evaluate("sessionStorage.getItem('rr.key')") == token
        assert page.evaluate("Object.values(localStorage).join().includes('rr_')") is False
