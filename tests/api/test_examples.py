"""The examples of README.md and docs/service.md, run as they stand there against a server of the report they ask about."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_corpus import ingested
from mcp import Client, StdioServerParameters
from served import serving

from rag.config import Settings

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "reports" / "cicc-ah-premium-2025.pdf"
HERE = "http://127.0.0.1:8000"  # as the documents have it
QUESTION = "what does CICC say about AH premium"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_STRICT = 'set -eu\ncurl() { command curl --silent --show-error --fail-with-body "$@"; echo; }\n'


def examples(*languages: str) -> list[tuple[str, str]]:
    """The fenced blocks of the documents in some languages."""
    texts = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/service.md"))
    return [(language, block) for text in texts for language, block in _BLOCK.findall(text) if language in languages]


EXAMPLES = examples("sh", "python")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Settings]:
    made = Settings(data_dir=tmp_path_factory.mktemp("data"), embed_model=str(model_folder), digests="asked")
    with ingested(made, [SAMPLE]):
        yield made


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with serving(settings) as url:
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the examples are run: the files they upload lie there."""
    for name in ("report.pdf", "a.pdf", "b.pdf"):
        shutil.copy(SAMPLE, tmp_path / name)
    return tmp_path


def run(language: str, text: str, url: str, folder: Path) -> str:
    """What a block prints; it must end well."""
    text = text.replace(HERE, url)
    command = ["bash", "-c", _STRICT + text] if language == "sh" else [sys.executable, "-c", text]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.parametrize(("language", "text"), EXAMPLES)
def test_an_example_runs_and_answers(language: str, text: str, url: str, folder: Path) -> None:
    assert HERE in text
    told = run(language, text, url, folder)
    if QUESTION in text:
        assert "125%" in told
    replies = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    assert len(replies) == len(re.findall(r"^curl (?!-N)", text, re.MULTILINE))
    for reply in replies:  # of an upload, a list, an answer
        files, reports, sentences = (reply.get(key) for key in ("results", "reports", "sentences"))
        assert files or reports or sentences, reply
        assert all(file["job"] for file in files or ())


def test_there_is_one_for_each_kind_of_client() -> None:
    told = "".join(text for _, text in EXAMPLES)
    for client in ("curl -F", "curl -d", "curl -N", "import httpx", "from openai", "from mcp"):
        assert client in told


@pytest.mark.anyio
async def test_the_tools_start_as_an_agents_settings_say(settings: Settings) -> None:
    ((_, text),) = examples("json")
    server = json.loads(text)["mcpServers"]["report-rag"]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "REPORT_RAG_DATA_DIR": str(settings.data_dir),
        "REPORT_RAG_EMBED_MODEL": settings.embed_model,
    }
    started = StdioServerParameters(command=server["command"], args=server["args"], env=environment, cwd=ROOT)
    async with Client(started) as client:
        said = await client.call_tool("ask", {"question": QUESTION})
    assert said.structured_content
    assert "125%" in said.structured_content["answer"]
