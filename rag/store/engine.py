"""Requests on a local socket in, replies out: the process that owns an index folder, for all processes of the machine.

Started by `rag.store.launch` as `python -m rag.store.engine`, detached from its starter. It ends on SIGTERM, when asked,
after `--idle` seconds without a connection, or when its folder is gone; always flushed and closed. One thread a
connection, one lock around the index: the engine library holds the interpreter lock through every call, so more would
win nothing.

    folder/engine.lock   flock for as long as the process lives: one engine a folder
    folder/engine.json   {"socket": ..., "pid": ...} of the running engine
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import fcntl
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from rag.errors import ReportRagError, StoreError
from rag.store import wire
from rag.store.shard import Index, guarded

_TICK_S = 1.0
_LOCK_WAIT_S = 15.0  # another engine may be flushing at its end


class Engine:
    """The socket, the connections and the index. `run` returns when it is time to end."""

    def __init__(self, folder: Path, address: Path, idle_s: float, lock: TextIO) -> None:
        self._folder, self._address, self._idle_s, self._lock_file = folder, address, idle_s, lock
        self._index = Index(folder)
        self._version = wire.engine_version()  # of the code as it is now
        self._busy = threading.Lock()
        self._connections = 0
        self._count = threading.Lock()
        self._last_used = time.monotonic()
        self._wake_out, self._wake_in = socket.socketpair()
        self._wake_in.setblocking(False)
        self._ending = threading.Event()
        self._deaf = threading.Event()
        self._listener = self._listen()

    def run(self) -> None:
        """Accept connections until asked to stop, idle, or orphaned; then flush and close."""
        while not self._ending.is_set() and not self._is_idle():
            ready, _, _ = select.select([self._listener, self._wake_out], [], [], _TICK_S)
            if not _is_same_file(self._lock_file, self._folder / wire.LOCK_FILE):
                os._exit(0)  # the folder was removed: nothing left to serve, and a new one must not be mistaken for it
            if self._listener in ready:
                self._accept()
            elif not self._address.exists():  # a cleaner of temporary files took it
                self._listener.close()
                self._listener = self._listen()
        self._listener.close()
        self._address.unlink(missing_ok=True)
        (self._folder / wire.ADDRESS_FILE).unlink(missing_ok=True)
        self._deaf.set()
        self._busy.acquire()  # for good: nothing may touch the index after it is closed
        self._index.close()

    def stop(self) -> None:
        """Let `run` return soon. Safe in a signal handler."""
        self._ending.set()
        with contextlib.suppress(BlockingIOError):
            self._wake_in.send(b"x")

    def _listen(self) -> socket.socket:
        self._address.unlink(missing_ok=True)  # of a dead engine: the folder lock is ours
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self._address))
        self._address.chmod(0o600)
        listener.listen(128)
        with contextlib.suppress(OSError):  # on a full disk: clients that compute the same path still find us
            draft = self._folder / f"{wire.ADDRESS_FILE}.tmp"
            draft.write_text(json.dumps({"socket": str(self._address), "pid": os.getpid()}), "utf-8")
            draft.replace(self._folder / wire.ADDRESS_FILE)
        return listener

    def _is_idle(self) -> bool:
        with self._count:
            return self._connections == 0 and time.monotonic() - self._last_used > self._idle_s

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # the client has gone again, or file handles are short
            time.sleep(0.01)
            return
        with self._count:
            self._connections += 1
        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError):  # a client that died, or is none: hang up
            try:
                while (request := wire.receive_request(connection)) is not None:
                    self._reply(connection, request)
            finally:
                with self._count:
                    self._connections -= 1
                    self._last_used = time.monotonic()

    def _reply(self, connection: socket.socket, request: wire.Request) -> None:
        try:
            value = self._answer(request)
        except ReportRagError as exc:
            wire.send_error(connection, exc)
            if exc.__cause__ is not None and not isinstance(exc.__cause__, Exception):
                print(f"panic: {exc.__cause__}", file=sys.stderr, flush=True)  # noqa: T201  (engine.log)
                os._exit(1)  # after a panic the library's locks are poisoned; what was acknowledged is in its log
        else:
            wire.send_value(connection, value)

    def _answer(self, request: wire.Request) -> object:
        match request:
            case wire.Hello():
                return wire.PROTOCOL, self._version, os.getpid(), wire.file_id(os.fstat(self._lock_file.fileno()))
            case wire.Stop(unless_busy):
                return self._stop_when_free(unless_busy)
        with self._busy:
            return guarded(
                lambda: _perform(self._index, request), f"the index engine failed at {type(request).__name__}"
            )

    def _stop_when_free(self, unless_busy: bool) -> bool:
        with self._count:
            if unless_busy and self._connections > 1:
                return False
        self.stop()
        self._deaf.wait()  # after the reply no client can reach this engine any more
        return True


def _perform(index: Index, request: wire.Request) -> object:
    """One request on the index; the value of the reply, None for a write."""
    match request:
        case wire.Upsert(points, min_free, flush):
            index.upsert(points, min_free, flush=flush)
        case wire.Query(leg, vector, limit, reports):
            return index.query(leg, vector, limit, reports)
        case wire.Delete(report, min_free):
            index.delete(report, min_free)
        case wire.Ids(report):
            return index.ids(report)
        case wire.ReportIds():
            return index.report_ids()
        case wire.Optimize(min_free):
            index.optimize(min_free)
        case wire.GetManifest():
            return index.manifest()
        case wire.Reset(manifest, dimensions, min_free):
            index.reset(manifest, dimensions, min_free)
    return None


def lock_folder(folder: Path, wait_s: float) -> TextIO:
    """The held lock of the folder; StoreError when another engine keeps it."""
    file = (folder / wire.LOCK_FILE).open("w", encoding="ascii")
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            if time.monotonic() > deadline:
                file.close()
                raise StoreError(f"another engine holds the index in {folder}: stop it and repeat") from exc
            time.sleep(0.05)
        else:
            return file


def _is_same_file(held: TextIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(held.fileno()), path.stat())
    except OSError:
        return False


def _arguments() -> tuple[Path, Path, float]:
    parser = argparse.ArgumentParser(prog="rag.store.engine")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--idle", type=float, default=300.0, help="seconds without a connection before it ends")
    known = parser.parse_args()
    return known.folder, known.socket, known.idle


def main() -> None:
    """Tell the starter on standard output that the socket listens, or the error; then serve."""
    folder, address, idle_s = _arguments()
    os.umask(0o077)
    try:
        lock = lock_folder(folder, _LOCK_WAIT_S)
        running = Engine(folder, address, idle_s, lock)
    except (StoreError, OSError) as exc:
        is_full = isinstance(exc, OSError) and exc.errno == errno.ENOSPC
        sys.stdout.write(json.dumps({"error": f"the index engine cannot start: {exc}", "full": is_full}))
        raise SystemExit(1) from exc
    signal.signal(signal.SIGTERM, lambda *_: running.stop())
    sys.stdout.write(json.dumps({"pid": os.getpid()}) + "\n")
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # let go of the starter's pipe
    running.run()
    os._exit(0)  # connection threads may stand in a read: nothing is left to wait for


if __name__ == "__main__":
    main()
