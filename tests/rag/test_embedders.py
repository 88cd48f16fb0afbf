"""The contract of every embedder, and what tells them apart."""

from pathlib import Path

import numpy as np
import pytest

from rag.across import JointEmbedder, UniversalEncoder
from rag.bundled import write_reference
from rag.e5 import E5Embedder
from rag.embed import SentenceEmbedder
from rag.errors import ConfigurationError
from rag.ports import Embedder

TEXTS = [
    "中金公司认为AH溢价有隐形底。",
    "The kelp harvest rose.",
    "南向资金持续流入港股。" * 60,
    "",
    "Revenue fell 3.2% to $1,204 million.",
]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled weights in float32, as sentence-transformers reads them."""
    folder = tmp_path_factory.mktemp("reference") / "multilingual-e5-small"
    write_reference(folder)
    return folder


@pytest.fixture(scope="module", params=["int8", "sentence-transformers", "joint"])
def any_embedder(request: pytest.FixtureRequest, model_folder: Path, reference: Path) -> Embedder:
    """Each implementation of the port."""
    if request.param == "sentence-transformers":
        return SentenceEmbedder(str(reference))
    own = E5Embedder(lambda: model_folder)
    return own if request.param == "int8" else JointEmbedder(own, UniversalEncoder())


def test_vectors_have_length_one(any_embedder: Embedder) -> None:
    vectors = any_embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), any_embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for query in (
        any_embedder.embed_query("AH溢价"),
        any_embedder.embed_across("AH premium"),
        any_embedder.embed_query(""),
    ):
        assert query.shape == (any_embedder.dimensions,)
        assert np.isclose(np.linalg.norm(query), 1.0, atol=1e-5)
    assert any_embedder.embed_passages([]).shape == (0, any_embedder.dimensions)


def test_the_nearest_passage_is_about_the_question(any_embedder: Embedder) -> None:
    passages = any_embedder.embed_passages(TEXTS[:3])
    assert int(np.argmax(passages @ any_embedder.embed_query("AH溢价的底在哪里"))) == 0


def test_closeness_is_the_product_of_the_vectors(any_embedder: Embedder) -> None:
    question, passages = "AH溢价的底在哪里", any_embedder.embed_passages(TEXTS)
    for across, put in ((False, any_embedder.embed_query), (True, any_embedder.embed_across)):
        for _ in range(2):  # the second time from what was kept
            near = any_embedder.closeness(question, TEXTS, across=across)
            assert np.allclose(near, passages @ put(question), atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(any_embedder: Embedder) -> None:
    together = any_embedder.embed_passages(TEXTS)
    alone = np.concatenate([any_embedder.embed_passages([text]) for text in TEXTS])
    assert float((together * alone).sum(axis=1).min()) > 0.9999


def test_eight_bits_keep_the_vectors_of_float32(model_folder: Path, reference: Path) -> None:
    exact, quantised = SentenceEmbedder(str(reference)), E5Embedder(lambda: model_folder)
    cosines = (exact.embed_passages(TEXTS) * quantised.embed_passages(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.985
    assert cosines.mean() > 0.994


def test_a_damaged_graph_is_named(tmp_path: Path, model_folder: Path) -> None:
    for file in model_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[:1000] if file.suffix == ".onnx" else file.read_bytes())
    with pytest.raises(ConfigurationError, match="delete its folder"):
        E5Embedder(lambda: tmp_path).embed_query("x")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty-e5").mkdir()
    with pytest.raises(ConfigurationError, match="REPORT_RAG_EMBED_MODEL"):
        SentenceEmbedder(str(tmp_path / "empty-e5")).embed_query("x")
