"""Processor time, interleaved runs and the table of results."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

Call = Callable[[], object]
FRAMES = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"}  # of a transaction: no questions


@dataclass(frozen=True)
class Row:
    """One line of the table. `ours` and `theirs` are medians in `unit`; `ratio` is the median of the rounds' ratios."""

    work: str
    ours: float
    unit: str
    target: str
    met: bool | None
    yardstick: str = ""
    theirs: float | None = None
    ratio: float | None = None
    note: str = ""

    @property
    def line(self) -> str:
        against = "–" if self.theirs is None else f"{shown(self.theirs)} {self.unit}, {self.yardstick}"
        times = "–" if self.ratio is None else f"{self.ratio:.2f}×"
        verdict = {True: "met", False: "**missed**", None: "–"}[self.met]
        cells = (self.work, f"{shown(self.ours)} {self.unit}", against, times, self.target or "–", verdict, self.note)
        return f"| {' | '.join(cells)} |"


HEAD = "| work | ours | yardstick | ratio | target | | note |\n|---|---|---|---|---|---|---|"


def shown(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def table(rows: list[Row]) -> str:
    return "\n".join([HEAD, *(row.line for row in rows)])


def cpu() -> float:
    """Seconds of processor time of this process and, on PostgreSQL, of the server process that works for it."""
    return time.process_time() + _server_cpu()


def _server_cpu() -> float:
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(schedule.read_text().split()[0]) / 1e9 if schedule.exists() else 0.0


def interleaved(calls: dict[str, Call], *, rounds: int, repeat: int = 1) -> dict[str, list[float]]:
    """Milliseconds of processor time of each call in each round; all calls take turns, after one turn not counted.

    Python 3.11 keeps its frames in chunks of 16 kB and asks the kernel for another whenever a call crosses an edge.
    A loop that happens to lie across an edge takes up to twice as long, so every round begins at another depth.
    """
    for call in calls.values():
        call()
    times = {name: [] for name in calls}
    for number in range(rounds):
        for name, call in calls.items():
            times[name].append(_at_depth(number * 13 % 97, call, repeat))
    return times


def _at_depth(depth: int, call: Call, repeat: int) -> float:
    if depth:
        return _at_depth(depth - 1, call, repeat)
    began = cpu()
    for _ in range(repeat):
        call()
    return (cpu() - began) * 1000 / repeat


def ratio(ours: list[float], theirs: list[float]) -> float:
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def queries_of(call: Call) -> int:
    with CaptureQueriesContext(connection) as asked:
        call()
    return sum(query["sql"].split()[0] not in FRAMES for query in asked.captured_queries)


@contextmanager
def one_server_process():
    """PostgreSQL answers without helpers, whose processor time could not be seen from here."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET max_parallel_workers_per_gather")
