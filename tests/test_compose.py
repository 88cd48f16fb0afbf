"""docker-compose.yml: each service's command runs as it is written, in its environment; compose takes the file."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yml"
_UNSET = re.compile(r"\$\{\w+:-(.*?)\}")
COMPOSE = [name for name in ("docker-compose", "podman-compose") if shutil.which(name)][:1]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Of the file, where no variable of the environment is set."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))["services"]
    for service in found.values():
        environment = service.get("environment", {})
        environment.update({name: _UNSET.sub(r"\1", value) for name, value in environment.items()})
        assert "${" not in str(service)
    return found


@pytest.mark.skipif(not COMPOSE, reason="no compose on this machine")
def test_compose_takes_the_file() -> None:
    done = subprocess.run([*COMPOSE, "-f", str(FILE), "config"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_what_dies_is_started_again_and_what_is_kept_lies_in_a_volume(services: dict[str, Any]) -> None:
    assert {service["restart"] for service in services.values()} == {"unless-stopped"}
    volumes = {volume for service in services.values() for volume in service["volumes"]}
    assert volumes == {"data:/data", "qdrant:/qdrant/storage"}
    assert services["report-rag"]["environment"]["REPORT_RAG_DATA_DIR"] == "/data"
    assert "ENV REPORT_RAG_DATA_DIR=/data" in (ROOT / "Dockerfile").read_text("utf-8")


def test_the_command_of_the_service_serves(services: dict[str, Any], tmp_path: Path) -> None:
    """Outside a container the data directory, the port and the index server are other ones, and nothing else is."""
    service = services["report-rag"]
    script, *arguments = service["command"].split()
    entry = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"][script]
    assert entry == "api.cli:main"
    published = service["ports"][0].split(":")
    assert published[-1] == arguments[arguments.index("--port") + 1]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    arguments[arguments.index("--port") + 1] = port
    own = {name: value for name, value in os.environ.items() if not name.startswith("REPORT_RAG_")}
    given = {
        **service["environment"],
        "REPORT_RAG_DATA_DIR": str(tmp_path),
        "REPORT_RAG_QDRANT_URL": "http://127.0.0.1:9",
    }
    command = [sys.executable, "-c", "from api.cli import main; main()"]
    with subprocess.Popen(
        [*command, *arguments], cwd=ROOT, env={**own, **given}, text=True, stdout=subprocess.PIPE
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith("report-rag listens on http://0.0.0.0:")
            assert "keys create" in server.stdout.readline()
            assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=30).json()["status"] == "ok"
            assert httpx.get(f"http://127.0.0.1:{port}/v1/reports", timeout=30).status_code == 401
            ready = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=60)
            assert ready.status_code == 503
            failed = {name for name, part in ready.json()["parts"].items() if part["state"] == "failed"}
            assert failed == {"index"}  # whose server is not there
        finally:
            server.terminate()
            assert server.wait(60) in (0, -signal.SIGTERM)  # uvicorn ends by the signal, once all is closed
