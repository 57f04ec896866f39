"""A summary as PDF, Word and Excel, a page; against LibreOffice turning our own Word file into PDF.

Each drawing runs in a process of its own, as the worker's does, after a small one that is not counted. LibreOffice is
started for each file, as targets.md measured it; what an empty file takes, which is its start, stands in the note.
Processor time, and the most memory the process held.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from docx import Document as WordFile
from pypdf import PdfReader

from benchmarks import world
from benchmarks.measuring import Row, ratio
from campaigns.models import Period
from reports.documents import snapshot
from reports.models import Face

# Units whose summary has about 12, 50 and 200 pages.
SIZES = (2, 210, 1_130)
# Pages from which on each target of targets.md holds, with the share of LibreOffice's time.
PDF_TARGETS = ((150, 0.9), (30, 0.8), (0, 0.7))
MOST_MEMORY, WORD_TARGET = 200, 6


@dataclass(frozen=True)
class Run:
    """Seconds of processor time and megabytes at the peak; of LibreOffice also the seconds of its start."""

    seconds: float
    memory: float
    start: float = 0


def measure(*, sizes: tuple[int, ...] = SIZES, rounds: int = 3) -> list[Row]:
    by, rows, before = world.reviewer(), [], 0
    with _folder() as folder:
        for size in sizes:
            units = world.add_units(size - before)
            for year in world.YEARS:
                world.add_reports(units, year, by=by)
            before = size
            source = folder / f"{size}.json"
            source.write_text(snapshot.take(Period.objects.get(year=2024).pk), encoding="utf-8")
            rows += _rows(source, rounds)
    return rows


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tt-documents-") as name:
        yield Path(name)


def _rows(source: Path, rounds: int) -> list[Row]:
    office, runs = [], {face: [] for face in Face}
    for _ in range(rounds):
        for face in Face:
            runs[face].append(draw(face, source))
        if shutil.which("soffice"):
            office.append(office_pdf(source.with_suffix(".docx")))
    pages = len(PdfReader(source.with_suffix(".pdf")).pages)
    return [
        _pdf_row(runs[Face.PDF], office, pages),
        _word_row(runs[Face.DOCX], pages),
        _excel_row(runs[Face.XLSX], pages),
    ]


def _per_page(runs: list[Run], pages: int) -> float:
    return median(run.seconds for run in runs) * 1000 / pages


def _memory(runs: list[Run]) -> float:
    return max(run.memory for run in runs)


def _pdf_row(runs: list[Run], office: list[Run], pages: int) -> Row:
    most = next(share for least, share in PDF_TARGETS if pages >= least)
    target, memory = f"≤ {most}×, ≤ {MOST_MEMORY} MB", _memory(runs)
    work, ours = f"PDF, {pages} pages, a page", _per_page(runs, pages)
    if not office:
        return Row(work, ours, "ms", target, None, note=f"peak {memory:.0f} MB; skipped: soffice is not installed")
    share = ratio([run.seconds for run in runs], [run.seconds for run in office])
    warm = median(run.seconds - run.start for run in office) * 1000 / pages
    note = f"peak {memory:.0f} MB, LibreOffice {_memory(office):.0f} MB and {warm:.0f} ms a page without its start"
    met = share <= most and memory <= MOST_MEMORY
    return Row(work, ours, "ms", target, met, "LibreOffice", _per_page(office, pages), share, note)


def _word_row(runs: list[Run], pages: int) -> Row:
    ours = _per_page(runs, pages)
    target, met = (f"≤ {WORD_TARGET} ms", ours <= WORD_TARGET) if pages >= 30 else ("", None)
    return Row(f"Word, {pages} pages, a page", ours, "ms", target, met, note=f"peak {_memory(runs):.0f} MB")


def _excel_row(runs: list[Run], pages: int) -> Row:
    seconds = median(run.seconds for run in runs)
    return Row(
        f"Excel of the same summary ({pages} pages), whole",
        seconds * 1000,
        "ms",
        "",
        None,
        note=f"peak {_memory(runs):.0f} MB",
    )


def draw(face: Face, source: Path) -> Run:
    """Draws `source` beside it, in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.drawing", face.value, str(source)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(**json.loads(done.stdout))


def office_pdf(word: Path) -> Run:
    empty = word.with_name("empty.docx")
    if not empty.exists():
        WordFile().save(empty)
    start, whole = _convert(empty), _convert(word)
    return Run(whole.seconds, whole.memory, start.seconds)


def _convert(word: Path) -> Run:
    profile, out = word.with_name("profile"), word.with_name("office")
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "pdf"]
    process = subprocess.Popen(
        [*command, "--outdir", str(out), str(word)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not (out / word.name).with_suffix(".pdf").exists():
        raise SystemExit(f"soffice could not convert {word.name}")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
