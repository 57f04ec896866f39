"""The third value: what Phòng Nội vụ recognises when it accepts a report (plan VI.1). Summaries read nothing else."""

from collections import Counter
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from criteria.scoring import AnswerKind
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import AnnualReport, Entry, Figure, Recognition, ReportState, VerificationState
from reports.selectors.leads import Leads, leads
from units import audit
from units.models import User
from units.workflow import SHORTEST_NOTE, refuse_short

NOT_VERIFIED = "Theo báo cáo của đơn vị, chưa thẩm tra"
SAID_SO = "Theo báo cáo của đơn vị"  # "not applicable" and "no data": nothing to verify
ONLY_THE_OFFICE = "Chỉ Phòng Nội vụ ghi số công nhận khác, và không phải người có phần lập báo cáo này."


@transaction.atomic
def recognise(*, report: AnnualReport, by: User, note: str = "") -> None:
    """One recognised value for each figure of `report`: the verified one, else the reported one, and why.

    Figures of a criterion that does not apply are recognised as "not applicable". What Phòng Nội vụ chose itself
    stays, while the figure is still the one it was chosen for. Part of `annual.accept`. Raises StepRefused while a
    figure is returned, NoteMissing while figures wait and `note` does not say why they are accepted unverified.
    """
    figures, offices = list(_figures_of(report)), leads()
    _refuse_returned(figures)
    _refuse_silence(figures, offices, clean_text(note))
    made = [_made(figure, offices, by, clean_text(note)) for figure in figures if not _is_chosen(figure)]
    Recognition.objects.filter(figure__in=[one.figure for one in made]).delete()
    Recognition.objects.bulk_create(one for one in made if one.answer)


def _figures_of(report):
    off = Entry.objects.filter(report=OuterRef("report"), criterion=OuterRef("indicator__criterion"), applies=False)
    related = ("report", "verification", "recognition", "indicator__criterion__sector")
    return Figure.objects.filter(report=report).select_related(*related).annotate(exempt=Exists(off))


def _row(figure, name):
    """The verification or recognition of a figure; None where there is none."""
    return getattr(figure, name, None)


def waiting_in(figures) -> list[Figure]:
    """Those that nobody has verified yet."""
    rows = ((figure, _row(figure, "verification")) for figure in figures)
    return [figure for figure, row in rows if row and row.state == VerificationState.WAITING]


def _refuse_returned(figures) -> None:
    rows = (_row(figure, "verification") for figure in figures)
    if returned := sum(row is not None and row.state == VerificationState.RETURNED for row in rows):
        raise StepRefused(f"Còn {returned} số liệu đang trả lại để sửa. Chấp nhận khi đơn vị gửi lại.")


def _refuse_silence(figures, offices: Leads, note: str) -> None:
    waiting = waiting_in(figures)
    if waiting and len(note) < SHORTEST_NOTE:
        raise NoteMissing(f"{waiting_words(waiting, offices)} Ghi lý do chấp nhận, ít nhất {SHORTEST_NOTE} ký tự.")


def waiting_words(waiting: list[Figure], offices: Leads) -> str:
    """`Còn 3 số liệu chưa thẩm tra (Phòng Tài chính - Kế hoạch 2, Phòng Nông nghiệp 1).`"""
    counts = Counter(offices.verifier(figure.verification.sector, figure.report.unit_id) for figure in waiting)
    named = ", ".join(f"{office} {count}" for office, count in counts.most_common())
    return f"Còn {len(waiting)} số liệu chưa thẩm tra ({named})."


def _is_chosen(figure) -> bool:
    found = _row(figure, "recognition")
    return found is not None and found.chosen_for == figure.version and not figure.exempt


def _made(figure, offices, by, note) -> Recognition:
    signed = {"figure": figure, "by": by, "at": clock.now()}
    row = _row(figure, "verification")
    if figure.exempt:
        return Recognition(answer=AnswerKind.NOT_APPLICABLE, source=SAID_SO, **signed)
    if row is None:
        source = NOT_VERIFIED if figure.answer == AnswerKind.VALUE else SAID_SO
        return Recognition(answer=figure.answer, source=source, **_value_of(figure), **signed)
    if row.state == VerificationState.WAITING:
        return Recognition(answer=figure.answer, source=NOT_VERIFIED, note=note, **_value_of(figure), **signed)
    source = f"Theo thẩm tra của {offices.verifier(row.sector, figure.report.unit_id)}"
    answer = AnswerKind.VALUE if row.state == VerificationState.DIFFERS else figure.answer
    told = f"{source}: {row.source}" if row.source else source
    return Recognition(answer=answer, source=told[:300], note=row.note, **_value_of(row), **signed)


def _value_of(said) -> dict:
    is_none = isinstance(said, Figure) and said.answer != AnswerKind.VALUE  # what was typed under another answer
    return {"value": None, "day": None, "document": ""} if is_none else {
        "value": said.value, "day": said.day, "document": said.document
    }  # fmt: skip


@transaction.atomic
def recognise_otherwise(
    *,
    figure: Figure,
    source: str,
    note: str,
    by: User,
    value: Decimal | None = None,
    day: date | None = None,
    document: str = "",
    version: int | None = None,
) -> Recognition:
    """Phòng Nội vụ sets a value of its own, with source and reason, while it reviews the report.

    `version` is that of the figure which was seen. Raises PermissionDenied, StepRefused, NoteMissing or
    ValidationError (no source).
    """
    report = AnnualReport.objects.select_for_update().get(pk=figure.report_id)
    figure = Figure.objects.select_related("report__unit", "indicator__criterion", "recognition").get(pk=figure.pk)
    if not by.has_perm("reports.recognise_figure", figure):
        raise PermissionDenied(ONLY_THE_OFFICE)
    if report.state != ReportState.REVIEWING or (version is not None and version != figure.version):
        raise StepRefused("Số công nhận ghi được khi Phòng Nội vụ đang xem xét báo cáo. Mở lại trang để xem số mới.")
    source, note = clean_text(source), clean_text(note)
    if not source:
        raise ValidationError({"source": "Chưa ghi nguồn của số công nhận."})
    refuse_short(note)
    said = {"answer": AnswerKind.VALUE, "value": value, "day": day, "document": clean_text(document)}
    signed = {"source": source, "note": note, "by": by, "at": clock.now(), "chosen_for": figure.version}
    before = _row(figure, "recognition")
    row, _ = Recognition.objects.update_or_create(figure=figure, defaults=said | signed)
    audit.record(
        actor=by,
        action="recognise",
        target=report,
        label=f"ghi số công nhận khác ở {figure.indicator.criterion.code}, {figure.indicator.name}",
        changes={"số công nhận": [before.words if before else figure.words, row.words]},
        note=f"{source}. {note}",
    )
    return row
