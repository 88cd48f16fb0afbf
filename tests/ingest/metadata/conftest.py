"""The test modules here write `from hand_made import page`; importlib mode has no path to find it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

for name in ("hand_made", "mastheads"):
    _spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert _spec is not None
    assert _spec.loader is not None
    sys.modules[name] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules[name])
