"""D2: two people decide the same thing at the same moment: one decision, and the other is told that it was taken."""

from datetime import timedelta
from functools import partial

import pytest

from campaigns.models import Extension
from campaigns.services import leeway
from reports.models import Recognition, Remark, Verification, VerificationState
from reports.services import annual, remarks, verification, withdrawals
from tests.races.meeting import ROUNDS, History, met, on_postgres, refused, together, turned
from tests.reports.conftest import NOTE, SPENT, UNVERIFIED
from units.models import Notification
from units.services import outbox

pytestmark = on_postgres

REASON = "Mưa lũ chia cắt đường, chưa tổng hợp được số liệu các bản."
ALREADY_ACCEPTED = "Không thể “Trả lại chỗ đã chọn”: hiện ở trạng thái “Đã chấp nhận”."
ALREADY_RETURNED = "Không thể “Chấp nhận”: hiện ở trạng thái “Trả lại để sửa”."


def the_other(outcomes) -> str:
    """What the one who came second was told; exactly one was refused."""
    (refusal,) = refused(outcomes)
    return str(refusal)


def test_two_reviewers_reach_one_decision(cast, moved, ask):
    report, seen = moved("reviewing"), set()
    history = History()
    for number in range(ROUNDS):
        deeds = [
            partial(annual.accept, report=report, by=cast.reviewer, note=UNVERIFIED),
            partial(ask, report, SPENT, by=cast.chief),
        ]
        told = the_other(together(*turned(deeds, number)))
        (done,) = history.told()
        report.refresh_from_db()
        assert (report.state, told) in {("accepted", ALREADY_ACCEPTED), ("returned", ALREADY_RETURNED)}
        assert report.remarks.open().count() == (report.state == "returned")
        _back_to_reviewing(report, cast)
        history.told()
        seen.add(done)
    assert met(seen)


def _back_to_reviewing(report, cast):
    if report.state == "accepted":
        return annual.reopen(report=report, by=cast.chief, note=NOTE)
    remarks.drop(remark=report.remarks.open().get(), by=cast.reviewer)
    return annual.open_review(report=report, by=cast.reviewer)


@pytest.fixture
def cell(moved):
    """The figure of the finance office in a report that was just handed in."""
    return Verification.objects.get(figure__report=moved("submitted"), figure__indicator__code=SPENT)


def test_two_people_of_the_lead_reach_one_judgement(cast, cell, account, unit_of):
    colleague, seen = account("lead.two", "officer", unit_of("phong-tai-chinh-ke-hoach")), set()
    history = History()
    for number in range(ROUNDS):
        cell.refresh_from_db()
        seeing = {"verification": cell, "version": cell.version}
        deeds = [
            partial(verification.agree, **seeing, by=cast.lead),
            partial(verification.differ, **seeing, value=1, source="Kho bạc, 118/KBNN", by=colleague),
            partial(verification.return_figure, **seeing, reason=NOTE, due_at=remarks.usual_due(), by=colleague),
        ]
        assert len(refused(together(*turned(deeds, number)))) == 2
        cell.refresh_from_db()
        seen.add(cell.state)
        told = {"agrees": ["agree"], "differs": ["differ"], "returned": ["return", "return"]}[cell.state]
        assert history.told() == told
        if cell.state == VerificationState.RETURNED:
            verification.take_back(verification=cell, by=cast.lead)
        else:
            verification.reconsider(verification=cell, reason=NOTE, by=cast.lead)
        history.told()
    assert Remark.objects.open().count() == 0
    assert met(seen)


def test_what_is_recognised_is_what_was_judged_by_then(cast, moved):
    report, seen = moved("reviewing"), set()
    history = History()
    rows = Verification.objects.filter(figure__report=report, sector="finance").select_related("figure")
    for number in range(ROUNDS):
        deeds = {
            "agree": partial(verification.agree_many, picks=[(row, row.version) for row in rows.all()], by=cast.lead),
            "accept": partial(annual.accept, report=report, by=cast.reviewer, note=UNVERIFIED),
        }
        order = turned(list(deeds), number)
        outcomes = dict(zip(order, together(*(deeds[name] for name in order)), strict=True))
        assert refused(outcomes.values()) == []
        agreed = {row.figure_id for row in outcomes["agree"].agreed}
        verified = Recognition.objects.filter(source__startswith="Theo thẩm tra").values_list("figure", flat=True)
        assert set(verified) == agreed
        assert len(agreed) in (0, rows.count())
        seen.add(len(agreed))
        annual.reopen(report=report, by=cast.chief, note=NOTE)
        for row in rows.filter(state=VerificationState.AGREES):
            verification.reconsider(verification=row, reason=NOTE, by=cast.lead)
        history.told()
    assert met(seen)


def test_one_request_for_more_time_gets_one_answer(cast, period_2024):
    history, seen = History(), set()
    for number in range(ROUNDS):
        until = period_2024.due_at + timedelta(hours=1 + number)
        asked = {"unit": cast.home, "period": period_2024, "reason": REASON, "wanted_until": until}
        twice = together(*[partial(leeway.ask_extension, **asked, by=by) for by in (cast.officer, cast.head)])
        assert "đang chờ Phòng Nội vụ trả lời" in the_other(twice)
        (extension,) = Extension.objects.filter(state="asked")
        assert history.told() == ["ask_extension"]
        deeds = [
            partial(leeway.grant_extension, extension=extension, until=until, by=cast.reviewer),
            partial(leeway.refuse_extension, extension=extension, answer=NOTE, by=cast.chief),
        ]
        told = the_other(together(*turned(deeds, number)))
        assert told.startswith("Không thể “")
        extension.refresh_from_db()
        assert history.told() == [{"granted": "grant", "refused": "refuse"}[extension.state]]
        holds = Extension.objects.deadline_of(cast.home.pk, period_2024.pk)
        assert (holds == until) == (extension.state == "granted")
        seen.add(extension.state)
    assert met(seen)


def test_letters_go_once_or_not_at_all(cast):
    history, seen, gone = History(), set(), 0
    for number in range(ROUNDS):
        drafts = [
            outbox.Draft(cast.officer, cast.home, "Nậm Xe chưa nộp."),
            outbox.Draft(cast.other_officer, cast.other, "Mường So chưa nộp."),
        ]
        office = cast.reviewer.posts[0].unit
        said = {"kind": "race", "title": f"Nhắc lần {number}", "office": office, "drafts": drafts, "left_out": []}
        mailing = outbox.prepare_mailing(**said, by=cast.reviewer)
        history.told()
        deeds = [
            partial(outbox.send_mailing, mailing=mailing, by=cast.reviewer),
            partial(outbox.send_mailing, mailing=mailing, by=cast.chief),
            partial(outbox.drop_mailing, mailing=mailing, by=cast.chief),
        ]
        assert len(refused(together(*turned(deeds, number)))) == 2
        (done,) = history.told()
        gone += 2 * (done == "send")
        assert Notification.objects.filter(kind="race").count() == gone
        seen.add(done)
    assert met(seen)


def test_a_report_is_opened_or_taken_back(cast, moved):
    """D3: the head takes it back while a reviewer opens it."""
    report, seen = moved("submitted"), set()
    history = History()
    for number in range(ROUNDS):
        deeds = [
            partial(annual.withdraw, report=report, by=cast.head),
            partial(annual.open_review, report=report, by=cast.reviewer),
        ]
        assert the_other(together(*turned(deeds, number))).startswith("Không thể “")
        (done,) = history.told()
        if done == "open_review":
            request = withdrawals.ask(report=report, reason=NOTE, by=cast.head)
            withdrawals.allow(request=request, by=cast.reviewer)
        annual.submit(report=report, by=cast.head)
        history.told()
        seen.add(done)
    assert met(seen)
