"""Run the site on one machine: web server, worker and the clock that wakes the worker, started and stopped as one.

    scripts/serve.py [--port 8000] [--notice FILE] [--check]

Ctrl-C (or TERM, HUP) asks each of the three once to end; a job that runs is finished first. A second Ctrl-C does not
wait. When one of them ends by itself the others are stopped too and the exit status is 1. Only the standard library is
used, so that `--check` works before anything is installed.
"""

import argparse
import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import processes

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
GRACE = 60.0  # seconds a running job has to finish after the first Ctrl-C
READY = 60.0  # seconds the site has to answer for the first time
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Children = dict[str, subprocess.Popen]


class StartError(Exception):
    """One clear line for the person at the terminal."""


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR", "").strip() or ROOT / "var").resolve()


def commands(port: int) -> dict[str, list[str]]:
    """What is started, by the name under which it is spoken of."""
    # Celery warns at length about root; scripts/run says it in one line.
    python, celery = sys.executable, [sys.executable, "-W", "ignore:You're running the worker"]
    celery += ["-m", "celery", "-q", "-A", "phongtho_thidua"]
    web = f"-m gunicorn phongtho_thidua.wsgi:application --bind {HOST}:{port} --worker-class gthread"
    web += " --workers 2 --threads 4 --no-control-socket --log-level warning"
    worker = "worker --concurrency 1 --max-tasks-per-child 100 --without-gossip --without-mingle --loglevel WARNING"
    schedule = data_dir() / "beat" / "schedule"
    return {
        "web": [python, *web.split()],
        "worker": [*celery, *worker.split()],
        "beat": [*celery, "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "WARNING"],
    }


def check_port(port: int) -> None:
    if not processes.port_is_free(port, HOST):
        raise StartError(f"Port {port} is taken by another programme. Choose another: scripts/run --port {port + 1}")


def take_lock(folder: Path):
    """One running site per data folder. The lock lives as long as the returned file is open."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "serve.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise StartError(f"The site already runs on this data folder: {folder}") from None
    return lock


class Stopping:
    """Counts the requests to stop; the second one means "do not wait"."""

    def __init__(self):
        self.requests = 0
        for number in STOP_SIGNALS:
            signal.signal(number, self._count)

    def _count(self, number, _frame):
        if number == signal.SIGHUP and self.requests:
            return  # a closing terminal may say so twice; that is no hurry
        self.requests += 1


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone: ending the children matters more
        print(text, file=sys.stderr, flush=True)


def start_all(lines: dict[str, list[str]]) -> Children:
    return {name: processes.start(line, cwd=ROOT, stdin=subprocess.DEVNULL) for name, line in lines.items()}


def first_dead(children: Children) -> str | None:
    return next((name for name, process in children.items() if processes.ended(process)), None)


def end_all(children: Children, stopping: Stopping, *, grace: float) -> list[str]:
    """Warm shutdown; returns the names of those that had to be killed."""
    for process in children.values():
        processes.ask(process, signal.SIGTERM)
    processes.wait_until(
        lambda: stopping.requests > 1 or all(map(processes.ended, children.values())),
        seconds=grace,
    )
    late = [name for name, process in children.items() if not processes.ended(process)]
    for process in children.values():
        processes.clear(process)
    return late


def status_of(port: int) -> int | None:
    """The HTTP status that the site answers with, or None while it does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def announce(port: int, notice: Path | None) -> None:
    if notice and notice.exists():
        print(notice.read_text(encoding="utf-8").rstrip(), end="\n\n")
    print(f"Mở trang web tại:   http://localhost:{port}/      (dừng: Ctrl-C)")
    print(f"Open this address:  http://localhost:{port}/      (stop: Ctrl-C)", flush=True)


def await_site(children: Children, stopping: Stopping, port: int) -> bool:
    """True once the site answers; False when a child ends, a stop is asked for or `READY` seconds pass before."""
    answered = []

    def settled() -> bool:
        answered[:] = [status_of(port)]
        return answered[0] is not None or bool(first_dead(children)) or bool(stopping.requests)

    processes.wait_until(settled, seconds=READY)
    status = answered[0]
    if status is not None and status >= 500:
        say(f"The site answers with error {status}; see the lines above.")
    return status is not None


def watch(children: Children, stopping: Stopping) -> str | None:
    """Wait for a request to stop (None) or for a child that ends by itself (its name)."""
    while not stopping.requests:
        if name := first_dead(children):
            return name
        time.sleep(0.1)
    return None


def reason(dead: str | None, *, asked: bool) -> str:
    if asked:
        return "Stopping; a running job is finished first. Ctrl-C again: do not wait."
    if dead:
        return f"{dead} ended by itself: stopping the rest."
    return f"The site did not answer within {READY:.0f} seconds: stopping."


def supervise(lines: dict[str, list[str]], *, grace: float = GRACE, ready=lambda children, stopping: True) -> int:
    """Start all `lines`, wait, end all; the exit status: 0 for a stop that was asked for and went well, else 1.

    `ready(children, stopping)` runs once after the start and answers whether to go on.
    """
    stopping = Stopping()
    children = start_all(lines)
    dead = watch(children, stopping) if ready(children, stopping) else first_dead(children)
    asked = bool(stopping.requests)
    say(reason(dead, asked=asked))
    late = end_all(children, stopping, grace=grace)
    for name in late:
        say(f"{name} was ended before it had finished; an open job is taken up at the next start.")
    return 0 if asked and not late else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/serve.py", description="Run the site, its worker and its clock.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--notice", type=Path, help="a text file to show once the site answers")
    parser.add_argument("--check", action="store_true", help="only tell whether the site could start here")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    lock = take_lock(data_dir())
    check_port(options.port)
    if options.check:
        return 0
    (data_dir() / "beat").mkdir(exist_ok=True)

    def ready(children: Children, stopping: Stopping) -> bool:
        answers = await_site(children, stopping, options.port)
        if answers:
            announce(options.port, options.notice)
        return answers

    with lock:
        return supervise(commands(options.port), ready=ready)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StartError as reason:
        sys.exit(str(reason))
