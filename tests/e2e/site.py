"""The site of a demonstration as `scripts/run --demo` starts it, in a folder and on a port of its own."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from tests.ops.conftest import ROOT, SCRIPTS, SETTINGS, children_of, processes_of

SAMPLE_DATE = "2024-12-02"
READY = "Open this address"
PATIENCE = 120  # seconds, on a machine that does other things besides


class Site:
    """A running site. Sample accounts share one password, which `load_demo` writes into the data folder."""

    def __init__(self, folder: Path, port: int, supervisor: subprocess.Popen):
        self.url = f"http://127.0.0.1:{port}"
        self.folder, self._supervisor = folder, supervisor
        self.password = re.search(r"lần nạp này: (\S+)", (folder / "demo-accounts.txt").read_text())[1]

    @contextmanager
    def without_worker(self) -> Iterator[None]:
        """The worker and its children hang until the block ends: to the site they are as good as gone."""
        worker = next(child for child in children_of(self._supervisor.pid) if b"\0worker\0" in _command_of(child))
        os.killpg(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(worker, signal.SIGCONT)

    def stop(self) -> tuple[int, set[int]]:
        """Ask it once to end: its exit status and the processes that it left behind."""
        sessions = {self._supervisor.pid, *children_of(self._supervisor.pid)}
        self._supervisor.send_signal(signal.SIGTERM)
        return self._supervisor.wait(PATIENCE), processes_of(sessions)


def _command_of(process_id: int) -> bytes:
    return Path(f"/proc/{process_id}/cmdline").read_bytes()


@contextmanager
def running(folder: Path, worker_number: int) -> Iterator[Site]:
    """The prepared site; afterwards it must have ended well and left nothing."""
    with _settings(folder, worker_number) as env:
        _run("prepare.py", "--demo", env=env)
        log = (folder / "serve.log").open("w+")
        port = _free_port()
        command = [sys.executable, str(SCRIPTS / "serve.py"), "--port", str(port)]
        supervisor = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
        )
        try:
            assert any(READY in line for line in supervisor.stdout), Path(log.name).read_text()
            yield (site := Site(folder, port, supervisor))
            assert site.stop() == (0, set()), Path(log.name).read_text()
        finally:
            supervisor.kill()  # its children are told by the kernel (processes.start)
            supervisor.wait()
            supervisor.stdout.close()
            log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _run(script: str, *words: str, env: dict[str, str]) -> None:
    command = [sys.executable, str(SCRIPTS / script), *words]
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@contextmanager
def _settings(folder: Path, worker_number: int) -> Iterator[dict[str, str]]:
    """Embedded, or on the servers of this test run: then with a database and a Redis number that no other test uses."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    env = kept | {"DATA_DIR": str(folder), "SAMPLE_DATE": SAMPLE_DATE, "PRODUCTION": "0"}
    if redis := os.environ.get("REDIS_URL"):
        env["REDIS_URL"] = urlunsplit(urlsplit(redis)._replace(path=f"/{8 + worker_number}"))
    if not (database := os.environ.get("DATABASE_URL")):
        yield env
        return
    name = f"e2e_{secrets.token_hex(4)}"
    _on(database, f"CREATE DATABASE {name}")
    try:
        yield env | {"DATABASE_URL": urlunsplit(urlsplit(database)._replace(path=f"/{name}"))}
    finally:
        _on(database, f"DROP DATABASE {name} WITH (FORCE)")


def _on(database: str, statement: str) -> None:
    connection = psycopg2.connect(database)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()
