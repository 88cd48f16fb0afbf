"""The test modules here write `from hand_made import page`; importlib mode has no path to find it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_spec = importlib.util.spec_from_file_location("hand_made", Path(__file__).with_name("hand_made.py"))
assert _spec is not None
assert _spec.loader is not None
sys.modules["hand_made"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(sys.modules["hand_made"])
