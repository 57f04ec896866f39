"""Deeds on what is asked back: single entries and figures are returned, put right, and seen again by who asked."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from campaigns.models import Holiday
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport, Entry, Figure, Remark, RemarkState, ReportState
from reports.selectors.names import codes_of, name_of
from reports.services.expected import wait_after_drop
from reports.services.telling import tell_unit
from reports.workflow import ONLY_THE_UNIT, REMARK_STEPS, STEPS, why_shut
from units import audit
from units.models import Duty, Mandate, User
from units.workflow import refuse_short, take_step

USUAL_DAYS = 5  # working days to put right what was returned


def usual_due() -> datetime:
    """17:00 on the fifth working day from today."""
    return clock.at(clock.after_working_days(clock.today(), USUAL_DAYS, Holiday.objects.days()), 17)


@transaction.atomic
def ask_back(
    *,
    report: AnnualReport,
    answers: list[Entry | Figure],
    reason: str,
    due_at: datetime,
    by: User,
    sector: str = "",
    version: int | None = None,
) -> list[Remark]:
    """Return exactly `answers` to the unit: they open again, all else stays as it was handed in.

    `sector` names the lead that asks, for figures of its own sector; blank is the standing office. Whoever asks again
    about what the unit has answered ends their earlier remark. Raises PermissionDenied, StepRefused (the state, or
    another office waits for the same answer), NoteMissing, or ValidationError (nothing chosen, a day that has passed).
    """
    if not answers or any(answer.report_id != report.pk for answer in answers):
        raise ValidationError({"answers": "Chưa chọn chỗ nào để trả lại. Đánh dấu ít nhất một mục hoặc số liệu."})
    if due_at <= clock.now():
        raise ValidationError({"due_on": "Hạn sửa phải sau lúc này. Thường là 5 ngày làm việc, đến 17:00."})
    due = f"{clock.local(due_at):%H:%M ngày %d/%m/%Y}"
    report = take_step(
        obj=report,
        steps=STEPS,
        name="return",
        by=by,
        note=reason,
        version=version,
        record=f"trả lại {'; '.join(map(name_of, answers))}. Sửa và gửi lại trước {due}",
        **({} if sector else {"reviewed_by": by, "reviewed_at": clock.now()}),
    )
    _refuse_stranger(report, answers, sector, by)
    _end_earlier(answers, sector, by)
    remarks = _made(report, answers, sector, by, reason=clean_text(reason), due_at=due_at)
    _set_open(answers, to=True)
    text = f"{remarks[0].office} trả lại {codes_of(answers)}. Sửa và gửi lại trước {due}."
    tell_unit(report, by=by, kind="report_returned", text=text)
    return remarks


def _refuse_stranger(report, answers, sector, by) -> None:
    """A lead asks about figures of its own sector, and about nothing else."""
    if not by.has_perm("reports.follow_remark", Remark(report=report, sector=sector)):
        raise PermissionDenied(STEPS["return"].who)
    figures = [answer.pk for answer in answers if isinstance(answer, Figure)]
    own = Figure.objects.filter(pk__in=figures, indicator__criterion__sector__code=sector)
    if sector and own.count() != len(answers):
        raise PermissionDenied("Cơ quan chủ trì chỉ trả lại số liệu thuộc lĩnh vực của mình.")


def _end_earlier(answers, sector, by) -> None:
    for remark in Remark.objects.live().about(answers):
        if remark.state == RemarkState.ANSWERED and remark.sector == sector:
            take_step(obj=remark, steps=REMARK_STEPS, name="ask_again", by=by, **_settled(by))
        else:
            raise StepRefused(f"{remark.office} đã trả lại {name_of(remark.answer)} và đang chờ. Bỏ chọn chỗ ấy.")


def _made(report, answers, sector, by, **said) -> list[Remark]:
    office = _office(sector, by)
    return Remark.objects.bulk_create(
        Remark(
            report=report,
            sector=sector,
            office=office,
            before=answer.words,
            asked_by=by,
            **{"figure" if isinstance(answer, Figure) else "entry": answer},
            **said,
        )
        for answer in answers
    )


def _office(sector, by) -> str:
    """The name, today, of the unit in whose name `by` asks."""
    held = Mandate.objects.on(clock.today()).filter(unit__in=by.unit_ids).select_related("unit")
    led = held.filter(duty=Duty.SECTOR_LEAD, sector=sector).first() if sector else None
    return (led or held.filter(duty=Duty.STANDING_OFFICE).first()).unit.name


def _set_open(answers, *, to: bool) -> None:
    for answer in answers:
        type(answer).objects.filter(pk=answer.pk).update(reopened=to)


def _settled(by) -> dict:
    return {"settled_by": by, "settled_at": clock.now()}


@transaction.atomic
def reply(*, remark: Remark, text: str, by: User) -> Remark:
    """The unit writes why an answer stays as it was; raises PermissionDenied, StepRefused or NoteMissing."""
    text = clean_text(text)
    AnnualReport.objects.select_for_update().get(pk=remark.report_id)
    remark = Remark.objects.with_answers().get(pk=remark.pk)
    if not by.has_perm("reports.start_report", remark.report):
        raise PermissionDenied(ONLY_THE_UNIT)
    if remark.state != RemarkState.OPEN or not remark.answer.is_open:
        raise StepRefused(why_shut(remark.answer) or "Ý kiến này không còn chờ đơn vị.")
    refuse_short(text)
    old, remark.reply = remark.reply, text
    remark.save(update_fields=["reply"])
    audit.record(
        actor=by,
        action="reply",
        target=remark,
        label=f"ghi lý do giữ nguyên {name_of(remark.answer)}",
        changes={"lý do": [old, text]} if old else {},
        note="" if old else text,
    )
    return remark


def answer_all(*, report: AnnualReport, by: User) -> None:
    """What was open goes to who asked, and closes. Within `annual.resubmit`, which has seen that all is answered."""
    for remark in report.remarks.open():
        take_step(obj=remark, steps=REMARK_STEPS, name="answer", by=by, answered_at=clock.now())
    for answers in (report.entries, report.figures):
        answers.filter(reopened=True).update(reopened=False)


def take_back_all(*, report: AnnualReport, by: User) -> None:
    """What was sent back and not seen yet opens again. Within `annual.withdraw_correction`."""
    for remark in report.remarks.answered():
        take_step(obj=remark, steps=REMARK_STEPS, name="take_back", by=by, answered_at=None)
        _set_open([remark.answer], to=True)


def lapse_all(*, report: AnnualReport, by: User) -> None:
    """The whole report opens, so nothing is asked of single answers. Within `withdrawals.allow`."""
    for remark in report.remarks.live():
        take_step(obj=remark, steps=REMARK_STEPS, name="lapse", by=by, **_settled(by))
        _set_open([remark.answer], to=False)


def settle_own(*, report: AnnualReport, by: User) -> None:
    """The standing office accepts, so what it asked is in order. Within `annual.accept`."""
    for remark in report.remarks.answered().filter(sector=""):
        settle(remark=remark, by=by)


@transaction.atomic
def settle(*, remark: Remark, by: User, version: int | None = None) -> Remark:
    return take_step(obj=remark, steps=REMARK_STEPS, name="settle", by=by, version=version, **_settled(by))


@transaction.atomic
def settle_figure(*, figure: Figure, by: User) -> None:
    """A lead has judged the figure anew: what its sector asked about it is settled, when the unit has answered."""
    for remark in figure.remarks.answered().exclude(sector=""):
        settle(remark=remark, by=by)


@transaction.atomic
def drop(*, remark: Remark, by: User, version: int | None = None) -> Remark:
    """Whoever asked asks no longer; after the last one the report stands as it was handed in.

    Raises PermissionDenied, or StepRefused when the unit has begun to change the answer.
    """
    report = AnnualReport.objects.select_for_update().get(pk=remark.report_id)
    remark = take_step(obj=remark, steps=REMARK_STEPS, name="drop", by=by, version=version, **_settled(by))
    if report.state != ReportState.RETURNED:
        return remark
    if remark.answer.words != remark.before:
        raise StepRefused(f"Đơn vị đã bắt đầu sửa {name_of(remark.answer)}. Chờ thủ trưởng gửi lại.")
    _set_open([remark.answer], to=False)
    wait_after_drop(remark=remark, by=by)
    if not report.remarks.open().exists():
        take_step(obj=report, steps=STEPS, name="resume", by=by)
    text = f"{remark.office} rút lại ý kiến về {name_of(remark.answer)}. Chỗ ấy giữ nguyên như đã nộp."
    tell_unit(report, by=by, kind="remark_dropped", text=text)
    return remark
