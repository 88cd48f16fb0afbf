"""Follow-up questions by rules: pairs in both languages, a third of which were not looked at while the rules were made."""

from __future__ import annotations

from pathlib import Path

from rag.companies import Companies
from rag.followup import Rules
from rag.lexicon import Lexicon
from rag.publishers import Entry, Publishers
from rag.slots import Reader

PAIRS = Path(__file__).parents[1] / "data" / "followups.tsv"
HOUSES = (
    Entry("海岳证券", ("海岳",)),
    Entry("青岚研究", ("青岚",)),
    Entry("华岭证券", ("华岭",)),
    Entry("Harborlight Research", ("Harborlight",)),
    Entry("Tarnwick Securities", ("Tarnwick",)),
)
COMPANIES = ("云岭茶业", "海湾电力", "澄川储能", "Orrindale Diagnostics", "Kelpworks Inc")


def pairs() -> tuple[list[list[str]], list[list[str]]]:
    """Those that the rules were tuned on, and those held out."""
    tuned, held = PAIRS.read_text("utf-8").split("# --- held out", 1)
    rows = [
        [line.split("\t") for line in part.splitlines() if "\t" in line and line[0] != "#"] for part in (tuned, held)
    ]
    return rows[0], rows[1]


def rules() -> Rules:
    return Rules(Reader(Publishers(HOUSES), Lexicon.load(), Companies([(name, None) for name in COMPANIES])))


def is_right(row: list[str], resolved: str) -> bool:
    _, question, must, *rest = row
    if must == "=":
        return resolved == question
    folded = resolved.lower()
    absent = rest[0].split("|") if rest and rest[0] else []
    return all(part.lower() in folded for part in must.split("|")) and not any(p.lower() in folded for p in absent)
