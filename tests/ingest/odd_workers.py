"""Work for a Worker that no real one does: print, write files, hang, crash, fill the memory. Importable in the child."""

from __future__ import annotations

import ctypes
import os
import resource
import time
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.worker import allow, is_out_of_memory, settle_in


def obey(pipe: Connection) -> None:
    """Do what is asked until nothing more is asked."""
    settle_in(pipe)
    while True:
        try:
            asked: tuple[str, float] = pipe.recv()
        except EOFError:
            return
        pipe.send(_do(*asked))


def never_ready(pipe: Connection) -> None:
    """Not even start."""
    raise SystemExit(7)


def _do(what: str, how_much: float) -> object:
    if what == "print":
        print("noise of Python", flush=True)  # noqa: T201
        os.system("echo noise of a child; echo noise of a child >&2")
        ctypes.CDLL(None).puts(b"noise of C")
        return "printed"
    if what == "write":
        return _write()
    if what == "sleep":
        time.sleep(how_much)
    if what == "compute":
        until = time.process_time() + how_much
        while time.process_time() < until:
            sum(range(10_000))
    if what == "hold":
        held = bytearray(int(how_much) * 2**20)
        held[::4096] = b"x" * len(held[::4096])
        time.sleep(2)
    if what == "allow":
        return _allow(int(how_much))
    if what == "crash":
        ctypes.string_at(0)
    return "done"


def _write() -> object:
    left = Path(os.environ["TMPDIR"]) / "left behind"
    try:
        left.write_text("text")
    except OSError as exc:
        return exc.strerror
    return "written"


def _allow(megabytes: int) -> object:
    allow(megabytes, 3600)
    try:
        bytearray((megabytes + 100) * 2**20)
    except MemoryError as exc:
        return is_out_of_memory(exc)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
    return "had it"
