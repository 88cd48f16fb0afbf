"""A topic without the names that it compares."""

from __future__ import annotations

import pytest

from rag.sides import bare


@pytest.mark.parametrize(
    ("topic", "names", "expected"),
    [
        ("AH premium", (), "AH premium"),
        ("CICC vs Tarnwick on AH premium", ("CICC", "Tarnwick"), "AH premium"),
        ("compare CICC and Tarnwick: AH premium", ("CICC", "Tarnwick"), "AH premium"),
        ("海岳和中金对AH溢价的看法", ("海岳", "中金"), "AH溢价"),
        ("海岳证券与青岚研究关于南向资金的分歧", ("海岳证券", "海岳", "青岚研究"), "南向资金"),
        ("AH premium according to CICC", ("CICC",), "AH premium"),
        ("海岳和中金怎么看红利税", ("海岳", "中金"), "红利税"),
        ("what do CICC and Tarnwick say about AH premium", ("CICC", "Tarnwick"), "AH premium"),
        ("海岳", ("海岳",), "海岳"),
        ("the onset of winter", (), "the onset of winter"),
        ("对比AH溢价", (), "AH溢价"),
        ("和解金", (), "和解金"),
    ],
)
def test_bare(topic: str, names: tuple[str, ...], expected: str) -> None:
    assert bare(topic, names) == expected
