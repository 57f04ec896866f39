"""Reads across rounds, nominations, reports and the catalogue."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from phongtho_thidua.lib import clock, work
from phongtho_thidua.lib.workflow import Choice, choices
from reports.models import AnnualReport

from .eligibility import Facts, Finding, Ground, judge
from .models import AwardForm, AwardRound, FormAuthority, FormRecipient, Nomination, NominationState, RuleClause
from .workflow import STEPS, UNIT_STEPS

NEWEST = 3  # nominations named one by one on the home page; more are told as a count


@dataclass(frozen=True)
class RoundRow:
    round: AwardRound
    total: int
    waiting: int
    eligible: int


@dataclass(frozen=True)
class Place:
    """Where a reviewer stands in the queue: `number` of `total`, and the nomination after this one."""

    nomination: Nomination | None
    number: int
    total: int
    following: int | None


def rounds_for(user) -> list[RoundRow]:
    """Every round with how many nominations `user` sees in it; two queries whatever their number."""
    rows = Nomination.objects.visible_to(user).values_list("round", "state").annotate(Count("pk")).order_by()
    counts = {(round_id, state): count for round_id, state, count in rows}
    return [_round_row(one, counts) for one in AwardRound.objects.visible_to(user).select_related("period")]


def _round_row(one, counts) -> RoundRow:
    return RoundRow(
        round=one,
        total=sum(count for (round_id, _), count in counts.items() if round_id == one.pk),
        waiting=counts.get((one.pk, NominationState.SUBMITTED), 0),
        eligible=counts.get((one.pk, NominationState.ELIGIBLE), 0),
    )


def catalogue(one: AwardRound) -> list[AwardForm]:
    """The forms offered in the round, each with `deciders` and `receivers` of today; three queries."""
    today = clock.today()
    forms = list(one.forms.all())
    by_form = {form.pk: form for form in forms}
    for form in forms:
        form.deciders, form.receivers = [], []
    for term in FormAuthority.objects.on(today).filter(form__in=forms):
        by_form[term.form_id].deciders.append(term)
    for term in FormRecipient.objects.on(today).filter(form__in=forms):
        by_form[term.form_id].receivers.append(term)
    return forms


def forms_offered(one: AwardRound, kind):
    """The forms of the round that are for this kind of subject today."""
    fitting = FormRecipient.objects.on(clock.today()).filter(kind=kind)
    return one.forms.filter(pk__in=fitting.values("form"))


def findings_for(nomination: Nomination, user) -> list[Finding]:
    """What `eligibility` says of the nomination as `user` may know it; eight queries at most."""
    return judge(facts_of(nomination, user))


def choices_for(nomination: Nomination, user) -> list[Choice]:
    """The steps of this person's side, each with whether they may take it; of the other side only what they may."""
    own, reviews = nomination.unit_id in user.unit_ids, user.is_standing_office
    found = choices(STEPS, nomination, user)
    return [one for one in found if one.allowed or (own if one.step.name in UNIT_STEPS else reviews)]


def facts_of(nomination: Nomination, user) -> Facts:
    one, form = nomination.round, nomination.form
    received_at = nomination.submitted_at if nomination.was_submitted and not _was_withdrawn(nomination) else None
    day = clock.local(received_at).date() if received_at else clock.today()
    others = _others(nomination)
    return Facts(
        day=day,
        form=form.name,
        kind=nomination.get_subject_kind_display(),
        recipient=_ground(form.recipients.on(day).filter(kind=nomination.subject_kind).first()),
        authority=_authority(form, day),
        clauses={clause.rule: _ground(clause) for clause in RuleClause.objects.on(day)},
        round_source=one.source,
        opens_at=one.opens_at,
        closes_at=one.closes_at,
        now=clock.now(),
        received_at=received_at,
        achievement_length=len(nomination.achievement),
        same_again=any(other.form_id == nomination.form_id for other in others),
        other_forms=tuple(other.form.name for other in others if other.form_id != nomination.form_id),
        look_alikes=_look_alikes(nomination, user),
        report_accepted=_report_accepted(nomination),
        year=one.period.year,
    )


def _was_withdrawn(nomination) -> bool:
    """A draft that had been submitted is, to the rules, not received."""
    return nomination.state == NominationState.DRAFT


def _ground(row) -> Ground | None:
    return row and Ground(row.source, row.verified, getattr(row, "wording", ""))


def _authority(form, day) -> Ground | None:
    term = form.authorities.on(day).first()
    return term and Ground(term.source, term.verified, term.name)


def _others(nomination) -> list[Nomination]:
    """Live nominations of the same subject in the same round: always of its own unit, so nothing is given away."""
    others = Nomination.objects.live().filter(round=nomination.round_id).of_subject(nomination)
    return list(others.exclude(pk=nomination.pk).select_related("form"))


def _look_alikes(nomination, user) -> tuple[str, ...]:
    """Another person of the same kind, name (without accents) and year of birth, as far as `user` may see."""
    person = nomination.person
    if person is None:
        return ()
    alike = (
        Nomination.objects.visible_to(user)
        .live()
        .filter(
            round=nomination.round_id,
            person__kind=person.kind,
            person__search_text=person.search_text,
            person__birth_year=person.birth_year,
        )
    )
    rows = alike.exclude(person=person.pk).exclude(pk=nomination.pk).select_related("person", "unit")
    return tuple(f"{row.person}, {row.unit.name}" for row in rows)


def _report_accepted(nomination) -> bool | None:
    unit = nomination.subject_unit
    if unit is None or not unit.reports:
        return None
    return AnnualReport.objects.accepted().filter(unit=unit, period=nomination.round.period_id).exists()


def place_in_queue(user, *, one: AwardRound | None = None, wanted: int | None = None) -> Place:
    """The nomination to judge: the one `wanted` while it waits, else the one that came first."""
    queue = Nomination.objects.reviewable_by(user)
    waiting = list((queue.filter(round=one) if one else queue).values_list("pk", flat=True))
    if not waiting:
        return Place(None, 0, 0, None)
    index = waiting.index(wanted) if wanted in waiting else 0
    following = waiting[(index + 1) % len(waiting)] if len(waiting) > 1 else None
    nomination = Nomination.objects.with_subjects().get(pk=waiting[index])
    return Place(nomination, index + 1, len(waiting), following)


def waiting_for(user):
    """What waits for this person in the rail: for the standing office what it may judge, for a unit what came back."""
    if user.is_standing_office:
        return Nomination.objects.reviewable_by(user)
    return Nomination.objects.filter(unit__in=user.unit_ids, state=NominationState.RETURNED)


def work_count(user) -> int:
    return waiting_for(user).count()


def work_items(user):
    """Rows of the home page: what came back, what is still to be submitted, what waits for the standing office."""
    if not user.unit_ids:
        return
    own = Nomination.objects.filter(unit__in=user.unit_ids)
    yield from _returned(own)
    yield from _open_rounds(own)
    yield from _waiting(own)
    yield from _to_review(user)


def _returned(own):
    rows = own.filter(state=NominationState.RETURNED).with_subjects().order_by("reviewed_at")
    for row in rows[:NEWEST]:
        yield work.Item(
            group=work.Group.TODO,
            what=f"Bổ sung đề nghị {row.form}, {row.subject}",
            why=row.review_note,
            url=row.get_absolute_url(),
            day=clock.local(row.reviewed_at).date(),
            day_note="ngày trả lại",
            button="Bổ sung",
            tone="stop",
        )


def _open_rounds(own):
    drafts = dict(own.filter(state=NominationState.DRAFT).values_list("round").annotate(Count("pk")).order_by())
    for one in AwardRound.objects.open().select_related("period"):
        count = drafts.get(one.pk, 0)
        yield work.Item(
            group=work.Group.TODO,
            what=f"Đề nghị khen thưởng năm {one.period.year}",
            why=f"{count} đề nghị đang soạn, chưa trình." if count else "Chưa có đề nghị nào đang soạn.",
            url=one.get_absolute_url(),
            day=clock.local(one.closes_at).date(),
            day_note=f"đóng lúc {clock.local(one.closes_at):%H:%M}",
            button="Mở đợt",
            tone="wait" if count else "idle",
        )


def _waiting(own):
    rows = own.filter(state=NominationState.SUBMITTED).select_related("round").order_by("submitted_at")
    first = rows.first()
    if first:
        yield work.Item(
            group=work.Group.WAITING,
            what=f"{rows.count()} đề nghị khen thưởng chờ Phòng Nội vụ xem xét",
            why=first.round.name,
            url=first.round.get_absolute_url(),
            day=clock.local(first.submitted_at).date(),
            day_note="trình sớm nhất",
            tone="wait",
            status=NominationState.SUBMITTED.label,
        )


def _to_review(user):
    queue = Nomination.objects.reviewable_by(user)
    first = queue.first()
    if first:
        yield work.Item(
            group=work.Group.TODO,
            what=f"Xét {queue.count()} đề nghị khen thưởng",
            why="Theo thứ tự trình; mỗi đề nghị kết luận kèm lý do.",
            url=reverse("awards:queue"),
            day=clock.local(first.submitted_at).date(),
            day_note="trình sớm nhất",
            button="Mở hàng đợi",
            tone="wait",
        )
