"""Every measurement with what it needs around it; called by `benchmarks/run`, which has the options.

Each part runs in a process of its own with a database of its own, which is thrown away afterwards: PostgreSQL and Redis
from scripts/services.py where they are installed, else the embedded SQLite and file queue.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import services

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("pages", "matrix", "summary", "documents", "jobs")
EMBEDDED = ("documents",)  # the database has no share in what is measured
TWICE = ("jobs",)  # with the file queue, and with Redis
OWN = {
    "SAMPLE_DATE": "2024-12-02",
    "PRODUCTION": "0",
    "DEBUG": "0",
    "HASHED_STATIC": "0",
    "LOG_LEVEL": "ERROR",
    "DJANGO_SETTINGS_MODULE": "phongtho_thidua.settings",
    "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'scripts'}",
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="default: all")
    parser.add_argument("--embedded", action="store_true", help="SQLite and file queue only")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, to see that everything works")
    return parser.parse_args()


def machine() -> str:
    names = ("django", "weasyprint", "celery", "python-docx")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    python, load = platform.python_version(), os.getloadavg()[0]
    return f"{os.cpu_count()} cores ({_processor()}), Python {python}, {packages}; load {load:.1f}"


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


@contextmanager
def environment(*, embedded: bool) -> Iterator[dict[str, str]]:
    """Settings of the caller must not decide what is measured."""
    foreign = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    with tempfile.TemporaryDirectory(prefix="tt-benchmarks-") as folder:
        ours = {**kept, **OWN, "DATA_DIR": folder}
        if embedded:
            yield ours
        else:
            with services.running() as addresses:
                yield {**ours, **addresses}


def run(part: str, *, embedded: bool, smoke: bool) -> int:
    print(f"\n## {part}\n", flush=True)
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks", part, *(["--smoke"] if smoke else [])]
    with environment(embedded=embedded) as env:
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def main() -> int:
    options = arguments()
    lacking = services.missing()
    if lacking and not options.embedded:
        print(f"Not installed: {' '.join(lacking)}. Measured on SQLite and the file queue only.", flush=True)
    alone = options.embedded or bool(lacking)
    print(machine(), flush=True)
    runs = []
    for part in options.parts or PARTS:
        runs += [(part, True)] if alone or part in EMBEDDED or part in TWICE else []
        runs += [(part, False)] if not alone and part not in EMBEDDED else []
    return max([run(part, embedded=embedded, smoke=options.smoke) for part, embedded in runs])


if __name__ == "__main__":
    sys.exit(main())
