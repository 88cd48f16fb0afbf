"""The machine a measurement was taken on, in words, and how busy it was."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> str:
    """`AMD EPYC 9R14, 2 processors, 24 GB, Linux, Python 3.11.2`."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_model()}, {os.cpu_count()} processors, {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def load() -> str:
    """The load average of the last minute: above the number of processors, other work slowed what was measured."""
    return f"{os.getloadavg()[0]:.2f}"


def _model() -> str:
    """The processor's name; its architecture where the system has no /proc/cpuinfo, or one without names."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
