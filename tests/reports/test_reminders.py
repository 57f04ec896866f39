"""Reminders: who is written to in which round, who is left out and why, and the paper with the live list."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from docx import Document as WordFile
from openpyxl import load_workbook

from campaigns.services.leeway import ask_extension, excuse, grant_extension
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents.model import ROOM
from phongtho_thidua.lib.workflow import StepRefused
from reports.documents.reminder import reminder_letter, urged
from reports.selectors.board import board_of
from reports.selectors.reminders import reminded_units
from reports.services.reminders import prepare_due_reminder, prepare_reminder
from tests.reports.filled import communes, report_of
from units.models import Mailing, Notification
from units.services.outbox import send_mailing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

REASON = "Mưa lũ chia cắt đường, chưa tổng hợp được số liệu các bản."
OVERDUE = clock.at(date(2024, 12, 16), 9)  # Monday; the deadline was Friday 17:00


@pytest.fixture
def overdue():
    with time_machine.travel(OVERDUE, tick=False) as traveller:
        yield traveller


def prepare(cast, period, *units, by="reviewer"):
    return prepare_reminder(period=period, units=[unit.pk for unit in units] or None, by=getattr(cast, by))


def whom(mailing):
    return sorted(mailing.letters.values_list("recipient__username", flat=True))


@pytest.mark.parametrize("who", ["officer", "head", "lead", "company_officer", "admin", "nobody"])
def test_only_the_standing_office_reminds(cast, period_2024, overdue, who):
    with pytest.raises(PermissionDenied, match="Chỉ Phòng Nội vụ"):
        prepare(cast, period_2024, cast.home, by=who)
    assert not Mailing.objects.exists()


def test_nobody_overdue_nothing_to_prepare(cast, period_2024):
    with pytest.raises(StepRefused, match="Chưa có đơn vị nào phải đôn đốc"):
        prepare(cast, period_2024)


def test_the_first_round_goes_to_the_officer(cast, period_2024, overdue):
    mailing = prepare(cast, period_2024, cast.home)
    assert (mailing.title, whom(mailing)) == ("Nhắc lần 1, báo cáo năm 2024", ["hanh.lt"])
    assert mailing.letters.get().text == (
        "Phòng Nội vụ nhắc: UBND xã Nậm Xe chưa nộp báo cáo năm 2024, quá hạn từ 17:00 ngày 13/12/2024."
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, None), (2, ["hanh.lt", "sai.ta"]), (3, ["hanh.lt", "sai.ta"])],
)
def test_two_working_days_later_the_head_is_written_to_as_well(cast, period_2024, overdue, days, expected):
    send_mailing(mailing=prepare(cast, period_2024, cast.home), by=cast.reviewer)
    overdue.shift(timedelta(days=days))
    if expected is None:
        with pytest.raises(StepRefused, match="đã nhắc 16/12/2024, nhắc lại sau 2 ngày làm việc"):
            prepare(cast, period_2024, cast.home)
    else:
        mailing = prepare(cast, period_2024, cast.home)
        assert (mailing.title, whom(mailing)) == ("Nhắc lần 2, báo cáo năm 2024", expected)


def test_a_weekend_is_no_working_day(cast, period_2024, overdue):
    overdue.move_to(clock.at(date(2024, 12, 20), 9))  # Friday
    send_mailing(mailing=prepare(cast, period_2024, cast.home), by=cast.reviewer)
    overdue.move_to(clock.at(date(2024, 12, 23), 9))  # Monday: one working day later
    with pytest.raises(StepRefused, match="nhắc lại sau"):
        prepare(cast, period_2024, cast.home)


def test_a_letter_that_was_only_prepared_counts_for_no_round(cast, period_2024, overdue):
    prepare(cast, period_2024, cast.home)
    assert reminded_units(period_2024) == {}


def test_pressing_twice_prepares_once(cast, period_2024, overdue):
    prepare(cast, period_2024, cast.home)
    with pytest.raises(StepRefused, match="đã có thư đang chờ gửi"):
        prepare(cast, period_2024, cast.home)
    assert Mailing.objects.count() == 1


def test_a_unit_without_an_officer_is_written_to_its_head(cast, period_2024, overdue):
    cast.officer.memberships.all().delete()
    assert whom(prepare(cast, period_2024, cast.home)) == ["sai.ta"]


def test_who_is_left_out_is_named_with_the_reason(cast, period_2024, overdue):
    report_of(cast.other, period_2024, by=cast.other_head, state="submitted")
    excuse(unit=cast.company, period=period_2024, reason=REASON, document="Công văn 12", by=cast.chief)
    (empty,) = communes(1)
    mailing = prepare(cast, period_2024, cast.home, cast.other, cast.company, empty)
    assert whom(mailing) == ["hanh.lt"]
    assert sorted(mailing.left_out) == [
        ["Công ty TNHH Xây dựng Mẫu", "được miễn"],
        ["UBND xã Mường So", "đã nộp báo cáo"],
        ["UBND xã Số 0", "chưa có tài khoản cán bộ đầu mối hoặc thủ trưởng"],
    ]


def test_without_a_choice_whoever_is_overdue_is_meant_and_nobody_with_more_time(cast, period_2024, overdue):
    asked = ask_extension(
        unit=cast.home,
        period=period_2024,
        reason=REASON,
        wanted_until=clock.at(date(2024, 12, 20), 17),
        by=cast.officer,
    )
    grant_extension(extension=asked, until=clock.at(date(2024, 12, 20), 17), by=cast.reviewer)
    mailing = prepare(cast, period_2024)
    assert "hanh.lt" not in whom(mailing)
    assert "pao.va" in whom(mailing)


def test_who_hands_in_before_the_letters_go_gets_none(cast, period_2024, overdue):
    mailing = prepare(cast, period_2024, cast.home, cast.other)
    report_of(cast.home, period_2024, by=cast.head, state="submitted", late=True)
    mailing = send_mailing(mailing=mailing, by=cast.reviewer)
    assert list(Notification.objects.filter(kind="reminder").values_list("user__username", flat=True)) == ["pao.va"]
    assert mailing.left_out == [["Lò Thị Hạnh, UBND xã Nậm Xe", "đã nộp lúc 18:00, 13/12/2024"]]
    assert list(reminded_units(period_2024)) == [cast.other.pk]


@pytest.mark.parametrize(("day", "is_made"), [(5, False), (6, True), (9, False), (12, True), (13, False)])
def test_the_clock_prepares_five_and_one_working_days_before_and_never_sends(cast, period_2024, day, is_made):
    with time_machine.travel(clock.at(date(2024, 12, day), 8), tick=False):
        made = [prepare_due_reminder(period_2024) for _ in range(2)]
    assert [bool(one) for one in made] == [is_made, False]
    assert Mailing.objects.filter(state="waiting").count() == is_made
    assert not Notification.objects.filter(kind="reminder").exists()


def test_the_command_of_the_clock_looks_at_open_periods_only(cast, period_2024, capsys):
    with time_machine.travel(clock.at(date(2024, 12, 6), 8), tick=False):
        call_command("prepare_reminders")
        call_command("prepare_reminders")
    assert "Nhắc lần 1, báo cáo năm 2024" in capsys.readouterr().out
    assert Mailing.objects.count() == 1


# --- on paper ---------------------------------------------------------------------------------------------------------


def test_the_letter_lists_who_is_missing_now_and_leaves_number_and_day_open(cast, period_2024, overdue):
    send_mailing(mailing=prepare(cast, period_2024, cast.home), by=cast.reviewer)
    board = board_of(period_2024)
    paper = reminder_letter(board, urged(board, {cast.home.pk, cast.other.pk}))
    assert (paper.number_line, paper.brief, paper.title_lines) == (
        f"Số:{ROOM}/NV",
        "V/v đôn đốc nộp báo cáo Phong trào thi đua năm 2024",
        (),
    )
    assert sorted(paper.addressees) == ["UBND xã Mường So", "UBND xã Nậm Xe"]
    rows = {row[1]: (row[2], row[4]) for row in paper.blocks[2].rows}
    assert rows == {
        "UBND xã Nậm Xe": ("Quá hạn 3 ngày", "1 lần, gần nhất 16/12/2024"),
        "UBND xã Mường So": ("Quá hạn 3 ngày", "Chưa nhắc"),
    }


def test_who_has_handed_in_is_not_urged_even_when_chosen(cast, period_2024, overdue):
    report_of(cast.home, period_2024, by=cast.head, state="submitted")
    assert urged(board_of(period_2024), {cast.home.pk}) == []


@pytest.mark.parametrize(("face", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_letter_is_one_press_away(cast, period_2024, overdue, client_of, face, start):
    page = client_of(cast.reviewer).get(f"/tien-do/2024/cong-van/{face}/", {"don-vi": cast.home.pk})
    content = b"".join(page.streaming_content)
    assert (page.status_code, content[: len(start)]) == (200, start)
    if face == "docx":
        words = "\n".join(cell.text for table in WordFile(BytesIO(content)).tables for cell in table._cells)
        assert "V/v đôn đốc nộp báo cáo Phong trào thi đua năm 2024" in words
        assert "UBND xã Nậm Xe" in words


def test_with_many_addressees_the_list_becomes_an_annex(cast, period_2024, overdue):
    board = board_of(period_2024)
    paper = reminder_letter(board, urged(board))
    assert paper.addressees == ("Các đơn vị có tên trong Phụ lục",)
    assert len(paper.annexes[0].blocks[0].rows) == len(board.rows)
    assert paper.annex_source.startswith("(Kèm theo Công văn số")


def test_there_is_no_other_face(cast, client_of, overdue):
    assert client_of(cast.reviewer).get("/tien-do/2024/cong-van/xlsx/").status_code == 404


# --- from the board ---------------------------------------------------------------------------------------------------


def test_what_was_ticked_becomes_a_mailing(cast, period_2024, overdue, client_of):
    page = client_of(cast.reviewer).post("/tien-do/2024/don-doc/", {"don-vi": [cast.home.pk, cast.other.pk, "x", "²"]})
    mailing = Mailing.objects.get()
    assert (page.status_code, page.url) == (302, mailing.get_absolute_url())
    assert whom(mailing) == ["hanh.lt", "pao.va"]


def test_a_refusal_keeps_the_ticks_and_says_why(cast, period_2024, overdue, client_of):
    report_of(cast.home, period_2024, by=cast.head, state="submitted")
    page = client_of(cast.reviewer).post("/tien-do/2024/don-doc/", {"don-vi": cast.home.pk})
    text = page.content.decode()
    assert page.status_code == 409
    assert f'value="{cast.home.pk}" aria-label="Chọn Nậm Xe" checked' in text
    assert "UBND xã Nậm Xe: đã nộp báo cáo" in text


def test_the_board_leaves_as_a_workbook_with_the_rows_of_the_filter(cast, period_2024, client_of):
    page = client_of(cast.reviewer).get("/tien-do/2024/bang.xlsx", {"tim": "nậm xe"})
    book = load_workbook(BytesIO(b"".join(page.streaming_content)))
    rows = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert [row[1] for row in rows if row[0] == 1] == ["UBND xã Nậm Xe"]


@pytest.mark.parametrize("count", [1, 30])
def test_preparing_costs_the_same_reads(cast, period_2024, overdue, account, queries, count):
    for number, unit in enumerate(communes(count)):
        account(f"can.bo.{number}", "officer", unit)
    with queries() as asked:
        prepare(cast, period_2024)
    assert len([q for q in asked.captured_queries if q["sql"].startswith("SELECT")]) <= 22
