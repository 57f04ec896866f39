"""The scripts are programmes, not a package: tests start them as people do, or import one by its place."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
SETTINGS = {"DATABASE_URL", "REDIS_URL", "DATA_DIR", "SAMPLE_DATE", "PRODUCTION", "DEBUG", "ENV_FILE", "SECRET_KEY"}
SETTINGS |= {"HASHED_STATIC", "DJANGO_SETTINGS_MODULE"}


@pytest.fixture(scope="session")
def script():
    """`script("serve")`: scripts/serve.py as a module."""
    sys.path.insert(0, str(SCRIPTS))
    yield importlib.import_module
    sys.path.remove(str(SCRIPTS))


@pytest.fixture
def bare_env(tmp_path):
    """The environment of somebody who has set nothing; data goes to a folder of the test."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return {**kept, "DATA_DIR": str(tmp_path / "data")}


def wait_for_line(process: subprocess.Popen, words: str) -> str:
    """Read the output up to the line that holds `words` and return all that was read."""
    seen = ""
    for line in process.stdout:
        seen += line
        if words in line:
            return seen
    pytest.fail(f"{words!r} never came; the programme said:\n{seen}")


def processes_of(session_ids: set[int]) -> set[int]:
    """The live processes (zombies do not count) that belong to these sessions."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != "Z" and int(fields[3]) in session_ids:
            found.add(int(stat.parent.name))
    return found


def children_of(process_id: int) -> set[int]:
    listed = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
    return set(map(int, listed.split()))
