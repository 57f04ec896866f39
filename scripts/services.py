"""A private PostgreSQL and a private Redis for one test run.

    with services.running() as address:      # {"DATABASE_URL": …, "REDIS_URL": …}
        …

    .venv/bin/python scripts/services.py COMMAND…    # runs COMMAND with both addresses in its environment

Both keep their files in one temporary folder, listen on this machine only, ask for a password made for the run, and are
gone afterwards. PostgreSQL refuses to run as root: root starts both as an unprivileged account. They are started with
`Popen` and waited for, because a postmaster left as a zombie keeps its lock file.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import processes
import psycopg2
import redis

POSTGRES_SETTINGS = {
    "listen_addresses": "",  # the socket in the private folder only
    "max_connections": "200",
    "fsync": "off",  # the data is thrown away
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_min_messages": "warning",
}


class ServiceError(Exception):
    """A server did not start; the message carries the end of its log."""


def _by_version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parts[-3].split(".") if part.isdigit())


def program(name: str) -> str | None:
    """The full path of a programme, also where Debian keeps PostgreSQL's, newest version first."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_by_version)
    return str(debian[-1]) if debian else shutil.which(name)


def missing() -> list[str]:
    """The Debian packages that a private pair needs and this machine lacks."""
    needed = {"initdb": "postgresql", "postgres": "postgresql", "redis-server": "redis-server"}
    return sorted({package for name, package in needed.items() if program(name) is None})


def _account() -> dict:
    """Options for `Popen` that drop root's rights; nothing for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _private_file(path: Path, text: str, account: dict) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    if account:
        os.chown(path, account["user"], account["group"])
    return path


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def _start(name: str, command: list[str], *, folder: Path, account: dict, answers) -> subprocess.Popen:
    """Start a server and return it once `answers()` is true."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = processes.start(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, **account
        )
    processes.wait_until(lambda: answers() or processes.ended(process), seconds=30)
    if processes.ended(process) or not answers():
        processes.clear(process)
        raise ServiceError(f"{name} did not start:\n{_tail(log)}")
    return process


def _postgres_answers(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def _make_cluster(folder: Path, password: str, account: dict) -> Path:
    data = folder / "postgres"
    secret = _private_file(folder / "postgres-password", password, account)
    command = [program("initdb"), "--pgdata", data, "--username", "postgres", "--pwfile", secret]
    command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **account)
    if done.returncode:
        raise ServiceError(f"initdb failed:\n{done.stderr}")
    return data


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server with its files and its socket in `folder`; yields its DATABASE_URL."""
    account, password = _account(), secrets.token_urlsafe(24)
    data = _make_cluster(folder, password, account)
    url = f"postgres://postgres:{password}@{quote(str(folder), safe='')}/postgres"
    settings = {**POSTGRES_SETTINGS, "unix_socket_directories": str(folder)}
    command = [program("postgres"), "-D", str(data)]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = _start("postgres", command, folder=folder, account=account, answers=partial(_postgres_answers, url))
    try:
        yield url
    finally:
        processes.stop(server, by=signal.SIGINT, grace=20)  # "fast": open connections are cut


def _redis_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return client.ping()
    except redis.RedisError:
        return False


def _start_redis(folder: Path, account: dict) -> tuple[subprocess.Popen, str]:
    port, password = processes.free_port(), secrets.token_urlsafe(24)
    # In a file, not on the command line: everyone on the machine can read a command line.
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", 'save ""', "appendonly no"]
    lines += ["maxmemory-policy noeviction", "databases 64", f"dir {folder}"]
    settings = _private_file(folder / "redis.conf", "\n".join(lines), account)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    command = [program("redis-server"), str(settings)]
    answers = partial(_redis_answers, url)
    return _start("redis", command, folder=folder, account=account, answers=answers), url


def _start_redis_somewhere(folder: Path, account: dict, tries: int = 5) -> tuple[subprocess.Popen, str]:
    """Between choosing a free port and using it another programme may take it: then choose again."""
    for left in reversed(range(tries)):
        try:
            return _start_redis(folder, account)
        except ServiceError:
            if not left:
                raise
    raise AssertionError("unreachable")


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis server that writes nothing to disk; yields its REDIS_URL."""
    server, url = _start_redis_somewhere(folder, _account())
    try:
        yield url
    finally:
        processes.stop(server, by=signal.SIGTERM, grace=10)


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that only the servers' account may enter; a short name, for a socket's path ends at 107 bytes."""
    folder, account = Path(tempfile.mkdtemp(prefix="tt-services-", dir="/tmp")), _account()
    if account:
        os.chown(folder, account["user"], account["group"])
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Both servers, started; yields the two addresses by the names of their environment variables."""
    with ExitStack() as stack:
        folder = stack.enter_context(_folder())
        database, broker = stack.enter_context(postgres(folder)), stack.enter_context(redis_server(folder))
        yield {"DATABASE_URL": database, "REDIS_URL": broker}


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    if lacking := missing():
        print(f"Missing system packages: {' '.join(lacking)}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped then too
    with running() as addresses:
        return subprocess.call(sys.argv[1:], env={**os.environ, "PRODUCTION": "0", **addresses})


if __name__ == "__main__":
    sys.exit(main())
