"""Fixtures for all tests. Test modules write `from scripted_llm import say`; importlib mode has no path to find it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_scripted_llm = _load("scripted_llm")


@pytest.fixture
def llm_server() -> Iterator[Any]:
    """A ScriptedLLM on a free loopback port."""
    with _scripted_llm.scripted_llm() as server:
        yield server
