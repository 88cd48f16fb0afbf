"""Chunks of real reports hold exactly the text inside their boxes."""

from pathlib import Path

from eval.spans import score_report


def test_what_a_chunk_took_stands_inside_its_boxes(data: Path) -> None:
    files = sorted((data / "zh_broker" / "pdfs").glob("*.pdf"))[::9]
    files += sorted((data / "financebench" / "pdfs").glob("*.pdf"))[::9]
    for file in files:
        found = score_report(file, pages=6)
        assert found.broken == 0, file.name
        assert found.share >= 0.98, file.name
        assert found.chunks > 0, file.name
