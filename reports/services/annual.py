"""Deeds on the annual report of a unit: begin it, hand it in, take it back, review it."""

import hashlib
import json
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from campaigns.models import Extension, Period, PeriodState
from criteria.selectors import forms_for
from criteria.services import freeze
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport, Entry, Figure, ReportState, ReportVersion
from reports.selectors.evidence import proofs_of
from reports.selectors.problems import Problem, problems_of, unanswered_in
from reports.services import remarks
from reports.services.answers import Closed
from reports.services.expected import expect
from reports.services.recognition import recognise
from reports.services.telling import tell_standing_office, tell_unit
from reports.workflow import ONLY_THE_UNIT, STEPS, locked_since
from units import audit
from units.models import Unit, User
from units.workflow import take_step


class AlreadyStarted(StepRefused):
    """The unit has its report for the period; `report` is that one."""

    def __init__(self, report):
        super().__init__(f"{report.unit.name} đã có báo cáo năm {report.period.year}.")
        self.report = report


class NotReady(StepRefused):
    """The report cannot be handed in yet; `problems` says where and why."""

    def __init__(self, problems: list[Problem]):
        super().__init__(f"Chưa nộp được, còn {len(problems)} chỗ cần sửa.")
        self.problems = problems


@transaction.atomic
def start_report(*, unit: Unit, period: Period, by: User) -> AnnualReport:
    """The report of `unit` for `period`, with every entry and figure that its kind is asked for.

    Raises PermissionDenied, StepRefused (the unit does not report, or the period is not open) or AlreadyStarted.
    """
    if not by.has_perm("reports.start_report", unit):
        raise PermissionDenied(ONLY_THE_UNIT)
    return begin(unit=unit, period=period, by=by, label=f"lập báo cáo năm {period.year}")


def begin(*, unit: Unit, period: Period, by: User, label: str, **more) -> AnnualReport:
    """What both doors share, the unit's own and Phòng Nội vụ's from paper (`more` are its fields). In a transaction."""
    _refuse_wrong_time(unit, period)
    criteria = forms_for(unit.kind, period.year)
    criteria_set = freeze(criteria_set=criteria[0].criteria_set, by=by)
    report = _create_once(
        unit=unit,
        period=period,
        criteria_set=criteria_set,
        prepared_by=by,
        prepared_at=clock.now(),
        is_sample=by.is_sample,
        **more,
    )
    Entry.objects.bulk_create(Entry(report=report, criterion=criterion) for criterion in criteria)
    asked = (indicator for criterion in criteria for indicator in criterion.asked if not indicator.is_derived)
    Figure.objects.bulk_create(Figure(report=report, indicator=indicator) for indicator in asked)
    audit.record(actor=by, action="start", target=report, label=label, new=ReportState.DRAFT.value)
    return report


def _refuse_wrong_time(unit: Unit, period: Period) -> None:
    due_day = clock.local(period.due_at).date()
    if not Unit.objects.expected_to_report(due_day).filter(pk=unit.pk).exists():
        raise StepRefused(f"{unit.name} không thuộc diện phải báo cáo năm {period.year}. Nếu cần, hỏi Phòng Nội vụ.")
    if period.state == PeriodState.NOT_OPEN:
        opens = clock.local(period.opens_at)
        raise StepRefused(f"Kỳ báo cáo năm {period.year} mở từ {opens:%H:%M ngày %d/%m/%Y}.")
    if period.state == PeriodState.LOCKED and not _is_extended(unit, period):
        raise StepRefused(locked_since(period))


def _is_extended(unit: Unit, period: Period) -> bool:
    until = Extension.objects.deadline_of(unit.pk, period.pk)
    return until is not None and clock.now() < until


def _create_once(**fields) -> AnnualReport:
    """The unique constraint answers, so that two people who begin at the same moment make one report."""
    try:
        with transaction.atomic():
            return AnnualReport.objects.create(**fields)
    except IntegrityError:
        first = AnnualReport.objects.filter(unit=fields["unit"], period=fields["period"])
        raise AlreadyStarted(first.select_related("unit", "period").get()) from None


@transaction.atomic
def submit(*, report: AnnualReport, by: User, version: int | None = None, seen_at=None) -> AnnualReport:
    """The head hands the report in (plan I.2): frozen as an edition, with a receipt, known to Phòng Nội vụ.

    `seen_at` is when the page was opened: nobody signs what a colleague changed afterwards. Raises PermissionDenied,
    StepRefused, Closed (period locked) or NotReady.
    """
    report = hand_in("submit", report, by, version, seen_at)
    text = f"{report.unit.name} nộp báo cáo năm {report.period.year}, phiếu tiếp nhận số {report.receipt}."
    tell_standing_office(report, by=by, kind="report_submitted", text=text)
    return report


@transaction.atomic
def resubmit(*, report: AnnualReport, by: User, version: int | None = None, seen_at=None) -> AnnualReport:
    """The head sends back what was returned: a new edition, and only those who asked look again. Raises as `submit`."""
    report = hand_in("resubmit", report, by, version, seen_at)
    count = report.remarks.open().count()
    remarks.answer_all(report=report, by=by)
    text = f"{report.unit.name} gửi lại báo cáo năm {report.period.year}, đã trả lời {count} ý kiến."
    tell_standing_office(report, by=by, kind="report_submitted", text=text)
    return report


def hand_in(step: str, report, by, version, seen_at, *, steps=STEPS, **more) -> AnnualReport:
    """One of the steps that freeze an edition; `more` is its note and further fields. In a transaction."""
    period = Period.objects.select_for_update().get(pk=report.period_id)  # receipts are counted one at a time
    report = AnnualReport.objects.select_for_update().get(pk=report.pk)
    now = clock.now()
    with clock.held_at(now):  # one look at the clock: what is taken in bears a time before the lock
        was_locked = report.is_locked
    last = _last_saved(report)
    report = take_step(
        obj=report,
        steps=steps,
        name=step,
        by=by,
        version=version,
        **more,
        edition=report.edition + 1,
        receipt=report.receipt or _next_receipt(period),
        submitted_by=by,
        submitted_at=now,
        first_submitted_at=report.first_submitted_at or now,
        **({"prepared_by": last.saved_by, "prepared_at": last.saved_at} if last else {}),
    )
    if was_locked:
        raise Closed(locked_since(period))
    _refuse_unseen(report, by, seen_at)
    if problems := [*unanswered_in(report.remarks.open().with_answers()), *problems_of(report)]:
        raise NotReady(problems)
    _freeze_edition(report)
    expect(report=report, by=by)
    return report


def _last_saved(report) -> Entry | Figure | None:
    """The answer written last: who wrote it prepared the report."""
    saved = [
        answers.exclude(saved_at=None).order_by("-saved_at").first() for answers in (report.entries, report.figures)
    ]
    return max((answer for answer in saved if answer), key=lambda answer: answer.saved_at, default=None)


def _next_receipt(period) -> str:
    prefix = f"BC-{period.year}-"
    last = (
        AnnualReport.objects.filter(receipt__startswith=prefix).order_by("-receipt").values_list("receipt", flat=True)
    )
    number = int(last[0].removeprefix(prefix)) if last else 0
    return f"{prefix}{number + 1:04d}"


def _refuse_unseen(report, by, seen_at) -> None:
    for answers in (report.entries, report.figures):
        later = answers.filter(saved_at__gt=seen_at).exclude(saved_by=by) if seen_at else answers.none()
        if unseen := later.select_related("saved_by").order_by("-saved_at").first():
            when = clock.local(unseen.saved_at)
            raise StepRefused(
                f"{unseen.saved_by.full_name} đã sửa báo cáo lúc {when:%H:%M}, sau khi bạn mở. Đọc lại rồi nộp."
            )


def _freeze_edition(report) -> ReportVersion:
    data = canonical(report)
    return ReportVersion.objects.create(
        report=report,
        edition=report.edition,
        data=data,
        digest=hashlib.sha256(data.encode()).hexdigest(),
        submitted_by=report.submitted_by,
        submitted_at=report.submitted_at,
    )


def canonical(report) -> str:
    """All answers as JSON whose bytes depend on nothing but the answers: sorted keys, decimals as plain text."""
    entries = report.entries.select_related("criterion")
    figures = report.figures.select_related("indicator")
    data = {
        "unit": report.unit.key,
        "year": report.period.year,
        "edition": report.edition,
        "entries": {
            e.criterion.code: {"applies": e.applies, "grade": e.grade, "narrative": e.narrative} for e in entries
        },
        "figures": {f.indicator.code: _plain(f) for f in figures},
        "evidence": proofs_of(report),
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(figure) -> dict[str, str]:
    fields = ("answer", "value", "day", "document", "reason", "expected_on", "explanation")
    return {name: _text(getattr(figure, name)) for name in fields}


def _text(value) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


@transaction.atomic
def withdraw(*, report: AnnualReport, by: User, version: int | None = None) -> AnnualReport:
    """The head takes the report back before anybody opened it. What was never reviewed counts as not handed in."""
    report = AnnualReport.objects.select_for_update().get(pk=report.pk)
    first = report.first_submitted_at if report.reviewed_at else None
    taken = {"submitted_by": None, "submitted_at": None, "first_submitted_at": first}
    report = take_step(obj=report, steps=STEPS, name="withdraw", by=by, version=version, **taken)
    if report.is_locked:
        raise Closed(f"{locked_since(report.period)} Rút về thì không nộp lại được.")
    return report


@transaction.atomic
def withdraw_correction(*, report: AnnualReport, by: User, version: int | None = None) -> AnnualReport:
    """The head takes back what was put right and not looked at again: the same answers open, and no others."""
    report = take_step(obj=report, steps=STEPS, name="withdraw_correction", by=by, version=version)
    remarks.take_back_all(report=report, by=by)
    return report


@transaction.atomic
def open_review(*, report: AnnualReport, by: User, version: int | None = None) -> AnnualReport:
    return take_step(obj=report, steps=STEPS, name="open_review", by=by, version=version)


@transaction.atomic
def accept(*, report: AnnualReport, by: User, version: int | None = None, note: str = "") -> AnnualReport:
    """What the standing office itself had asked is settled with it. Raises PermissionDenied or StepRefused."""
    signed = {"reviewed_by": by, "reviewed_at": clock.now()}
    report = take_step(obj=report, steps=STEPS, name="accept", by=by, version=version, note=note, **signed)
    recognise(report=report, by=by, note=note)
    if report.withdrawal_requests.waiting().exists():
        raise StepRefused("Thủ trưởng đơn vị đang xin rút báo cáo này. Trả lời trước, rồi chấp nhận.")
    remarks.settle_own(report=report, by=by)
    text = f"Phòng Nội vụ chấp nhận báo cáo năm {report.period.year}."
    tell_unit(report, by=by, kind="report_accepted", text=text)
    return report


@transaction.atomic
def reopen(*, report: AnnualReport, note: str, by: User, version: int | None = None) -> AnnualReport:
    return take_step(obj=report, steps=STEPS, name="reopen", by=by, note=note, version=version)
