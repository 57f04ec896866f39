"""Bytes on disk by their hash: whoever is killed while writing leaves nothing half under a hash."""

import hashlib
import multiprocessing
import os
import random
import time

from phongtho_thidua.lib.files import blobs


def _write_for_ever(folder):
    while True:
        blobs.keep(folder, iter([os.urandom(1 << 20) for _ in range(3)]))


def test_a_kill_at_any_moment_leaves_whole_files_only(tmp_path):
    whole = 0
    for _ in range(10):
        writer = multiprocessing.get_context("fork").Process(target=_write_for_ever, args=(tmp_path,))
        writer.start()
        time.sleep(random.uniform(0.01, 0.15))
        writer.kill()
        writer.join()
        for path in tmp_path.glob("??/*"):
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
            whole += 1
    assert whole
    for path in tmp_path.glob(".new-*"):
        os.utime(path, (0, 0))
    blobs.sweep(tmp_path, lambda digest: len(digest) == 64)
    assert list(tmp_path.glob(".new-*")) == []


def test_same_bytes_are_kept_once(tmp_path):
    assert blobs.keep(tmp_path, [b"a", b"b"]) == blobs.keep(tmp_path, [b"ab"])
    assert len(list(tmp_path.glob("??/*"))) == 1
