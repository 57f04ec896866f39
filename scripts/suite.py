"""Every check of the project, in order, with a short table at the end. Called by `scripts/test`, which has the options.

Exit status: 0 when all that ran is well; 1 when something failed, or with --strict when something was skipped.
"""

import argparse
import os
import random
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import services

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PARTS = ("lint", "sqlite", "postgres")
# What says the same on both databases runs on one of them; the walk through the site runs on both.
ONLY_ON = {
    "sqlite": (
        "tests/lib",
        "tests/demo",
        "tests/test_architecture.py",
        *(f"tests/ops/test_{name}.py" for name in ("benchmarks", "manual", "run", "services", "suite", "supervise")),
    ),
    "postgres": (
        "tests/races",
        *(f"tests/e2e/test_{name}.py" for name in ("accessible", "nothing_lost", "year")),
    ),
}
BROWSERS = ("chromium", "chromium-browser")
# Settings of the caller must not decide what the tests find.
OWN_SETTINGS = {
    "DATABASE_URL",
    "REDIS_URL",
    "SAMPLE_DATE",
    "DEBUG",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "LOG_LEVEL",
}


@dataclass(frozen=True)
class Outcome:
    name: str
    verdict: str  # "ok", "FAILED" or "SKIPPED"
    seconds: float = 0.0
    note: str = ""


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/test", add_help=False)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("pytest", nargs="*", help="what stands after --")
    return parser.parse_args(words)


def parts(options: argparse.Namespace) -> tuple[str, ...]:
    if options.only:
        return (options.only,)
    return ("lint", "sqlite") if options.fast else PARTS


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing(options: argparse.Namespace) -> list[str]:
    """The Debian packages that the chosen parts need and this machine lacks."""
    wanted = []
    if "postgres" in parts(options):
        wanted += services.missing()
    if not options.fast and parts(options) != ("lint",):
        wanted += [] if browser() else ["chromium"]
    if parts(options) != ("lint",) and not shutil.which("pdftotext"):
        wanted.append("poppler-utils")
    return wanted


def production_settings() -> dict[str, str]:
    return {
        "PRODUCTION": "1",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DATABASE_URL": "postgres://thidua:not-used@127.0.0.1/thidua",
        "REDIS_URL": "redis://:not-used@127.0.0.1/0",
        "ALLOWED_HOSTS": "thidua.example.vn",
    }


def shell_scripts() -> list[str]:
    files = (path for folder in ("scripts", "deploy", ".ci") for path in (ROOT / folder).iterdir() if path.is_file())
    return sorted(str(path) for path in files if path.read_bytes().partition(b"\n")[0].endswith(b"bash"))


def lint_commands() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """(name, command, environment) of each check that only reads."""
    python, manage = sys.executable, str(ROOT / "manage.py")
    each = ["bash", "-c", 'for file; do bash -n "$file" || exit 1; done', "bash"]
    reader = ["shellcheck", "-x", "-P", "."] if shutil.which("shellcheck") else each
    yield "ruff", [str(BIN / "ruff"), "check", "."], {}
    yield "format", [str(BIN / "ruff"), "format", "--check", "."], {}
    yield "templates", [str(BIN / "djlint"), "templates", "--lint", "--quiet"], {}
    yield "imports", [str(BIN / "lint-imports"), "--no-cache"], {}
    yield "shell", [*reader, *shell_scripts()], {}
    yield "migrations", [python, manage, "makemigrations", "--check", "--dry-run"], {}
    yield "deploy", [python, manage, "check", "--deploy", "--fail-level", "WARNING"], production_settings()


def environment(data_dir: Path, extra: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
    ours = {"DATA_DIR": str(data_dir), "SECRET_KEY": secrets.token_urlsafe(50), "PRODUCTION": "0", "HASHED_STATIC": "0"}
    return {**kept, **ours, **extra}


def shown(command: list[str], env: dict[str, str]) -> tuple[int, str]:
    """Run it with its output on the terminal; returns the exit status and the last line that it wrote."""
    last = b""
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            while piece := os.read(process.stdout.fileno(), 65536):
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
                last = (last + piece)[-2000:]
        except BaseException:
            process.terminate()
            raise
    return process.returncode, last.decode(errors="replace").strip().rpartition("\n")[2]


def timed(name: str, command: list[str], env: dict[str, str], *, summary: bool = False) -> Outcome:
    print(f"\n--- {name}", flush=True)
    began = time.monotonic()
    status, last = shown(command, env)
    note = re.sub(r"\x1b\[\d+(;\d+)*m|=+", "", last).strip() if summary else ""
    return Outcome(name, "FAILED" if status else "ok", time.monotonic() - began, note)


def lint(folder: Path) -> list[Outcome]:
    return [timed(name, command, environment(folder, extra)) for name, command, extra in lint_commands()]


def left_out(part: str) -> list[str]:
    return [f"--ignore={path}" for other, paths in ONLY_ON.items() if other != part for path in paths]


def pytest_command(options: argparse.Namespace, part: str, *, with_browser: bool, seed: int) -> list[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        str(min(8, max(2, os.cpu_count() or 2))),
        f"--randomly-seed={seed}",
    ]
    command += ["--color=yes"] if sys.stdout.isatty() else []
    command += [] if with_browser else ["-m", "not browser"]
    return command + left_out(part) + options.pytest


def tests(name: str, options: argparse.Namespace, folder: Path, addresses: dict[str, str]) -> list[Outcome]:
    """The whole suite on one database."""
    outcomes, with_browser = [], not options.fast
    if with_browser and not browser():
        with_browser = False
        outcomes.append(Outcome(f"{name}: browser tests", "SKIPPED", note="chromium is not installed"))
    seed = random.SystemRandom().randrange(2**32)
    command = pytest_command(options, name, with_browser=with_browser, seed=seed)
    print(f"\nOrder of the tests on {name}: --randomly-seed={seed}", flush=True)
    return [timed(f"tests on {name}", command, environment(folder, addresses), summary=True), *outcomes]


def tests_on_servers(options: argparse.Namespace, folder: Path) -> list[Outcome]:
    if lacking := services.missing():
        return [Outcome("tests on postgres", "SKIPPED", note=f"not installed: {' '.join(lacking)}")]
    with services.running() as addresses:
        return tests("postgres", options, folder, addresses)


def run_all(options: argparse.Namespace, folder: Path) -> list[Outcome]:
    outcomes = []
    for part in parts(options):
        data_dir = folder / part
        if part == "lint":
            outcomes += lint(data_dir)
        elif part == "sqlite":
            outcomes += tests("sqlite", options, data_dir, {})
        else:
            outcomes += tests_on_servers(options, data_dir)
    return outcomes


def table(outcomes: list[Outcome]) -> str:
    width = max(len(outcome.name) for outcome in outcomes)
    lines = [f"{o.name:<{width}}  {o.verdict:<7}  {o.seconds:>6.1f} s  {o.note}".rstrip() for o in outcomes]
    return "\n".join([*lines, f"{'in all':<{width}}  {'':<7}  {sum(o.seconds for o in outcomes):>6.1f} s"])


def exit_status(outcomes: list[Outcome], *, strict: bool) -> int:
    bad = {"FAILED", "SKIPPED"} if strict else {"FAILED"}
    return int(any(outcome.verdict in bad for outcome in outcomes))


def main() -> int:
    options = arguments(sys.argv[1:])
    if options.missing:
        print(*missing(options))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and temporary files go then too
    with tempfile.TemporaryDirectory(prefix="tt-test-") as folder:
        outcomes = run_all(options, Path(folder))
    print(f"\n{table(outcomes)}", flush=True)
    return exit_status(outcomes, strict=options.strict)


if __name__ == "__main__":
    sys.exit(main())
