"""Bytes on disk by their hash, outside the web root, whole or not at all."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

GRACE = 24 * 60 * 60  # seconds in which a file may wait for the row that names it


def path_of(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def keep(folder: Path, chunks: Iterable[bytes]) -> str:
    """Store the bytes and return their hash; the same bytes lie there once. Raises OSError when the disk refuses.

    Written under a name of its own, flushed, then renamed: nobody ever finds half a file under a hash. The rename is
    done also where the bytes lie already, so that the sweeper sees a young file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        digest = _write(descriptor, chunks)
        path = path_of(folder, digest)
        path.parent.mkdir(exist_ok=True)
        with _locked(folder):
            Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush(path.parent)
    return digest


def _write(descriptor: int, chunks: Iterable[bytes]) -> str:
    told = hashlib.sha256()
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            told.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return told.hexdigest()


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def touch(folder: Path, digest: str) -> None:
    """Let the grace of these bytes begin anew, if they are there."""
    if (path := path_of(folder, digest)).exists():
        os.utime(path)


def sweep(folder: Path, is_named) -> int:
    """Remove what was written and never named within the grace; `is_named(digest)` asks the database. How many."""
    old = time.time() - GRACE
    left = [path for path in (*folder.glob("??/*"), *folder.glob(".new-*")) if path.stat().st_mtime < old]
    return sum(_remove(folder, path, old) for path in left if not is_named(path.name))


def _remove(folder: Path, path: Path, old: float) -> bool:
    with _locked(folder):
        if path.stat().st_mtime >= old:  # the same bytes came in this moment
            return False
        path.unlink()
    return True
