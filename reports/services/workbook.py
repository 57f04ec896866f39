"""The deed that brings a filled-in workbook into its report: every answer as if it were typed, or none."""

from dataclasses import dataclass

from django.db import transaction

from reports.models import AnnualReport, Entry, Figure
from reports.services.answers import Conflict, keep_both, save_entry, save_figure
from units import audit
from units.models import User


@dataclass(frozen=True)
class Row:
    """One answer of the file: `data` clean from its form, `version` the one the person saw.

    `clash` when somebody changed it online meanwhile: `mine` says whether the file's words are kept.
    """

    answer: Entry | Figure
    data: dict
    version: int
    changed: Entry | Figure
    clash: bool = False
    mine: bool = True


@transaction.atomic
def fill_in(*, report: AnnualReport, rows: list[Row], by: User) -> int:
    """Store every row that is kept and tell the history once; gives how many answers changed.

    Raises as `answers.save_entry`: then nothing at all was stored. Of a clash the version that lost is told there too.
    """
    kept = [row for row in rows if row.mine]
    for row in rows:
        if not row.mine:
            keep_both(clash=Conflict(row.answer, row.changed), by=by)
    for row in kept:
        _save(row, by)
    if kept:
        label = f"nạp {len(kept)} mục từ tệp Excel vào báo cáo năm {report.period.year}"
        audit.record(actor=by, action="fill_in", target=report, label=label)
    return len(kept)


def _save(row: Row, by: User) -> None:
    how = {"data": row.data, "version": row.version, "by": by, "force": row.clash}
    if isinstance(row.answer, Figure):
        save_figure(figure=row.answer, **how)
    else:
        save_entry(entry=row.answer, **how)
