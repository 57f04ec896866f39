"""More time for one unit, or no report at all: who may ask and answer, from which second it counts, what it leaves."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.models import Excusal, Extension, ExtensionState
from campaigns.selectors.leeway import leeway_of, time_left
from campaigns.services import leeway as deeds
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import AnnualReport
from reports.selectors.shelf import shelf_of
from reports.services import annual, answers
from tests.reports.filled import communes, report_of
from units import audit
from units.models import AuditEvent, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

REASON = "Mưa lũ chia cắt đường, chưa tổng hợp được số liệu các bản."
SECOND = timedelta(seconds=1)
UNTIL = clock.at(date(2024, 12, 20), 17)
AFTER_LOCK = clock.at(date(2025, 2, 7), 17)
PEOPLE = ["officer", "head", "other_officer", "company_officer", "lead", "reviewer", "chief", "admin", "nobody"]


def ask(cast, period, by="officer", **changes):
    said = {"unit": cast.home, "reason": REASON, "wanted_until": UNTIL} | changes
    return deeds.ask_extension(period=period, by=getattr(cast, by), **said)


def grant(extension, by, until=UNTIL, **more):
    return deeds.grant_extension(extension=extension, until=until, by=by, **more)


@pytest.fixture
def asked(cast, period_2024):
    return ask(cast, period_2024)


@pytest.fixture
def extended(cast, asked):
    """`extended(until)`: xã Nậm Xe was granted that deadline."""
    return lambda until=UNTIL: grant(asked, cast.reviewer, until)


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"officer", "head"}))
def test_only_the_people_of_the_unit_ask_for_it(cast, period_2024, who):
    with pytest.raises(PermissionDenied, match="Chỉ cán bộ đầu mối hoặc thủ trưởng"):
        ask(cast, period_2024, by=who)
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"reason": " Mưa lũ nhiều. \x00\x00\x00\x00\x00\x00\x00"}, "reason", "Cần ít nhất 20 ký tự"),
        ({"wanted_until": clock.at(date(2024, 12, 1), 17)}, "wanted_on", "17:00 ngày 01/12/2024 đã qua."),
        ({"wanted_until": clock.at(date(2024, 12, 13), 17)}, "wanted_on", "Hạn mới phải sau hạn đang có"),
        ({"wanted_until": clock.at(date(2026, 1, 1), 17)}, "wanted_on", "Chọn ngày trong năm 2024 hoặc 2025."),
    ],
    ids=["reason", "past", "not later", "far"],
)
def test_what_makes_no_sense_is_told_at_its_field(cast, period_2024, changes, field, sentence):
    with pytest.raises(ValidationError) as refusal:
        ask(cast, period_2024, **changes)
    assert sentence in refusal.value.message_dict[field][0]
    assert not Extension.objects.exists()


def test_a_unit_asks_one_thing_at_a_time(cast, period_2024, asked):
    with pytest.raises(StepRefused, match="đã xin gia hạn, đang chờ"):
        ask(cast, period_2024, by="head")
    deeds.refuse_extension(extension=asked, answer=REASON, by=cast.reviewer)
    assert ask(cast, period_2024, by="head").state == ExtensionState.ASKED


def test_who_need_not_report_asks_for_nothing(cast, period_2024):
    deeds.excuse(unit=cast.home, period=period_2024, reason=REASON, document="Công văn 12", by=cast.chief)
    with pytest.raises(StepRefused, match="được miễn báo cáo"):
        ask(cast, period_2024)
    type(cast.home).objects.filter(pk=cast.home.pk).update(reports=False)
    with pytest.raises(StepRefused, match="không thuộc diện"):
        ask(cast, period_2024)


def test_nobody_asks_before_the_period_opens(cast, period_2024):
    with time_machine.travel(period_2024.opens_at - SECOND, tick=False), pytest.raises(StepRefused, match="mở từ"):
        ask(cast, period_2024)


def test_asking_tells_the_standing_office_and_leaves_its_trace(cast, asked):
    told = Notification.objects.filter(kind="extension_asked").values_list("user__username", flat=True)
    assert sorted(told) == ["duc.hm", "thanh.dv"]
    event = audit.history_of(asked)[0]
    assert (event.actor_name, event.label, event.note) == (
        "Lò Thị Hạnh",
        "xin gia hạn báo cáo năm 2024 đến 17:00 ngày 20/12/2024",
        REASON,
    )


# --- answering --------------------------------------------------------------------------------------------------------

ANSWERS = {
    "grant": grant,
    "refuse": lambda row, by: deeds.refuse_extension(extension=row, answer=REASON, by=by),
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", ANSWERS)
@pytest.mark.parametrize("state", ["asked", "granted", "refused"])
def test_only_the_standing_office_answers_and_only_once(cast, asked, state, step, who):
    if state != "asked":
        ANSWERS["grant" if state == "granted" else "refuse"](asked, cast.reviewer)
    before = AuditEvent.objects.count()
    if state == "asked" and who in ("reviewer", "chief"):
        ANSWERS[step](asked, getattr(cast, who))
        expected, left = {"grant": "granted", "refuse": "refused"}[step], 1
    else:
        with pytest.raises((PermissionDenied, StepRefused)):
            ANSWERS[step](asked, getattr(cast, who))
        expected, left = state, 0
    asked.refresh_from_db()
    assert (asked.state, AuditEvent.objects.count() - before) == (expected, left)


def test_nobody_answers_what_they_asked_for_themselves(cast, period_2024):
    own = ask(cast, period_2024, by="reviewer", unit=cast.reviewer.posts[0].unit)
    with pytest.raises(PermissionDenied, match="không phải người đã xin"):
        grant(own, cast.reviewer)
    assert grant(own, cast.chief).state == ExtensionState.GRANTED


def test_of_two_people_who_decide_the_second_is_told(cast, asked):
    seen = asked.version
    grant(asked, cast.reviewer, version=seen)
    with pytest.raises(StepRefused, match="hiện ở trạng thái “Đã gia hạn”"):
        deeds.refuse_extension(extension=asked, answer=REASON, by=cast.chief, version=seen)


def test_a_refusal_needs_its_reason(cast, asked):
    with pytest.raises(NoteMissing):
        deeds.refuse_extension(extension=asked, answer="Không.", by=cast.reviewer)


@pytest.mark.parametrize("until", [clock.at(date(2024, 12, 1), 17), clock.at(date(2024, 12, 13), 17)])
def test_a_deadline_is_not_moved_back_and_nothing_is_half_written(cast, asked, until):
    with pytest.raises(ValidationError):
        grant(asked, cast.reviewer, until)
    asked.refresh_from_db()
    assert (asked.state, asked.until, asked.version) == (ExtensionState.ASKED, None, 1)


def test_the_unit_hears_the_answer(extended):
    extended()
    told = Notification.objects.filter(kind="extension_answered")
    assert sorted(told.values_list("user__username", flat=True)) == ["hanh.lt", "sai.ta"]
    assert told[0].text == "Phòng Nội vụ gia hạn báo cáo năm 2024 đến 17:00 ngày 20/12/2024."


@pytest.mark.parametrize(
    "nonsense",
    [{"state": "perhaps"}, {"until": UNTIL}, {"state": "granted"}, {"state": "refused"}],
    ids=str,
)
def test_the_database_refuses_half_an_answer(asked, nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=asked.pk).update(**nonsense)


# --- what it does -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("moment", "in_time"), [(UNTIL - SECOND, True), (UNTIL, False), (UNTIL + SECOND, False)])
def test_the_new_deadline_is_judged_at_its_very_second(cast, period_2024, extended, moment, in_time):
    extended()
    report = report_of(cast.home, period_2024, by=cast.head, state="submitted")
    AnnualReport.objects.filter(pk=report.pk).update(first_submitted_at=moment)
    found = [rows.get(pk=report.pk) for rows in (AnnualReport.objects, AnnualReport.objects.with_deadlines())]
    assert [(one.was_in_time(period_2024), one.is_late) for one in found] == [(in_time, not in_time)] * 2


@pytest.mark.parametrize(("moment", "is_locked"), [(AFTER_LOCK - SECOND, False), (AFTER_LOCK, True)])
def test_the_lock_of_an_extended_unit_comes_with_its_own_deadline(cast, period_2024, extended, moment, is_locked):
    mine = report_of(cast.home, period_2024, by=cast.head, state="draft")
    theirs = report_of(cast.other, period_2024, by=cast.head, state="draft")
    extended(AFTER_LOCK)
    with time_machine.travel(moment, tick=False):
        locked = [AnnualReport.objects.get(pk=one.pk).is_locked for one in (mine, theirs)]
    assert locked == [is_locked, True]


def test_an_extension_before_the_lock_does_not_lock_earlier(cast, period_2024, extended):
    report = report_of(cast.home, period_2024, by=cast.head, state="draft")
    extended()
    with time_machine.travel(period_2024.locks_at - SECOND, tick=False):
        assert not AnnualReport.objects.get(pk=report.pk).is_locked


def test_an_extended_unit_begins_writes_and_hands_in_after_the_lock(cast, period_2024, extended):
    extended(AFTER_LOCK)
    with time_machine.travel(AFTER_LOCK - timedelta(hours=2), tick=False):
        assert [row.unit for row in shelf_of(cast.officer)] == [cast.home]
        report = annual.start_report(unit=cast.home, period=period_2024, by=cast.officer)
        entry = report.entries.select_related("report__period", "criterion").first()
        data = {"applies": True, "grade": "good", "narrative": "Đã hoàn thành đường bản."}
        answers.save_entry(entry=entry, data=data, version=entry.version, by=cast.officer)
        report.entries.update(grade="good", narrative="Đã hoàn thành đường bản Po Chà.")
        report.figures.update(answer="value", value=0)
        assert annual.submit(report=report, by=cast.head).state == "submitted"
        assert AnnualReport.objects.get().was_in_time(period_2024)


def test_without_an_extension_nothing_begins_after_the_lock(cast, period_2024, extended):
    extended(AFTER_LOCK)
    with time_machine.travel(AFTER_LOCK, tick=False):
        assert shelf_of(cast.officer) == []
        with pytest.raises(StepRefused, match="đã khóa"):
            annual.start_report(unit=cast.home, period=period_2024, by=cast.officer)
        with pytest.raises(StepRefused, match="đã khóa"):
            annual.start_report(unit=cast.other, period=period_2024, by=cast.other_officer)


def test_a_later_grant_never_shortens_what_was_promised(cast, period_2024, extended):
    extended(AFTER_LOCK)
    again = ask(cast, period_2024, wanted_until=AFTER_LOCK + timedelta(days=1))
    with pytest.raises(ValidationError, match="Hạn mới phải sau hạn đang có, 17:00 ngày 07/02/2025"):
        grant(again, cast.reviewer, UNTIL)
    assert leeway_of(period_2024).due_at(cast.home.pk, period_2024) == AFTER_LOCK


def test_a_due_date_moved_past_an_extension_counts(cast, period_2024, extended):
    extended()
    period_2024.due_at = UNTIL + timedelta(days=3)
    assert leeway_of(period_2024).due_at(cast.home.pk, period_2024) == period_2024.due_at


def test_deadlines_of_a_list_come_with_it(cast, period_2024, extended, django_assert_num_queries):
    extended()
    for unit in (cast.home, cast.other, cast.company):
        report_of(unit, period_2024, by=cast.head, state="submitted", late=True)
    with django_assert_num_queries(1):
        rows = AnnualReport.objects.with_deadlines().select_related("period")
        assert sorted(row.is_late for row in rows) == [False, True, True]


# --- excused ----------------------------------------------------------------------------------------------------------


def excuse(cast, period, by="chief", **changes):
    said = {"unit": cast.home, "reason": REASON, "document": "Công văn 12/UBND-NV ngày 01/12/2024"} | changes
    return deeds.excuse(period=period, by=getattr(cast, by), **said)


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"reviewer", "chief"}))
def test_only_the_standing_office_excuses_and_revokes(cast, period_2024, who):
    with pytest.raises(PermissionDenied, match="Chỉ Phòng Nội vụ"):
        excuse(cast, period_2024, by=who)
    row = excuse(cast, period_2024)
    with pytest.raises(PermissionDenied, match="Chỉ Phòng Nội vụ"):
        deeds.revoke_excusal(excusal=row, reason=REASON, by=getattr(cast, who))


@pytest.mark.parametrize(("changes", "field"), [({"reason": "Ngắn."}, "reason"), ({"document": " "}, "document")])
def test_an_excusal_rests_on_a_reason_and_a_document(cast, period_2024, changes, field):
    with pytest.raises(ValidationError) as refusal:
        excuse(cast, period_2024, **changes)
    assert list(refusal.value.message_dict) == [field]


def test_nobody_is_excused_twice_and_a_revoked_row_stays(cast, period_2024):
    first = excuse(cast, period_2024)
    with pytest.raises(StepRefused):
        excuse(cast, period_2024)
    deeds.revoke_excusal(excusal=first, reason=REASON, by=cast.reviewer)
    with pytest.raises(StepRefused, match="đã hủy lúc"):
        deeds.revoke_excusal(excusal=first, reason=REASON, by=cast.reviewer)
    excuse(cast, period_2024)
    assert [bool(row.revoked_at) for row in Excusal.objects.order_by("pk")] == [True, False]
    assert list(leeway_of(period_2024).excused) == [cast.home.pk]


@pytest.mark.parametrize("nonsense", [{"document": ""}, {"revoked_why": REASON}, {"revoked_at": UNTIL}], ids=str)
def test_the_database_refuses_half_an_excusal(cast, period_2024, nonsense):
    row = excuse(cast, period_2024)
    with pytest.raises(IntegrityError), transaction.atomic():
        Excusal.objects.filter(pk=row.pk).update(**nonsense)


def test_an_excused_unit_is_not_asked_to_begin(cast, period_2024):
    excuse(cast, period_2024)
    assert shelf_of(cast.officer) == []


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_unit_asks_and_reads_its_own_request_only(cast, period_2024, client_of):
    client = client_of(cast.officer)
    page = client.post(
        f"/gia-han/xin/{period_2024.pk}/", {"unit": cast.home.pk, "reason": REASON, "wanted_on": "20/12/2024"}
    )
    row = Extension.objects.get()
    assert (page.status_code, page.url, row.wanted_until) == (302, row.get_absolute_url(), UNTIL)
    assert REASON in client.get("/gia-han/").content.decode()
    assert REASON not in client_of(cast.other_officer).get("/gia-han/").content.decode()


@pytest.mark.parametrize(
    "said", [{"reason": "Ngắn quá.", "wanted_on": "20/12/2024"}, {"reason": REASON, "wanted_on": "mai"}]
)
def test_what_was_typed_stays_when_it_is_refused(cast, period_2024, client_of, said):
    page = client_of(cast.officer).post(f"/gia-han/xin/{period_2024.pk}/", said | {"unit": cast.home.pk})
    assert page.status_code == 422
    assert said["reason"] in page.content.decode()
    assert said["wanted_on"] in page.content.decode()


def test_the_unit_of_somebody_else_cannot_be_named(cast, period_2024, client_of):
    said = {"unit": cast.other.pk, "reason": REASON, "wanted_on": "20/12/2024"}
    assert client_of(cast.officer).post(f"/gia-han/xin/{period_2024.pk}/", said).status_code == 422
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("said", "status", "state"),
    [
        ({"step": "grant", "until_on": "20/12/2024"}, 302, "granted"),
        ({"step": "refuse", "answer": REASON}, 302, "refused"),
        ({"step": "grant", "until_on": ""}, 422, "asked"),
        ({"step": "grant", "until_on": "13/12/2024"}, 422, "asked"),
        ({"step": "refuse", "answer": "Không."}, 422, "asked"),
        ({"step": "perhaps"}, 422, "asked"),
        ({"step": "grant", "until_on": "20/12/2024", "version": "7"}, 409, "asked"),
    ],
    ids=str,
)
def test_the_standing_office_answers_on_the_page(cast, asked, client_of, said, status, state):
    page = client_of(cast.reviewer).post(asked.get_absolute_url(), said)
    asked.refresh_from_db()
    assert (page.status_code, asked.state) == (status, state)
    assert status != 422 or said.get("answer", "") in page.content.decode()


def test_what_waits_stands_first_and_who_may_not_answer_reads_who_can(cast, asked, client_of):
    page = client_of(cast.reviewer).get("/gia-han/")
    assert [row.pk for row in page.context["waiting"]] == [asked.pk]
    assert "Chỉ Phòng Nội vụ trả lời được" in client_of(cast.officer).get(asked.get_absolute_url()).content.decode()


def test_the_list_costs_the_same_for_one_and_for_thirty(cast, period_2024, client_of):
    row = {"period": period_2024, "reason": REASON, "wanted_until": UNTIL, "asked_by": cast.officer}
    client, counts = client_of(cast.reviewer), []
    for units in (communes(1), communes(30, first=1)):
        Extension.objects.bulk_create(Extension(unit=unit, **row) for unit in units)
        with CaptureQueriesContext(connection) as asked:
            client.get("/gia-han/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (clock.at(date(2024, 12, 6), 9), "còn 5 ngày làm việc"),
        (clock.at(date(2024, 12, 13), 16, 59), "trong hôm nay"),
        (clock.at(date(2024, 12, 13), 17), "đã qua"),
        (clock.at(date(2024, 12, 16), 9), "đã qua 1 ngày làm việc"),
    ],
)
def test_time_left_is_told_in_working_days(now, words):
    with time_machine.travel(now, tick=False):
        assert time_left(clock.at(date(2024, 12, 13), 17), frozenset()) == words


def test_a_holiday_is_no_working_day():
    with time_machine.travel(clock.at(date(2024, 12, 6), 9), tick=False):
        assert time_left(clock.at(date(2024, 12, 13), 17), frozenset({date(2024, 12, 10)})) == "còn 4 ngày làm việc"
