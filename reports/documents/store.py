"""Documents on disk: by the hash of their bytes, outside the web root, whole or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def path_of(digest: str) -> Path:
    return settings.ISSUED_DIR / digest[:2] / digest


def keep(content: bytes) -> str:
    """Store `content` and return its hash; the same bytes are stored once. Raises OSError when the disk refuses."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
    return digest


def _write(path: Path, content: bytes) -> None:
    """To a name of its own, flushed to the disk, then renamed: nobody ever finds half a file under a hash."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
