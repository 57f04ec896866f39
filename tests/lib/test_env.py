"""A setting that cannot be read stops the start with one clear line; a missing secret too."""

import os
import subprocess
import sys

import pytest

from phongtho_thidua.lib import env


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.flag("X", default=False), "maybe"),
        (lambda: env.number("X", default=1), "ten"),
        (lambda: env.day("X"), "02/12/2024"),
        (lambda: env.required("X", "Set it."), ""),
    ],
)
def test_an_unreadable_value_names_its_variable(monkeypatch, read, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(SystemExit, match=r"^X"):
        read()


def test_a_kept_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "var" / "secret_key"
    first = env.kept_secret(path)
    assert (env.kept_secret(path), len(first) > 50, path.stat().st_mode & 0o077) == (first, True, 0)


@pytest.mark.parametrize(
    ("missing", "others"),
    [
        ("SECRET_KEY", {}),
        ("REDIS_URL", {"SECRET_KEY": "x"}),
        ("ALLOWED_HOSTS", {"SECRET_KEY": "x", "REDIS_URL": "redis://localhost"}),
    ],
)
def test_production_does_not_start_without(missing, others, tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "postgres://nobody@localhost/none",
        "DATA_DIR": str(tmp_path),
        **others,
    }
    run = subprocess.run(
        [sys.executable, "-c", "import phongtho_thidua.settings"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr.splitlines()[0].split(" ")[0]) == (1, missing)
