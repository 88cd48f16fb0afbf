"""What a reader does: upload, ask, follow a citation to its page, come back to it, read the feed, delete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pymupdf
import pytest

pytestmark = pytest.mark.browser

PEAT = [
    "Peat cutting in Sorvik\nMaterials Research, 4 May 2025",
    "The bogs of Sorvik lie north of the canal. Their owners sell by the cubic metre.",
    "Peat output in Sorvik fell 18% in 2024 after two bogs were flooded. "
    "Harbour dues at Lindholm were raised to 7 euros a tonne.",
]
QUESTION = "How much did peat output in Sorvik fall in 2024?"
SAID = "Peat output in Sorvik fell 18% in 2024 after two bogs were flooded."
ORDER = """
window.seen = [];
new MutationObserver(() => {
  const now = [document.querySelectorAll(".sentence").length, document.querySelectorAll(".turn .actions").length].join("/");
  if (window.seen.at(-1) !== now) window.seen.push(now);
}).observe(document, { childList: true, subtree: true });
"""


def test_from_upload_to_delete(open_page: Any, url: str, make_pdf: Any, tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "peat.pdf", PEAT)
    with open_page() as page:
        page.add_init_script(ORDER)
        upload(page, pdf)
        ask(page)
        link = page.url
        marks_cover_the_words(page, pdf)
        reload_keeps_it(page)
        feed_has_it(page)
        delete(page, url, link)


def upload(page: Any, pdf: Path) -> None:
    page.goto("/#/library")
    page.set_input_files("#files", pdf)
    page.wait_for_selector(".job[data-state=done]", timeout=60_000)
    assert page.inner_text(".job-name") == "peat.pdf"
    page.wait_for_selector(".report-title:text('Peat cutting in Sorvik')")


def ask(page: Any) -> None:
    page.click("nav >> text=Ask")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn .actions")
    assert SAID in page.inner_text(".sentence >> nth=0")
    assert re.search(r"#/ask/[0-9a-f]{32}$", page.url)
    written = page.evaluate("window.seen")
    assert "1/0" in written  # a sentence stood there before the answer was whole
    assert written[-1].endswith("/1")


def marks_cover_the_words(page: Any, pdf: Path) -> None:
    chip = page.locator(".sentence", has_text=SAID).locator(".chip")
    chip.hover()
    assert SAID in page.inner_text("#card")
    chip.click()
    page.wait_for_selector(".sheet.drawn")
    assert page.inner_text(".panel-place") == "Page 3 of 3"
    assert page.inner_text(".panel-title") == "Peat cutting in Sorvik"
    marked, plain = words_of(pdf, 2, SAID)
    boxes = boxes_in_points(page, pdf, 2)
    assert marked
    assert plain
    assert all(any(box.contains(word) for box in boxes) for word in marked)
    assert not any(box.contains(word) for box in boxes for word in plain)


def words_of(pdf: Path, number: int, said: str) -> tuple[list[pymupdf.Point], list[pymupdf.Point]]:
    """The middles of the words of a sentence on its page, and those of all others."""
    with pymupdf.open(pdf) as document:
        words = document[number].get_text("words")
    wanted = said.split()
    texts = [word[4] for word in words]
    start = next(n for n in range(len(texts)) if texts[n : n + len(wanted)] == wanted)
    middles = [pymupdf.Point((word[0] + word[2]) / 2, (word[1] + word[3]) / 2) for word in words]
    return middles[start : start + len(wanted)], middles[:start] + middles[start + len(wanted) :]


def boxes_in_points(page: Any, pdf: Path, number: int) -> list[pymupdf.Rect]:
    """The marks as they lie over the picture, in points of the page."""
    with pymupdf.open(pdf) as document:
        width = document[number].rect.width
    sheet = page.locator(".sheet-picture").bounding_box()
    scale = sheet["width"] / width
    boxes = [mark.bounding_box() for mark in page.locator(".mark").all()]
    return [
        pymupdf.Rect(
            (box["x"] - sheet["x"]) / scale,
            (box["y"] - sheet["y"]) / scale,
            (box["x"] + box["width"] - sheet["x"]) / scale,
            (box["y"] + box["height"] - sheet["y"]) / scale,
        )
        for box in boxes
    ]


def reload_keeps_it(page: Any) -> None:
    marks = page.locator(".mark").count()
    page.reload()
    page.wait_for_selector(".sheet.drawn")
    assert page.locator(".mark").count() == marks
    assert page.inner_text(".asked") == QUESTION
    assert SAID in page.inner_text(".sentence >> nth=0")
    assert SAID in page.inner_text(".panel-quote")
    page.click("[aria-label='Previous page']")
    page.wait_for_selector(".sheet.drawn[data-page='1']")
    assert page.inner_text(".panel-place") == "Page 2 of 3"
    assert page.locator(".mark").count() == 0
    page.go_back()
    page.wait_for_selector("#panel", state="hidden")


def feed_has_it(page: Any) -> None:
    page.goto("/#/feed")
    digest = page.locator(".digest", has_text="Peat cutting in Sorvik")
    for _ in range(60):  # the server makes it after the report was read
        if digest.count():
            break
        page.wait_for_timeout(500)
        page.reload()
        page.wait_for_selector(".digest, .state")
    digest.locator(".chip", has_text="p. 3").first.click()
    page.wait_for_selector(".sheet.drawn[data-page='2'] .mark")
    digest.get_by_role("radio", name="Outline").check()
    digest.locator(".outline .sentence").first.wait_for()


def delete(page: Any, url: str, link: str) -> None:
    page.goto("/#/library")
    row = page.locator(".report", has_text="Peat cutting in Sorvik")
    report = row.get_attribute("data-report")
    row.locator("summary").click()
    row.get_by_role("button", name="Delete").click()
    assert row.locator(".sure").is_visible()
    row.get_by_role("button", name="Cancel").click()
    row.get_by_role("button", name="Delete").click()
    row.get_by_role("button", name="Delete for good").click()
    row.wait_for(state="detached")
    assert httpx.get(f"{url}/v1/reports/{report}").status_code == 404
    found = httpx.post(f"{url}/v1/search", json={"question": QUESTION}, timeout=60).json()
    assert report not in {passage["report_id"] for passage in found["passages"]}
    feed = httpx.get(f"{url}/v1/digests").json()
    assert report not in {digest["report"]["id"] for digest in feed["digests"]}
    kept = link.rsplit("/", 1)[1]
    assert httpx.get(f"{url}/v1/conversations/{kept}").status_code == 404
    page.goto("/#/feed")
    page.wait_for_selector(".digest")
    assert page.locator(".digest", has_text="Peat cutting").count() == 0
    page.goto("/#/ask")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn .actions")
    assert page.locator(f"[data-report='{report}']").count() == 0
