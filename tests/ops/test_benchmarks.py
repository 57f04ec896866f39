"""The measurements themselves: each part runs with tiny sizes. What they measure is no matter of tests."""

import subprocess
import sys

import pytest

from .conftest import ROOT, SCRIPTS

pytestmark = pytest.mark.usefixtures("december")


@pytest.fixture
def part(monkeypatch):
    """`part("pages")`: the rows of that measurement; drawing processes find the project and the scripts."""
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{SCRIPTS}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    from benchmarks import documents, pages, summary

    return {"pages": pages, "summary": summary, "documents": documents}.get


def test_every_page_is_measured_against_the_bare_view(part, db):
    rows = part("pages").measure(rows=2, rounds=1, repeat=1)
    assert len(rows) == 7
    assert {row.yardstick for row in rows} == {"bare view"}
    assert all(row.ratio > 0 and row.line.count("|") == 8 for row in rows)


def test_the_summary_says_the_same_as_the_statement_written_by_hand(part, db):
    rows = part("summary").measure(sizes=(5,), rounds=1)
    assert [row.target for row in rows] == ["", "≤ 1.2×", "", ""]


def test_a_summary_that_differs_from_the_statement_ends_the_run(part, db, monkeypatch, period_2024):
    summary = part("summary")
    summary.measure(sizes=(5,), rounds=1)
    monkeypatch.setattr(summary, "BY_HAND", summary.BY_HAND.replace("found.value,", "found.value + 1 AS value,"))
    with pytest.raises(SystemExit, match="the site says"):
        summary.check_equal(period_2024)


@pytest.mark.slow
def test_a_summary_is_drawn_in_all_its_faces(part, db, monkeypatch):
    documents = part("documents")
    monkeypatch.setattr(documents.shutil, "which", lambda name: None)  # LibreOffice takes longer than all the rest
    pdf, word, excel = documents.measure(sizes=(2,), rounds=1)
    assert pdf.note.endswith("skipped: soffice is not installed")
    assert all(row.ours > 0 for row in (pdf, word, excel))


@pytest.mark.slow
def test_the_command_measures_a_job_with_a_worker_of_its_own(bare_env):
    command = [ROOT / "benchmarks" / "run", "--smoke", "--embedded", "jobs"]
    done = subprocess.run(command, env=bare_env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "| order to first progress, queue of files |" in done.stdout


def test_the_command_refuses_a_part_that_does_not_exist():
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "suite.py", "speed"],
        env={"PYTHONPATH": str(SCRIPTS)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "speed" in done.stderr
