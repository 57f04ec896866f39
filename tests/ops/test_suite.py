"""What `scripts/test` chooses to run, what it counts as failed, and that it does not let the caller's settings in."""

import subprocess
import sys

import pytest

from .conftest import ROOT


@pytest.fixture
def suite(script):
    return script("suite")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ([], ("lint", "sqlite", "postgres")),
        (["--strict"], ("lint", "sqlite", "postgres")),
        (["--fast"], ("lint", "sqlite")),
        (["--only", "postgres"], ("postgres",)),
        (["--only", "lint"], ("lint",)),
    ],
)
def test_options_choose_the_parts(suite, words, parts):
    assert suite.parts(suite.arguments(words)) == parts


def test_words_after_two_dashes_go_to_pytest(suite):
    options = suite.arguments(["--only", "sqlite", "--", "tests/units", "-k", "history"])
    assert options.pytest == ["tests/units", "-k", "history"]
    command = suite.pytest_command(options, "sqlite", with_browser=True, seed=5)
    assert command[-3:] == ["tests/units", "-k", "history"]
    assert "--randomly-seed=5" in command


def test_without_a_browser_the_browser_tests_are_left_out(suite):
    command = suite.pytest_command(suite.arguments(["--fast"]), "sqlite", with_browser=False, seed=5)
    assert command[command.index("-m", 3) + 1] == "not browser"


def test_what_runs_on_one_database_runs_on_exactly_one(suite):
    paths = [path for part in suite.ONLY_ON.values() for path in part]
    assert len(paths) == len(set(paths))
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert "--ignore=tests/races" in suite.left_out("sqlite")
    assert "--ignore=tests/races" not in suite.left_out("postgres")


@pytest.mark.parametrize(
    ("verdicts", "strict", "status"),
    [
        (["ok", "ok"], True, 0),
        (["ok", "SKIPPED"], False, 0),
        (["ok", "SKIPPED"], True, 1),
        (["FAILED", "ok"], False, 1),
    ],
)
def test_a_skip_fails_only_a_strict_run(suite, verdicts, strict, status):
    outcomes = [suite.Outcome("part", verdict) for verdict in verdicts]
    assert suite.exit_status(outcomes, strict=strict) == status


def test_missing_servers_are_reported_as_skipped_with_their_names(suite, monkeypatch, tmp_path):
    monkeypatch.setattr(suite.services, "program", lambda name: None)
    options = suite.arguments(["--only", "postgres"])
    assert suite.tests_on_servers(options, tmp_path) == [
        suite.Outcome("tests on postgres", "SKIPPED", note="not installed: postgresql redis-server")
    ]
    assert suite.missing(options)[:2] == ["postgresql", "redis-server"]


def test_a_command_that_fails_is_counted_and_its_last_line_kept(suite, tmp_path):
    code = "print('first'); print('== 3 failed =='); raise SystemExit(1)"
    outcome = suite.timed("part", [sys.executable, "-c", code], suite.environment(tmp_path, {}), summary=True)
    assert (outcome.verdict, outcome.note) == ("FAILED", "3 failed")


def test_settings_of_the_caller_do_not_reach_the_tests(suite, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("SAMPLE_DATE", "2024-12-02")
    monkeypatch.setenv("PRODUCTION", "1")
    env = suite.environment(tmp_path, {})
    assert {"DATABASE_URL", "SAMPLE_DATE"} & set(env) == set()
    assert (env["PRODUCTION"], env["DATA_DIR"]) == ("0", str(tmp_path))


def test_every_shell_script_is_checked(suite):
    names = "scripts/lint scripts/manage scripts/pin scripts/run scripts/test scripts/lib.sh"
    names += " .ci/run deploy/backup deploy/restore-check"
    assert set(suite.shell_scripts()) >= {str(ROOT / name) for name in names.split()}


def test_ci_runs_what_the_manual_names():
    last = (ROOT / ".ci" / "run").read_text().splitlines()[-1]
    assert last == "exec scripts/test --strict"
    assert "`scripts/test --strict` in CI" in (ROOT / "docs" / "operations.md").read_text()


@pytest.mark.parametrize("name", ["run", "test"])
def test_help_needs_nothing_installed(name, tmp_path):
    copy = tmp_path / "scripts"
    copy.mkdir()
    for file in (name, "lib.sh"):
        (copy / file).write_text((ROOT / "scripts" / file).read_text())
    done = subprocess.run(["bash", copy / name, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: scripts/{name}")
