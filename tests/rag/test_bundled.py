from pathlib import Path

import numpy as np
import pytest

from rag.bundled import ensure_bundled_model
from rag.embed import SentenceEmbedder
from rag.errors import ConfigurationError


def test_vectors_are_unit_and_near_in_meaning_across_languages(sentences: SentenceEmbedder) -> None:
    passages = sentences.embed_passages(
        ["中金公司认为AH溢价有隐形底。", "The kelp harvest rose.", "南向资金持续流入港股。"]
    )
    assert passages.shape == (3, 384)
    assert np.allclose(np.linalg.norm(passages, axis=1), 1.0, atol=1e-5)
    question = sentences.embed_query("AH溢价的底在哪里")
    assert int(np.argmax(passages @ question)) == 0


def test_a_text_has_the_same_vector_alone_and_in_a_batch(sentences: SentenceEmbedder) -> None:
    texts = ["短句。", "这是一个长得多的句子，" * 20]
    together = sentences.embed_passages(texts)
    alone = np.concatenate([sentences.embed_passages([text]) for text in texts])
    assert float((together * alone).sum(axis=1).min()) > 0.995


def test_an_interrupted_conversion_is_cleaned_and_a_broken_one_named(model_folder: Path, tmp_path: Path) -> None:
    leftover = tmp_path / ".converting-x"
    leftover.mkdir()
    (leftover / "model.safetensors").write_bytes(b"half")
    made = ensure_bundled_model(tmp_path, lambda _: None)
    assert not leftover.exists()
    assert (made / "tokenizer.json").read_bytes() == (model_folder / "tokenizer.json").read_bytes()
    (made / "model.safetensors").write_bytes(b"half")
    with pytest.raises(ConfigurationError, match=r"not whole .* delete that folder"):
        ensure_bundled_model(tmp_path, lambda _: None)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty-e5").mkdir()
    with pytest.raises(ConfigurationError, match="REPORT_RAG_EMBED_MODEL"):
        SentenceEmbedder(str(tmp_path / "empty-e5"), tmp_path).embed_query("x")
