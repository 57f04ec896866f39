"""Which figures of a report wait for the leads of their sectors (plan VI.1): told when the head hands it in."""

from django.db.models import Exists, OuterRef

from criteria.scoring import AnswerKind
from reports.models import AnnualReport, Entry, Figure, Remark, Verification, VerificationState
from reports.workflow import VERIFYING
from units import audit
from units.models import User
from units.workflow import take_step

_BLANK = {"value": None, "day": None, "document": "", "source": "", "note": "", "by": None, "at": None}
_CHANGED = ["state", "version", "figure_version", *_BLANK]


def expect(*, report: AnnualReport, by: User) -> None:
    """Every figure with a value waits once. What was judged stays judged unless it changed or was returned since.

    Part of handing in: runs in its transaction, under the lock of the report.
    """
    figures = {figure.pk: figure for figure in _figures_of(report)}
    rows = {row.figure_id: row for row in Verification.objects.filter(figure__report=report)}
    obsolete = [row.pk for pk, row in rows.items() if not figures[pk].answer or figures[pk].exempt]
    Verification.objects.filter(pk__in=obsolete).delete()
    Verification.objects.bulk_create(
        Verification(figure=figure, sector=figure.sector, figure_version=figure.version)
        for pk, figure in figures.items()
        if pk not in rows and figure.answer == AnswerKind.VALUE and not figure.exempt
    )
    again = [row for pk, row in rows.items() if row.pk not in obsolete and _must_wait(row, figures[pk])]
    for row in again:
        _wait_again(row, figures[row.figure_id], by)
    Verification.objects.bulk_update(again, _CHANGED)


def _figures_of(report):
    off = Entry.objects.filter(report=OuterRef("report"), criterion=OuterRef("indicator__criterion"), applies=False)
    figures = Figure.objects.filter(report=report).select_related("indicator__criterion__sector")
    for figure in figures.annotate(exempt=Exists(off)):
        figure.sector = figure.indicator.criterion.sector.code
        yield figure


def _must_wait(row, figure) -> bool:
    """Also what was returned and came back unchanged with a reply: only the asker looks again."""
    return row.figure_version != figure.version or row.state == VerificationState.RETURNED


def _wait_again(row, figure, by) -> None:
    """The earlier judgement stays in the history; a page that still shows it is out of date."""
    if row.state != VerificationState.WAITING:
        audit.record(
            actor=by,
            action="wait_again",
            target=row,
            label="gửi lại báo cáo, số liệu chờ thẩm tra lại",
            old=row.state,
            new=VerificationState.WAITING.value,
        )
    for field, value in {**_BLANK, "state": VerificationState.WAITING, "figure_version": figure.version}.items():
        setattr(row, field, value)
    row.version += 1


def wait_after_drop(*, remark: Remark, by: User) -> None:
    """Who returned the figure asks no longer, so it waits for their judgement. Part of `remarks.drop`."""
    returned = Verification.objects.filter(figure=remark.figure_id, state=VerificationState.RETURNED)
    for row in returned.filter(sector=remark.sector):
        forget(take_step(obj=row, steps=VERIFYING, name="take_back", by=by))


def forget(row: Verification) -> Verification:
    """What was said of a figure that waits again; the audit log keeps it."""
    for field, nothing in _BLANK.items():
        setattr(row, field, nothing)
    row.save(update_fields=list(_BLANK))
    return row
