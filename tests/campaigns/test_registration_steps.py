"""The path of a registration: every state, step and role; the last days; editions and what stays in force."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from campaigns.models import Registration, RegistrationState, RegistrationVersion
from campaigns.models.registration import is_late
from campaigns.selectors.registration import editions_of, promised
from campaigns.services import registration as deeds
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from tests.campaigns.registering import REASON, SPENT, contents, registration_of, target, work
from units.models import AuditEvent, Notification

pytestmark = pytest.mark.django_db

DEEDS = {
    "submit": deeds.submit,
    "amend": lambda **who: deeds.amend(note=REASON, **who),
    "drop": deeds.drop,
}
# (state, step): (who may, where it leads). Everything that is not here is refused to everybody.
LEGAL = {
    ("draft", "submit"): ({"head"}, "submitted"),
    ("amending", "submit"): ({"head"}, "submitted"),
    ("submitted", "amend"): ({"officer", "head"}, "amending"),
    ("amending", "drop"): ({"officer", "head"}, "submitted"),
}
PEOPLE = ["officer", "head", "other_head", "company_officer", "lead", "reviewer", "chief", "admin", "nobody"]


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(clock.at(date(2024, 3, 11), 9), tick=True):
        yield


@pytest.fixture
def moved(cast, period_2024):
    return lambda state, **more: registration_of(
        cast.home, period_2024, officer=cast.officer, head=cast.head, state=state, **more
    )


def traces():
    return AuditEvent.objects.filter(target_type="campaigns.registration").count()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", DEEDS)
@pytest.mark.parametrize("state", RegistrationState.values)
def test_a_step_moves_it_and_leaves_one_trace_or_raises_and_leaves_none(cast, moved, state, step, who):
    row = moved(state)
    holders, target_state = LEGAL.get((state, step), (set(), state))
    before = traces()
    if who in holders:
        DEEDS[step](registration=row, by=getattr(cast, who))
    else:
        with pytest.raises((PermissionDenied, StepRefused)):
            DEEDS[step](registration=row, by=getattr(cast, who))
    row.refresh_from_db()
    assert (row.state, traces() - before) == (target_state if who in holders else state, int(who in holders))


@pytest.mark.parametrize("who", ["other_officer", "reviewer", "lead", "admin", "nobody"])
def test_only_the_unit_begins_its_registration(cast, period_2024, who):
    with pytest.raises(PermissionDenied, match="cán bộ đầu mối hoặc thủ trưởng"):
        deeds.start_registration(unit=cast.home, period=period_2024, by=getattr(cast, who))
    assert not Registration.objects.exists()


def test_a_second_one_for_the_year_is_refused_and_leads_to_the_first(cast, period_2024, moved):
    row = moved("draft")
    with pytest.raises(deeds.AlreadyRegistering, match="UBND xã Nậm Xe đã lập") as refusal:
        deeds.start_registration(unit=cast.home, period=period_2024, by=cast.head)
    assert refusal.value.registration == row


@pytest.mark.parametrize(("today", "is_taken"), [((2022, 12, 31), False), ((2023, 1, 1), True), ((2025, 1, 1), False)])
def test_a_registration_is_begun_in_its_year_or_the_one_before(cast, period_2024, today, is_taken):
    with time_machine.travel(clock.at(date(*today), 8), tick=True):
        if is_taken:
            assert deeds.start_registration(unit=cast.home, period=period_2024, by=cast.officer).state == "draft"
        else:
            with pytest.raises(StepRefused, match="Chỉ lập đăng ký thi đua cho năm"):
                deeds.start_registration(unit=cast.home, period=period_2024, by=cast.officer)


def test_a_unit_that_does_not_report_does_not_register(cast, period_2024):
    cast.home.reports = False
    cast.home.save()
    with pytest.raises(StepRefused, match="không thuộc diện"):
        deeds.start_registration(unit=cast.home, period=period_2024, by=cast.officer)


# --- registering ------------------------------------------------------------------------------------------------------


def test_an_empty_one_is_not_registered_and_says_where(cast, moved):
    row = moved("draft", full=False)
    with pytest.raises(deeds.NotReady, match="Chưa đăng ký được, còn 2 chỗ cần sửa") as refusal:
        deeds.submit(registration=row, by=cast.head)
    assert [one.part for one in refusal.value.problems] == ["contents", "promises"]
    row.refresh_from_db()
    assert (row.state, row.edition, RegistrationVersion.objects.count()) == ("draft", 0, 0)


def test_a_work_of_a_content_not_chosen_stands_in_the_way(cast, moved):
    row = moved("draft")
    deeds.save_works(registration=row, works=[work("Cầu Nậm Xe", content="ND1")], by=cast.officer)
    with pytest.raises(deeds.NotReady) as refusal:
        deeds.submit(registration=row, by=cast.head)
    assert [one.sentence for one in refusal.value.problems] == [
        "“Cầu Nậm Xe” thuộc ND1, nội dung chưa chọn. Chọn thêm hoặc đổi nội dung."
    ]


def test_both_names_and_times_stay(cast, moved):
    row = moved("draft")
    with time_machine.travel(clock.at(date(2024, 3, 12), 10), tick=False):
        row = deeds.submit(registration=row, by=cast.head)
    assert (row.prepared_by, row.submitted_by, row.edition) == (cast.officer, cast.head, 1)
    assert row.prepared_at < row.submitted_at == clock.at(date(2024, 3, 12), 10)


def test_the_head_does_not_register_what_a_colleague_changed_after_the_page_was_opened(cast, moved):
    row = moved("draft")
    seen_version = row.version
    deeds.save_works(registration=row, works=[work(), work("Cầu treo")], by=cast.officer)
    with pytest.raises(StepRefused, match=r"Lò Thị Hạnh đã sửa đăng ký lúc .* Đọc lại rồi đăng ký"):
        deeds.submit(registration=row, by=cast.head, version=seen_version)
    row.refresh_from_db()
    assert deeds.submit(registration=row, by=cast.head, version=row.version).state == "submitted"


def test_a_second_click_registers_nothing_anew(cast, moved):
    row = moved("submitted")
    with pytest.raises(StepRefused):
        deeds.submit(registration=row, by=cast.head, version=row.version - 1)
    assert row.versions.count() == 1


def test_the_standing_office_is_told(moved):
    moved("submitted")
    told = Notification.objects.filter(kind="registration_submitted")
    assert sorted(told.values_list("user__username", "text")) == [
        ("duc.hm", "UBND xã Nậm Xe đăng ký thi đua năm 2024."),
        ("thanh.dv", "UBND xã Nậm Xe đăng ký thi đua năm 2024."),
    ]


@pytest.mark.parametrize(
    ("moment", "late"),
    [(clock.at(date(2024, 4, 1)) - timedelta(seconds=1), False), (clock.at(date(2024, 4, 1)), True)],
)
def test_the_last_day_ends_at_midnight_in_vietnam_and_late_ones_are_taken(cast, moved, moment, late):
    row = moved("draft")
    with time_machine.travel(moment, tick=False):
        row = deeds.submit(registration=row, by=cast.head)
    assert (row.state, is_late(row.period, row.submitted_at)) == ("submitted", late)


def test_after_the_year_nothing_is_registered(cast, moved):
    row = moved("draft")
    with time_machine.travel(clock.at(date(2025, 1, 1)), tick=False), pytest.raises(StepRefused, match="đã hết"):
        deeds.submit(registration=row, by=cast.head)
    row.refresh_from_db()
    assert row.state == "draft"


# --- amending ---------------------------------------------------------------------------------------------------------


def test_a_short_reason_is_refused(cast, moved):
    row = moved("submitted")
    with pytest.raises(NoteMissing, match="Cần ít nhất 20 ký tự"):
        deeds.amend(registration=row, note="Đổi chỉ tiêu.", by=cast.officer)


@pytest.mark.parametrize("step", ["amend", "submit"])
@pytest.mark.parametrize(("second", "is_taken"), [(-1, True), (0, False)])
def test_an_amendment_is_possible_until_midnight_of_the_last_day(cast, moved, step, second, is_taken):
    row = moved({"amend": "submitted", "submit": "amending"}[step])
    who = {"amend": cast.officer, "submit": cast.head}[step]
    with time_machine.travel(clock.at(date(2024, 7, 1)) + timedelta(seconds=second), tick=False):
        if is_taken:
            DEEDS[step](registration=row, by=who)
        else:
            with pytest.raises(StepRefused, match=r"đến hết ngày 30/06/2024. Chỉ Phòng Nội vụ đổi được hạn này"):
                DEEDS[step](registration=row, by=who)


def test_a_day_moved_by_the_standing_office_counts(cast, moved, period_2024):
    row = moved("submitted")
    period_2024.amends_until = date(2024, 8, 31)
    period_2024.save()
    with time_machine.travel(clock.at(date(2024, 8, 31), 23), tick=False):
        assert deeds.amend(registration=row, note=REASON, by=cast.officer).state == "amending"


def test_while_amended_the_last_edition_is_in_force(cast, moved):
    row = moved("amending")
    deeds.save_promises(registration=row, promises={SPENT: target("9000")}, by=cast.officer)
    assert promised(cast.home, 2024)[SPENT].words == "8.412 triệu đồng"
    deeds.submit(registration=row, by=cast.head)
    assert promised(cast.home, 2024)[SPENT].words == "9.000 triệu đồng"


def test_editions_tell_reason_and_what_changed(cast, moved):
    row = moved("amending")
    deeds.save_promises(registration=row, promises={SPENT: target("9000", "tỉnh giao thêm")}, by=cast.officer)
    deeds.save_contents(registration=row, contents=contents("ND3", "ND6", "ND7"), by=cast.officer)
    row = deeds.submit(registration=row, by=cast.head)
    newest, first = editions_of(row)
    assert (newest.version.edition, newest.version.reason, first.changes) == (2, REASON, [])
    assert [(one.old, one.new) for one in newest.changes] == [
        ("ND3, ND6", "ND3, ND6, ND7"),
        ("8.412 triệu đồng", "9.000 triệu đồng (tỉnh giao thêm)"),
    ]


def test_dropping_an_amendment_puts_everything_back(cast, moved):
    row = moved("amending")
    deeds.save_contents(registration=row, contents=contents("ND1"), by=cast.officer)
    deeds.save_promises(registration=row, promises={}, by=cast.officer)
    deeds.save_works(registration=row, works=[], by=cast.officer)
    row = deeds.drop(registration=row, by=cast.officer)
    assert deeds.data_of(Registration.objects.with_parts().get(pk=row.pk)) == row.versions.get().data
    assert (row.state, row.edition, row.reason) == ("submitted", 1, "")


def test_an_amendment_too_late_to_register_can_still_be_dropped(cast, moved):
    row = moved("amending")
    with time_machine.travel(clock.at(date(2024, 12, 2), 9), tick=False):
        assert deeds.drop(registration=row, by=cast.officer).state == "submitted"


def test_nothing_is_promised_before_the_head_registers(cast, moved):
    moved("draft")
    assert promised(cast.home, 2024) == {}


@pytest.mark.parametrize(
    "moment", [datetime(2024, 3, 31, 16, 59, 59, tzinfo=UTC), datetime(2024, 3, 31, 17, tzinfo=UTC)]
)
def test_lateness_is_judged_in_vietnam_wherever_the_server_stands(period_2024, moment):
    assert is_late(period_2024, moment) == (moment.hour == 17)
