"""An index folder to a connected socket of its engine process, which is started when none runs.

Of racing starters one holds folder/start.lock and starts, the others wait and connect. The socket lies in a short
private folder (socket paths are limited to about 107 bytes), named in folder/engine.json by the running engine. An
engine of another version is asked to stop and replaced, unless others use it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

import rag
from rag.errors import ConfigurationError, StoreError, StoreFullError
from rag.store import wire

WRITE_S = 900.0  # an optimize of millions of points holds everything else up
READ_S = 60.0
_GREET_S = 20.0  # an engine that works at something answers this at once
_START_S = 60.0
_STOP_S = 60.0
_COME_BACK_S = 5.0
_SOCKET_PATH_MAX = 100
_LOCK = 3  # the place of the lock file's id in the reply to Hello
_START_LOCK, _LOG = "start.lock", "engine.log"


class SilentError(StoreError):
    """An engine runs that does not answer: it hangs, was stopped, or works at something long."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"the index engine of {folder} does not answer: repeat later, or end it where it stays so")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an index lies and how its engine is started."""

    folder: Path
    runtime_dir: Path | None
    idle_s: float


def connect(place: Place) -> socket.socket:
    """A socket that has shaken hands with the engine of the folder; starts the engine if there is none."""
    _make_folder(place.folder)
    if (connection := reach(place)) is not None:
        return connection
    with _start_lock(place.folder):
        if (connection := _reach_one_that_comes_back(place)) is not None:
            return connection  # another process won the race, say
        _start(place, _socket_path(place))
        if (connection := reach(place)) is not None:
            return connection
    raise StoreError(f"the index engine of {place.folder} started but cannot be reached; see {_LOG} there")


def reach(place: Place) -> socket.socket | None:
    """A socket to the running engine, None when there is none (any more). Replaces one of another version."""
    addresses = [_socket_path(place)]
    noted = _noted(place.folder, "socket")
    if noted is not None and Path(noted) != addresses[0]:  # its starter had other temporary folders
        addresses.insert(0, Path(noted))
    for address in addresses:
        if (connection := _reach(address, place.folder)) is not None:
            return connection
    return None


def _reach_one_that_comes_back(place: Place) -> socket.socket | None:
    """A socket to a living engine: it may be ending, or about to find that its socket file was removed."""
    deadline = time.monotonic() + _COME_BACK_S
    while (connection := reach(place)) is None:
        if not _is_held(place.folder / wire.LOCK_FILE) or time.monotonic() > deadline:
            return None
        time.sleep(0.05)
    return connection


def _reach(address: Path, folder: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_GREET_S)
    try:
        if address.lstat().st_uid == os.getuid():  # never talk to a socket that another user has put there
            connection.connect(str(address))
            if _shake_hands(connection, folder):
                return connection
    except TimeoutError as exc:
        connection.close()
        raise SilentError(folder) from exc
    except (OSError, ValueError):
        pass  # dead, ending, or not an engine
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def _noted(folder: Path, key: str) -> str | None:
    """What the running engine, or a dead one, has written down."""
    try:
        return str(json.loads((folder / wire.ADDRESS_FILE).read_text("utf-8"))[key])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stop(connection: socket.socket, folder: Path) -> None:
    """Ask the engine to flush and end, and wait until it has let go of the folder."""
    pid = _noted(folder, "pid")
    connection.settimeout(WRITE_S)
    with contextlib.suppress(OSError, ValueError):
        wire.send_request(connection, wire.Stop(unless_busy=False))
        wire.receive_value(connection)
    connection.close()
    deadline = time.monotonic() + _STOP_S
    while _is_held(folder / wire.LOCK_FILE) and _noted(folder, "pid") in (pid, None):  # others may start the next one
        if time.monotonic() > deadline:
            raise StoreError(f"the index engine of {folder} does not end")
        time.sleep(0.02)


def _shake_hands(connection: socket.socket, folder: Path) -> bool:
    """True for an engine of our version, False for one that now ends or is another folder's; StoreError when it cannot."""
    wire.send_request(connection, wire.Hello(wire.PROTOCOL, wire.engine_version()))
    reply = wire.receive_value(connection)
    if not isinstance(reply, list) or len(reply) < 2:
        raise ValueError("not an engine")
    if len(reply) > _LOCK and reply[_LOCK] != wire.file_id((folder / wire.LOCK_FILE).stat()):
        return False  # of the folder that this one was copied from, with its address
    if (reply[0], reply[1]) == (wire.PROTOCOL, wire.engine_version()):
        return True
    wire.send_request(connection, wire.Stop(unless_busy=True))
    if wire.receive_value(connection) is True:
        return False
    raise StoreError(
        f"the index in {folder} is in use by another version of report-rag (engine {reply[1]}, protocol {reply[0]}; "
        f"here {wire.engine_version()}, {wire.PROTOCOL}): end those processes and repeat"
    )


# --- starting --------------------------------------------------------------------------------------------------------


def _start(place: Place, address: Path) -> None:
    """Start the engine and wait until it listens."""
    command = [sys.executable, "-m", "rag.store.engine", "--folder", str(place.folder), "--socket", str(address)]
    with (place.folder / _LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  our own module, no shell
            [*command, "--idle", str(place.idle_s)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            cwd=Path(rag.__file__).parents[1],  # `-m` finds the package also where it is not installed
        )
    # it outlives us; while we live, a thread takes its exit code when it ends
    threading.Thread(target=process.wait, daemon=True, name="report-rag-engine").start()
    assert process.stdout is not None
    with process.stdout as pipe:
        line = pipe.readline() if select.select([pipe], [], [], _START_S)[0] else b""
    try:
        started = json.loads(line)
    except ValueError:
        process.kill()
        raise _did_not_start(place.folder, process.wait()) from None
    if "pid" not in started:
        raise (StoreFullError if started.get("full") else StoreError)(str(started.get("error")))


def _did_not_start(folder: Path, code: int) -> StoreError:
    if code == -signal.SIGBUS:
        return StoreFullError(f"the index engine ended with SIGBUS: the disk of {folder} is full; make room and repeat")
    return StoreError(f"the index engine of {folder} did not start (exit code {code}): see {folder / _LOG}")


@contextlib.contextmanager
def _start_lock(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / _START_LOCK, timeout=_START_S + 20)
    try:
        lock.acquire()
    except Timeout as exc:
        raise StoreError(f"another process is still starting the index engine of {folder}: repeat") from exc
    try:
        yield
    finally:
        lock.release()


def _is_held(lock: Path) -> bool:
    try:
        with lock.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


# --- folders ---------------------------------------------------------------------------------------------------------


def _make_folder(folder: Path) -> None:
    """Make the index folder and see that it can be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LOG).open("ab").close()
    except OSError as exc:
        if exc.errno == errno.ENOSPC:
            raise StoreFullError(f"no space left on the disk of {folder}: make room and repeat") from exc
        reason = exc.strerror or type(exc).__name__
        raise ConfigurationError(
            f"the index folder {folder} cannot be written to ({reason}): change its owner or REPORT_RAG_DATA_DIR"
        ) from exc


def _socket_path(place: Place) -> Path:
    """A path for the socket, short enough for the system and in a folder that is ours alone."""
    user = os.getuid()
    name = hashlib.sha256(os.fsencode(place.folder.resolve())).hexdigest()[:16] + ".sock"
    run = Path(f"/run/user/{user}")
    home = run if run.is_dir() and os.access(run, os.W_OK) else Path(tempfile.gettempdir())
    folders = [home / f"report-rag-{user}", Path(f"/tmp/report-rag-{user}")]  # noqa: S108  checked to be ours alone
    for folder in [place.runtime_dir, *folders]:
        if folder is not None and len(os.fsencode(folder / name)) <= _SOCKET_PATH_MAX:
            make_private(folder, user)
            return folder / name
    raise ConfigurationError("no temporary folder has a path short enough for a socket: set TMPDIR to a shorter one")


def make_private(folder: Path, user: int) -> None:
    """Make `folder` with mode 0700; ConfigurationError when it is a link or belongs to another user."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == user:
            if stat.S_IMODE(found.st_mode) & 0o077:
                folder.chmod(0o700)
            return
    except OSError as exc:
        raise ConfigurationError(f"{folder}, the folder for the engine's socket, cannot be made: set TMPDIR") from exc
    raise ConfigurationError(f"{folder}, the folder for the engine's socket, belongs to another user: set TMPDIR")
