"""One answer saved by itself: stored, refused in words, never overwriting a colleague, never more than six queries."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from phongtho_thidua.lib import clock
from reports.models import Figure
from reports.services import annual, answers
from units.models import AuditEvent

pytestmark = pytest.mark.django_db

PLAN, SPENT = "HT6.von_ke_hoach", "HT6.von_giai_ngan"


@pytest.fixture
def post(begun, client_of):
    """`post(user, answer, value="8.412")`: what the page sends for one answer; the version is the stored one."""

    def send(user, row, /, *, version=None, force=False, **fields):
        where = "so-lieu" if isinstance(row, Figure) else "muc"
        data = {f"{row.key}-{name}": text for name, text in fields.items()}
        data |= {"version": str(row.version if version is None else version)} | ({"force": "1"} if force else {})
        return client_of(user).post(f"/bao-cao/{begun.pk}/{where}/{row.pk}/", data)

    return send


def history():
    events = AuditEvent.objects.filter(target_type="reports.annualreport", action__in=["edit", "clash"])
    return [(event.actor_name, event.label, event.changes) for event in events.order_by("pk")]


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("other_officer", 404),
        ("other_head", 404),
        ("company_officer", 404),
        ("lead", 404),
        ("admin", 404),
        ("nobody", 404),
        ("reviewer", 403),
        ("chief", 403),
    ],
)
def test_only_the_unit_writes_in_its_report(cast, post, figure_of, who, status):
    answer = post(getattr(cast, who), figure_of(SPENT), answer="value", value="1")
    assert (answer.status_code, figure_of(SPENT).value) == (status, None)


def test_an_answer_of_another_report_is_not_found_under_this_one(cast, client_of, begun, period_2024):
    other = annual.start_report(unit=cast.other, period=period_2024, by=cast.other_officer)
    figure = other.figures.first()
    answer = client_of(cast.officer).post(f"/bao-cao/{begun.pk}/so-lieu/{figure.pk}/", {"version": "1"})
    assert answer.status_code == 404


def test_an_answer_is_not_saved_by_looking_at_it(cast, client_of, begun, figure_of):
    url = f"/bao-cao/{begun.pk}/so-lieu/{figure_of(SPENT).pk}/"
    assert client_of(cast.officer).get(url).status_code == 405


def test_a_refused_value_is_told_at_its_field_and_nothing_is_stored(cast, post, figure_of):
    answer = post(cast.officer, figure_of(SPENT), answer="value", value="6.4a0")
    words = "“6.4a0” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."
    assert (answer.status_code, answer.json()) == (422, {"errors": {"value": words}})
    assert (figure_of(SPENT).value, figure_of(SPENT).version) == (None, 1)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("submitted", "Báo cáo đã nộp. Thủ trưởng đơn vị rút về được khi Phòng Nội vụ chưa mở xem xét."),
        ("reviewing", "Phòng Nội vụ đang xem xét báo cáo. Muốn sửa, thủ trưởng xin rút báo cáo."),
        ("accepted", "Báo cáo đã được chấp nhận. Muốn sửa, đề nghị Phòng Nội vụ mở lại."),
    ],
)
def test_a_report_handed_in_is_closed_and_says_who_can_open_it(cast, moved, post, figure_of, state, words):
    moved(state)
    answer = post(cast.officer, figure_of(SPENT), answer="value", value="5")
    told = {"message": words, "kept": True}
    assert (answer.status_code, answer.json(), figure_of(SPENT).value) == (423, told, Decimal(0))


@pytest.mark.parametrize(("second", "status"), [(59, 200), (60, 423)])
def test_the_lock_of_the_period_closes_a_draft_to_the_second(cast, post, figure_of, second, status):
    moment = clock.at(date(2025, 1, 31), 16, 59) + timedelta(seconds=second)
    with time_machine.travel(moment, tick=False):
        answer = post(cast.officer, figure_of(SPENT), answer="value", value="5")
    assert answer.status_code == status
    if status == 423:
        words = "Kỳ báo cáo năm 2024 đã khóa từ 17:00 ngày 31/01/2025. Chỉ Phòng Nội vụ đổi được thời hạn."
        link = f"/gia-han/xin/{figure_of(SPENT).report.period_id}/"
        assert answer.json() == {"message": words, "kept": True, "extension": link}


def test_a_report_submitted_between_reading_and_writing_stays_as_it_was_handed_in(cast, ready, figure_of):
    figure = figure_of(SPENT)  # read while the report was open
    annual.submit(report=ready, by=cast.head)
    with pytest.raises(answers.Closed):
        answers.save_figure(figure=figure, data={"answer": "value", "value": Decimal(5)}, version=1, by=cast.officer)
    assert figure_of(SPENT).value == 0


# --- stored -----------------------------------------------------------------------------------------------------------


def test_a_value_is_stored_with_who_and_when_and_its_ratio_follows(cast, post, figure_of):
    post(cast.officer, figure_of(PLAN), answer="value", value="8.650")
    told = post(cast.officer, figure_of(SPENT), answer="value", value="7.958").json()
    figure = figure_of(SPENT)
    ratio = next(words for place, words in told["derived"].items() if place.startswith("ratio-"))
    assert (figure.value, figure.saved_by, figure.version) == (Decimal(7958), cast.officer, 2)
    assert (told["version"], told["saved_at"], ratio) == (2, "09:00", "92,0%")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"answer": "value", "value": "0"}, "0 triệu đồng"),
        ({"answer": "not_applicable", "reason": "Xã không được giao vốn"}, "Không áp dụng: Xã không được giao vốn"),
        ({"answer": "no_data", "expected_on": "10/02/2025"}, "Chưa có số liệu, dự kiến 10/02/2025"),
        ({"answer": "value", "value": ""}, ""),
    ],
)
def test_zero_not_applicable_and_no_data_are_three_answers(cast, post, figure_of, fields, words):
    assert post(cast.officer, figure_of(SPENT), **fields).status_code == 200
    assert figure_of(SPENT).words == words


def test_a_part_above_its_whole_is_stored_and_told_beside_both(cast, post, figure_of):
    post(cast.officer, figure_of(PLAN), answer="value", value="8.650")
    answer = post(cast.officer, figure_of(SPENT), answer="value", value="9.240")
    words = (
        "Vốn đã giải ngân (9.240) lớn hơn kế hoạch vốn đầu tư công được giao trong năm (8.650). Kiểm tra lại hai số."
    )
    told, place = answer.json(), f"{figure_of(SPENT).key}-problem"
    assert (answer.status_code, told["derived"][place]) == (200, words)
    assert figure_of(SPENT).value == 9240
    mended = post(cast.officer, figure_of(PLAN), answer="value", value="9.300").json()
    assert mended["derived"][place] == "99,35%, còn 0,65 điểm phần trăm nữa mới đạt mức 100%. Ghi nguyên nhân."


def test_words_and_grade_of_a_criterion_are_stored(cast, post, entry_of):
    hostile = "<script>alert(1)</script>\x00 =1+1"
    answer = post(cast.officer, entry_of("HT1"), narrative=hostile, grade="good")
    entry = entry_of("HT1")
    assert (answer.status_code, entry.narrative, entry.grade) == (200, "<script>alert(1)</script> =1+1", "good")


def test_drafting_leaves_no_trace_in_the_history(cast, post, figure_of):
    post(cast.officer, figure_of(SPENT), answer="value", value="1")
    assert history() == []


def test_after_a_return_every_change_is_told_in_the_history(cast, moved, post, figure_of, entry_of):
    Figure.objects.filter(pk=figure_of(PLAN).pk).update(value=8650)
    Figure.objects.filter(pk=figure_of(SPENT).pk).update(explanation="Mặt bằng bàn giao chậm đến tháng 10.")
    moved("returned").entries.filter(criterion__code="HT6").update(reopened=True)
    Figure.objects.filter(pk=figure_of(SPENT).pk).update(value=8412)
    post(cast.officer, figure_of(SPENT), answer="value", value="7.962")
    post(cast.head, entry_of("HT6"), narrative=entry_of("HT6").narrative, grade="done")
    assert history() == [
        ("Lò Thị Hạnh", "sửa HT6, vốn đã giải ngân", {"số liệu": ["8.412 triệu đồng", "7.962 triệu đồng"]}),
        ("Tẩn A Sài", "sửa HT6", {"tự đánh giá": ["Hoàn thành tốt", "Hoàn thành"]}),
    ]


# --- two people -------------------------------------------------------------------------------------------------------


def test_the_second_of_two_people_gets_both_versions_and_overwrites_nothing(cast, post, figure_of):
    opened = figure_of(SPENT)
    post(cast.head, opened, answer="value", value="7.962")
    answer = post(cast.officer, opened, answer="value", value="8.412")
    key = opened.key
    assert (answer.status_code, answer.json()) == (
        409,
        {
            "by": "Tẩn A Sài",
            "at": "09:00",
            "mine": "8.412 triệu đồng",
            "theirs": "7.962 triệu đồng",
            "version": 2,
            "theirs_values": {
                f"{key}-answer": "value",
                f"{key}-value": "7.962",
                f"{key}-day": "",
                f"{key}-document": "",
                f"{key}-reason": "",
                f"{key}-expected_on": "",
                f"{key}-explanation": "",
            },
        },
    )
    assert figure_of(SPENT).value == 7962


def test_both_versions_stay_in_the_history_whichever_is_kept(cast, post, figure_of):
    opened = figure_of(SPENT)
    post(cast.head, opened, answer="value", value="7.962")
    post(cast.officer, opened, answer="value", value="8.412")
    assert history() == [
        (
            "Lò Thị Hạnh",
            "chưa lưu được HT6, vốn đã giải ngân, vì Tẩn A Sài vừa lưu",
            {"bản đã lưu và bản chưa lưu": ["7.962 triệu đồng", "8.412 triệu đồng"]},
        )
    ]


def test_keeping_mine_stores_it_and_the_others_words_go_to_the_history(cast, post, figure_of):
    opened = figure_of(SPENT)
    post(cast.head, opened, answer="value", value="7.962")
    answer = post(cast.officer, opened, version=2, force=True, answer="value", value="8.412")
    assert (answer.status_code, figure_of(SPENT).value, figure_of(SPENT).saved_by) == (200, 8412, cast.officer)
    assert history() == [
        (
            "Lò Thị Hạnh",
            "giữ bản của mình ở HT6, vốn đã giải ngân",
            {"số liệu": ["7.962 triệu đồng", "8.412 triệu đồng"]},
        )
    ]


def test_keeping_mine_does_not_run_over_a_third_version(cast, post, figure_of):
    opened = figure_of(SPENT)
    post(cast.head, opened, answer="value", value="1")
    post(cast.head, figure_of(SPENT), answer="value", value="2")
    assert post(cast.officer, opened, version=2, force=True, answer="value", value="3").status_code == 409
    assert figure_of(SPENT).value == 2


def test_the_same_words_sent_twice_after_a_lost_answer_are_no_conflict(cast, post, figure_of):
    opened = figure_of(SPENT)
    post(cast.officer, opened, answer="value", value="8.412")
    again = post(cast.officer, opened, answer="value", value="8.412")
    assert (again.status_code, again.json()["version"], figure_of(SPENT).version) == (200, 2, 2)


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 30])
def test_a_version_that_was_never_shown_overwrites_nothing(cast, post, figure_of, version):
    answer = post(cast.officer, figure_of(SPENT), version=version, answer="value", value="8.412")
    assert (answer.status_code, figure_of(SPENT).value) == (409, None)


# --- cost -------------------------------------------------------------------------------------------------------------


def test_saving_a_figure_asks_six_queries(cast, client_of, begun, figure_of, queries):
    client, figure = client_of(cast.officer), figure_of(SPENT)
    data = {f"{figure.key}-answer": "value", f"{figure.key}-value": "7.962", "version": "1"}
    with queries() as asked:  # session, user, roles, figure, write, figures of the criterion
        client.post(f"/bao-cao/{begun.pk}/so-lieu/{figure.pk}/", data)
    assert asked.count == 6


def test_saving_words_asks_five_queries(cast, client_of, begun, entry_of, queries):
    client, entry = client_of(cast.officer), entry_of("HT1")
    with queries() as asked:  # session, user, roles, entry, write
        client.post(f"/bao-cao/{begun.pk}/muc/{entry.pk}/", {f"{entry.key}-narrative": "Đã làm", "version": "1"})
    assert asked.count == 5
