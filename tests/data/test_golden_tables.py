"""Table rows that were read by eye from pages drawn by a seed (tests/golden/tables.jsonl), beside what is read here."""

from pathlib import Path

from eval.golden import load_golden, pdfs_by_id, score

GOLDEN = Path(__file__).parent.parent / "golden" / "tables.jsonl"


def test_rows_are_read_exactly_and_no_figure_is_lost(data: Path) -> None:
    golden = load_golden(GOLDEN)
    pdfs = pdfs_by_id(data, (one.report for one in golden))
    assert len(pdfs) == len(golden) == 24
    found = score(golden, pdfs)
    assert found.rows == 189
    assert found.exact >= 0.97 * found.rows
    assert found.lost_figures == 0
    assert found.headed >= 0.75 * found.cells
