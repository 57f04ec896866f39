"""The path of a report: every state, every step, every role; what handing in stores and whom it tells."""

import hashlib
import json
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import AnnualReport, ReportState, ReportVersion
from reports.services import annual
from tests.reports.conftest import NOTE
from units.models import AuditEvent, Membership, Notification

pytestmark = pytest.mark.django_db

DEEDS = {
    "submit": annual.submit,
    "withdraw": annual.withdraw,
    "open_review": annual.open_review,
    "accept": annual.accept,
    "return": lambda **who: annual.return_report(note=NOTE, **who),
    "reopen": lambda **who: annual.reopen(note=NOTE, **who),
}
# (state, step): (who may, where it leads). Everything that is not here is refused to everybody.
LEGAL = {
    ("draft", "submit"): ("head", "submitted"),
    ("returned", "submit"): ("head", "submitted"),
    ("submitted", "withdraw"): ("head", "draft"),
    ("submitted", "open_review"): ("office", "reviewing"),
    ("reviewing", "accept"): ("office", "accepted"),
    ("reviewing", "return"): ("office", "returned"),
    ("accepted", "reopen"): ("office", "reviewing"),
}
HOLDERS = {"head": {"head"}, "office": {"reviewer", "chief"}}
PEOPLE = ["officer", "head", "other_head", "company_officer", "lead", "reviewer", "chief", "admin", "nobody"]


def traces():
    return AuditEvent.objects.filter(target_type="reports.annualreport").count()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", DEEDS)
@pytest.mark.parametrize("state", ReportState.values)
def test_a_step_moves_the_report_and_leaves_one_trace_or_raises_and_leaves_none(cast, moved, state, step, who):
    report = moved(state)
    holder, target = LEGAL.get((state, step), (None, state))
    before = traces()
    if holder and who in HOLDERS[holder]:
        DEEDS[step](report=report, by=getattr(cast, who))
        left = 1
    else:
        with pytest.raises((PermissionDenied, StepRefused)):
            DEEDS[step](report=report, by=getattr(cast, who))
        target, left = state, 0
    report.refresh_from_db()
    assert (report.state, traces() - before) == (target, left)


def test_a_stale_page_takes_no_step(cast, moved):
    report = moved("submitted")
    with pytest.raises(StepRefused):
        annual.open_review(report=report, by=cast.reviewer, version=report.version - 1)
    assert annual.open_review(report=report, by=cast.reviewer, version=report.version).state == "reviewing"


@pytest.mark.parametrize("deed", [annual.return_report, annual.reopen])
def test_a_step_that_needs_a_reason_refuses_a_short_one(cast, moved, deed):
    report = moved("accepted" if deed is annual.reopen else "reviewing")
    with pytest.raises(NoteMissing, match="Cần ít nhất 20 ký tự"):
        deed(report=report, by=cast.reviewer, note=" Chưa được.\x00\x00\x00\x00\x00\x00\x00\x00\x00")


def test_nobody_of_phong_noi_vu_reviews_what_they_handed_in_themselves(cast, december, complete, period_2024):
    office = cast.chief.posts[0].unit
    report = complete(annual.start_report(unit=office, period=period_2024, by=cast.reviewer))
    report.entries.update(saved_by=cast.reviewer)
    report.figures.update(saved_by=cast.reviewer)
    report = annual.submit(report=report, by=cast.chief)
    for who in (cast.reviewer, cast.chief):
        with pytest.raises(PermissionDenied, match="không phải người đã lập hoặc nộp"):
            annual.open_review(report=report, by=who)


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
    with time_machine.travel(clock.at(date(2025, 2, 10)), tick=False):
        assert annual.submit(report=report, by=cast.head).state == "submitted"


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
    report = moved("returned")
    first = report.first_submitted_at
    annual.submit(report=report, by=cast.head)
    assert annual.withdraw(report=report, by=cast.head).first_submitted_at == first


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


def test_the_reason_of_a_return_stands_on_the_report_and_in_its_history(moved):
    report = moved("returned")
    last = AuditEvent.objects.filter(target_type="reports.annualreport").latest("pk")
    assert (report.review_note, last.note, last.actor_name) == (NOTE, NOTE, "Hoàng Minh Đức")
