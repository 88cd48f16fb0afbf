"""Check samples/qa.jsonl against the reports: every number of an answer stands on the labelled pages.

The scanned report has no text layer, so pages are read from the sources as they were laid out.
Run `python samples/check_qa.py`; it prints each disagreement and ends with status 1 if there is one.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from build import HERE, SOURCES, Layout, read_report, to_document

KEYS = {"id", "question", "answer", "report", "pages", "lang", "source", "answerable"}
# Restatements of a figure in another unit, which the page does not repeat.
ASIDE = re.compile(r"\([^()]*(?:billion|million)[^()]*\)|（[\d,]+百万元）")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def page_texts() -> dict[str, list[str]]:
    texts = {}
    for source in sorted(SOURCES.glob("*.md")):
        report = read_report(source)
        document = to_document(Layout(report).run())
        texts[report.file] = [page.get_text() for page in document]
    return texts


def problems(row: dict[str, Any], texts: dict[str, list[str]]) -> list[str]:
    found = []
    if set(row) != KEYS:
        found.append(f"keys are {sorted(row)}")
    if not row["answerable"]:
        if row["pages"] or row["report"] is not None:
            found.append("unanswerable, but labelled with a report or pages")
        return found
    pages = texts.get(row["report"], [])
    if not row["pages"] or not all(0 <= number < len(pages) for number in row["pages"]):
        return [*found, f"pages {row['pages']} of {row['report']} do not exist"]
    numbers = set(NUMBER.findall(" ".join(pages[number] for number in row["pages"])))
    missing = [number for number in NUMBER.findall(ASIDE.sub("", row["answer"])) if number not in numbers]
    if missing:
        found.append(f"numbers not on the labelled pages: {', '.join(missing)}")
    return found


def main(path: Path) -> int:
    texts = page_texts()
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wrong = [(row["id"], problem) for row in rows for problem in problems(row, texts)]
    if len({row["id"] for row in rows}) != len(rows):
        wrong.append(("ids", "not unique"))
    for name, problem in wrong:
        print(f"{name}: {problem}")
    print(f"{len(rows)} questions, {len(wrong)} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(HERE / "qa.jsonl"))
