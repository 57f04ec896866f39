"""Processor time of one request of a signed-in person, against a bare view with session and user of the same server.

Requests go through Django's test client, one after the other, through all middleware; the client's own work is in all
of them, the bare view too.
"""

from functools import partial
from itertools import cycle
from statistics import median

from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from benchmarks import world
from benchmarks.measuring import Row, interleaved, queries_of, ratio
from phongtho_thidua.urls import urlpatterns as of_the_site
from reports.models import Figure, ReportState
from units.access import signed_in
from units.models import UnitKind

BACKEND = "django.contrib.auth.backends.ModelBackend"
BARE = "bare view"
FORM, AUTOSAVE = "report of 2024 as a form", "autosave of one figure"
# (milliseconds of processor time, queries): targets.md
TARGETS = {FORM: (25, 12), AUTOSAVE: (8, 6)}
LIST_TARGET = (20, None)


@signed_in
def bare(request):
    return HttpResponse(request.user.full_name)


urlpatterns = [path("bare/", bare), *of_the_site]


def measure(*, rows: int = 300, rounds: int = 15, repeat: int = 3) -> list[Row]:
    """`rows` units with a report each in queue and board, and a nomination each."""
    with override_settings(ROOT_URLCONF=__name__):
        calls = _calls(rows)
        queries = {name: queries_of(call) for name, call in calls.items()}
        times = interleaved(calls, rounds=rounds, repeat=repeat)
    return [_row(name, times, queries[name]) for name in calls if name != BARE]


def _row(name: str, times: dict[str, list[float]], queries: int) -> Row:
    ours, base = times[name], times[BARE]
    most, most_queries = TARGETS.get(name, LIST_TARGET)
    target = f"≤ {most} ms" + (f", ≤ {most_queries} queries" if most_queries else "")
    met = median(ours) <= most and (most_queries is None or queries <= most_queries)
    return Row(name, median(ours), "ms", target, met, BARE, median(base), ratio(ours, base), f"{queries} queries")


def _calls(rows: int) -> dict:
    units = world.add_units(rows + 1, (UnitKind.COMMUNE,))
    reviewer, officer = world.reviewer(), world.member("hanh.lt", units[0])
    world.add_reports(units, 2023, by=officer)
    report, *_ = world.add_reports(units[:1], 2024, by=officer, state=ReportState.DRAFT)
    waiting, *_ = world.add_reports(units[1:], 2024, by=officer, state=ReportState.SUBMITTED)
    world.add_nominations(units[1:], by=officer)
    world.settle()
    writes, reads = browser_of(officer), browser_of(reviewer)
    return {
        BARE: partial(get, writes, "/bare/"),
        FORM: partial(get, writes, report.get_absolute_url()),
        AUTOSAVE: _autosave(writes, report),
        f"report to be read, place in a queue of {rows}": partial(
            get, reads, f"{waiting.get_absolute_url()}?hang-doi=1"
        ),
        f"queue, {rows} rows": partial(get, reads, reverse("reports:queue")),
        f"completeness board, {rows + 1} reports": partial(get, reads, reverse("reports:board", args=[2024])),
        f"nominations, {rows} rows, paged": partial(get, reads, reverse("awards:rounds")),
        "Việc của tôi, officer": partial(get, writes, reverse("units:my_work")),
    }


def browser_of(user) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend=BACKEND)
    return client


def get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")


def _autosave(client: Client, report):
    """Saves another value each time, with the version that the save before it left."""
    figure = Figure.objects.filter(report=report, indicator__kind="money", indicator__whole=None).first()
    address, values = reverse("reports:save_figure", args=[report.pk, figure.pk]), cycle(("1.250", "1.251"))
    seen = {"version": figure.version}

    def save() -> None:
        said = {f"{figure.key}-answer": "value", f"{figure.key}-value": next(values)}
        answer = client.post(address, said | seen)
        if answer.status_code != 200:
            raise SystemExit(f"autosave answers {answer.status_code}: {answer.text[:300]}")
        seen["version"] = answer.json()["version"]

    return save
