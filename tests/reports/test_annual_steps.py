"""The path of a report: every state, every step, every role; what handing in stores and whom it tells."""

import hashlib
import json
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import AnnualReport, ReportVersion, WithdrawalRequest
from reports.services import annual, remarks, withdrawals
from tests.reports.conftest import NOTE, UNVERIFIED
from units.models import Attachment, AuditEvent, Membership, Notification, StoredFile

pytestmark = pytest.mark.django_db


def ask_about(report, code, by, sector=""):
    figure = report.figures.select_related("indicator__criterion").get(indicator__code=code)
    due = remarks.usual_due()
    return remarks.ask_back(report=report, answers=[figure], reason=NOTE, due_at=due, by=by, sector=sector)


def allow_it(report, by):
    head = report.unit.memberships.get(role="head").user
    request = WithdrawalRequest.objects.create(report=report, reason=NOTE, asked_by=head)
    return withdrawals.allow(request=request, by=by)


DEEDS = {
    "submit": annual.submit,
    "resubmit": annual.resubmit,
    "withdraw": annual.withdraw,
    "withdraw_correction": annual.withdraw_correction,
    "open_review": annual.open_review,
    "accept": lambda **who: annual.accept(note=UNVERIFIED, **who),
    "return": lambda report, by: ask_about(report, "HT6.von_ke_hoach", by),
    "return_of_sector": lambda report, by: ask_about(report, "HT6.von_ke_hoach", by, "finance"),
    "allow_withdrawal": allow_it,
    "reopen": lambda **who: annual.reopen(note=NOTE, **who),
}
# (state, step): (who may, where it leads). Everything that is not here is refused to everybody.
LEGAL = {
    ("draft", "submit"): ("head", "submitted"),
    ("returned", "resubmit"): ("head", "submitted"),
    ("submitted", "withdraw"): ("head", "draft"),
    ("sent again", "withdraw_correction"): ("head", "returned"),
    ("submitted", "open_review"): ("office", "reviewing"),
    ("sent again", "open_review"): ("office", "reviewing"),
    ("reviewing", "accept"): ("office", "accepted"),
    ("submitted", "return"): ("office", "returned"),
    ("sent again", "return"): ("office", "returned"),
    ("reviewing", "return"): ("office", "returned"),
    ("returned", "return"): ("office", "returned"),
    ("submitted", "return_of_sector"): ("lead", "returned"),
    ("sent again", "return_of_sector"): ("lead", "returned"),
    ("reviewing", "return_of_sector"): ("lead", "returned"),
    ("returned", "return_of_sector"): ("lead", "returned"),
    ("submitted", "allow_withdrawal"): ("office", "draft"),
    ("sent again", "allow_withdrawal"): ("office", "draft"),
    ("reviewing", "allow_withdrawal"): ("office", "draft"),
    ("returned", "allow_withdrawal"): ("office", "draft"),
    ("accepted", "reopen"): ("office", "reviewing"),
}
HOLDERS = {"head": {"head"}, "office": {"reviewer", "chief"}, "lead": {"lead"}}
STATES = ["draft", "submitted", "sent again", "reviewing", "returned", "accepted"]
PEOPLE = ["officer", "head", "other_head", "company_officer", "lead", "reviewer", "chief", "admin", "nobody"]


def traces():
    return AuditEvent.objects.filter(target_type="reports.annualreport").count()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", DEEDS)
@pytest.mark.parametrize("state", STATES)
def test_a_step_moves_the_report_and_leaves_one_trace_or_raises_and_leaves_none(cast, moved, state, step, who):
    report = moved(state)
    if step == "resubmit" and state == "returned":
        report.remarks.update(reply="Kho bạc đã xác nhận đúng số này.")
    holder, target = LEGAL.get((state, step), (None, report.state))
    before = traces()
    if holder and who in HOLDERS[holder]:
        DEEDS[step](report=report, by=getattr(cast, who))
        left = 1
    else:
        with pytest.raises((PermissionDenied, StepRefused)):
            DEEDS[step](report=report, by=getattr(cast, who))
        target, left = report.state, 0
    report.refresh_from_db()
    assert (report.state, traces() - before) == (target, left)


def test_a_stale_page_takes_no_step(cast, moved):
    report = moved("submitted")
    with pytest.raises(StepRefused):
        annual.open_review(report=report, by=cast.reviewer, version=report.version - 1)
    assert annual.open_review(report=report, by=cast.reviewer, version=report.version).state == "reviewing"


def test_reopening_refuses_a_short_reason(cast, moved):
    report = moved("accepted")
    with pytest.raises(NoteMissing, match="Cần ít nhất 20 ký tự"):
        annual.reopen(report=report, by=cast.reviewer, note=" Chưa được.\x00\x00\x00\x00\x00\x00\x00\x00\x00")


def test_nobody_of_phong_noi_vu_reviews_what_they_handed_in_themselves(cast, december, complete, period_2024):
    office = cast.chief.posts[0].unit
    report = complete(annual.start_report(unit=office, period=period_2024, by=cast.reviewer))
    report.entries.update(saved_by=cast.reviewer)
    report.figures.update(saved_by=cast.reviewer)
    report = annual.submit(report=report, by=cast.chief)
    for who in (cast.reviewer, cast.chief):
        with pytest.raises(PermissionDenied, match="không phải người đã lập, viết hoặc nộp"):
            annual.open_review(report=report, by=who)


def own_report_of_the_office(cast, complete, period):
    """Prepared and handed in by its chief; everything in it was written by a commune's officer."""
    office = cast.chief.posts[0].unit
    return complete(annual.start_report(unit=office, period=period, by=cast.chief))


@pytest.mark.parametrize("part", ["entry", "figure", "paper", "earlier edition"])
def test_who_had_the_smallest_hand_in_a_report_does_not_review_it(cast, december, complete, period_2024, part):
    report = own_report_of_the_office(cast, complete, period_2024)
    if part == "paper":
        scan = StoredFile.objects.create(digest="a" * 64, kind="pdf", size=1)
        paper = Attachment.objects.create(file=scan, unit=report.unit, name="a.pdf", uploaded_by=cast.reviewer)
        AnnualReport.objects.filter(pk=report.pk).update(entered_by=cast.reviewer, paper=paper)
    if part in ("entry", "figure"):
        answers = report.entries if part == "entry" else report.figures
        answers.filter(pk=answers.last().pk).update(saved_by=cast.reviewer)
    report = annual.submit(report=report, by=cast.chief)
    if part == "earlier edition":
        report.versions.update(submitted_by=cast.reviewer)
    with pytest.raises(PermissionDenied):
        annual.open_review(report=report, by=cast.reviewer)


def test_a_colleague_without_a_hand_in_it_reviews_the_offices_own_report(cast, december, complete, period_2024):
    report = annual.submit(report=own_report_of_the_office(cast, complete, period_2024), by=cast.chief)
    assert annual.open_review(report=report, by=cast.reviewer).state == "reviewing"


# --- handing in -------------------------------------------------------------------------------------------------------


def test_an_incomplete_report_is_not_handed_in_and_says_where(cast, begun):
    with pytest.raises(annual.NotReady, match="Chưa nộp được, còn") as refusal:
        annual.submit(report=begun, by=cast.head)
    begun.refresh_from_db()
    assert (begun.state, begun.receipt, ReportVersion.objects.count()) == ("draft", "", 0)
    entry = begun.entries.get(criterion__code="HT1")
    assert (f"entry-{entry.pk}-grade", "HT1: chưa tự đánh giá.") in [
        (problem.anchor, problem.sentence) for problem in refusal.value.problems
    ]


def test_handing_in_keeps_who_prepared_and_who_answers_for_it(cast, ready):
    report = annual.submit(report=ready, by=cast.head)
    assert (report.prepared_by, report.submitted_by) == (cast.officer, cast.head)
    assert report.prepared_at <= report.submitted_at == report.first_submitted_at


def test_the_edition_is_frozen_as_canonical_json_with_its_hash(cast, ready):
    ready.figures.update(explanation="Vốn giao cuối tháng 11, chưa kịp giải ngân.")
    ready.figures.filter(indicator__code="HT6.von_ke_hoach").update(value="8650.5")
    annual.submit(report=ready, by=cast.head)
    version = ready.versions.get()
    data = json.loads(version.data)
    assert version.digest == hashlib.sha256(version.data.encode()).hexdigest()
    assert data["figures"]["HT6.von_ke_hoach"]["value"] == "8650.5"
    assert (version.data, version.edition, version.submitted_by) == (
        json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        1,
        cast.head,
    )


def test_receipts_count_upward_within_the_year_and_stay_with_their_report(cast, moved, complete, period_2024):
    first = moved("submitted")
    second = complete(annual.start_report(unit=cast.other, period=period_2024, by=cast.other_officer))
    annual.submit(report=second, by=cast.other_head)
    annual.withdraw(report=first, by=cast.head)
    annual.submit(report=first, by=cast.head)
    receipts = AnnualReport.objects.order_by("receipt").values_list("unit__key", "receipt", "edition")
    assert list(receipts) == [("xa-nam-xe", "BC-2024-0001", 2), ("xa-muong-so", "BC-2024-0002", 1)]


def test_the_head_does_not_hand_in_what_a_colleague_changed_after_the_page_was_opened(cast, ready):
    opened = clock.now()
    with time_machine.travel(opened + timedelta(minutes=5), tick=True):
        ready.figures.filter(indicator__code="HT1.goi_thau").update(saved_at=clock.now(), saved_by=cast.officer)
        with pytest.raises(StepRefused, match="Lò Thị Hạnh đã sửa báo cáo lúc"):
            annual.submit(report=ready, by=cast.head, seen_at=opened)
        assert annual.submit(report=ready, by=cast.head, seen_at=clock.now()).state == "submitted"


def test_what_the_head_changed_on_the_page_does_not_stop_the_head(cast, ready):
    opened = clock.now()
    with time_machine.travel(opened + timedelta(minutes=5), tick=True):
        ready.figures.filter(indicator__code="HT1.goi_thau").update(saved_at=clock.now(), saved_by=cast.head)
        assert annual.submit(report=ready, by=cast.head, seen_at=opened).state == "submitted"


@pytest.mark.parametrize(("minute", "is_taken"), [(59, True), (60, False)])
def test_a_draft_is_handed_in_until_the_lock_and_not_at_it(cast, ready, minute, is_taken):
    with time_machine.travel(clock.at(date(2025, 1, 31), 16) + timedelta(minutes=minute), tick=False):
        if is_taken:
            assert annual.submit(report=ready, by=cast.head).state == "submitted"
        else:
            with pytest.raises(annual.Closed, match="đã khóa từ 17:00 ngày 31/01/2025"):
                annual.submit(report=ready, by=cast.head)


def test_a_returned_report_is_handed_in_after_the_lock_too(cast, moved):
    report = moved("returned")
    report.remarks.update(reply="Kho bạc đã xác nhận đúng số này.")
    with time_machine.travel(clock.at(date(2025, 2, 10)), tick=False):
        assert annual.resubmit(report=report, by=cast.head).state == "submitted"


def test_a_report_is_not_taken_back_after_the_lock(cast, moved):
    report = moved("submitted")
    with time_machine.travel(clock.at(date(2025, 2, 10)), tick=False), pytest.raises(annual.Closed, match="Rút về"):
        annual.withdraw(report=report, by=cast.head)
    report.refresh_from_db()
    assert report.state == "submitted"


def test_taking_a_report_back_undoes_its_time_unless_it_was_reviewed(cast, moved):
    report = moved("submitted")
    report = annual.withdraw(report=report, by=cast.head)
    assert (report.submitted_at, report.submitted_by, report.first_submitted_at) == (None, None, None)


def test_a_reviewed_report_keeps_its_first_time_when_taken_back(cast, moved):
    report = moved("sent again")
    first = report.first_submitted_at
    assert annual.withdraw_correction(report=report, by=cast.head).first_submitted_at == first


# --- who is told ------------------------------------------------------------------------------------------------------


def told(kind):
    return sorted(Notification.objects.filter(kind=kind).values_list("user__username", flat=True))


def test_handing_in_tells_the_people_of_the_standing_office_and_nobody_else(cast, moved):
    moved("submitted")
    assert told("report_submitted") == ["duc.hm", "thanh.dv"]
    text = Notification.objects.first().text
    assert text == "UBND xã Nậm Xe nộp báo cáo năm 2024, phiếu tiếp nhận số BC-2024-0001."


def test_a_person_who_left_the_standing_office_is_not_told(cast, ready):
    Membership.objects.filter(user=cast.reviewer).update(valid_to=date(2024, 12, 1))
    annual.submit(report=ready, by=cast.head)
    assert told("report_submitted") == ["thanh.dv"]


@pytest.mark.parametrize(("state", "kind"), [("accepted", "report_accepted"), ("returned", "report_returned")])
def test_the_review_tells_officer_and_head_of_the_unit(moved, state, kind):
    moved(state)
    assert told(kind) == ["hanh.lt", "sai.ta"]


def test_the_reason_of_a_return_stands_in_the_history_with_the_place(moved):
    moved("returned")
    last = AuditEvent.objects.filter(target_type="reports.annualreport").latest("pk")
    label = "trả lại HT6, vốn đã giải ngân. Sửa và gửi lại trước 17:00 ngày 09/12/2024"
    assert (last.label, last.note, last.actor_name) == (label, NOTE, "Hoàng Minh Đức")
