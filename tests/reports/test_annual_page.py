"""The page of a report in the browser: writing with and without script, reading, printing, taking steps."""

from datetime import date

import pytest
import time_machine

from phongtho_thidua.lib import clock
from reports.models import AnnualReport
from reports.services import annual, answers
from tests.reports.conftest import NARRATIVE
from tests.reports.filled import START, communes
from units.models import Membership

pytestmark = pytest.mark.django_db

PLAN, SPENT = "HT6.von_ke_hoach", "HT6.von_giai_ngan"
WHO = ["officer", "head", "reviewer", "chief", "other_officer", "lead", "admin", "nobody"]


@pytest.mark.parametrize(
    ("state", "statuses"),
    [
        ("draft", [200, 200, 403, 403, 404, 404, 404, 404]),
        ("submitted", [200, 200, 200, 200, 404, 404, 404, 404]),
        ("reviewing", [200, 200, 200, 200, 404, 404, 404, 404]),
        ("returned", [200, 200, 200, 200, 404, 404, 404, 404]),
        ("accepted", [200, 200, 200, 200, 404, 404, 404, 404]),
    ],
)
@pytest.mark.parametrize("face", ["", "ban-in/"])
def test_a_report_is_read_by_its_unit_and_once_handed_in_by_the_standing_office(
    cast, moved, client_of, state, statuses, face
):
    report = moved(state)
    answers_ = [client_of(getattr(cast, who)).get(f"/bao-cao/{report.pk}/{face}").status_code for who in WHO]
    assert answers_ == statuses


def test_the_standing_office_is_told_why_a_draft_is_not_for_its_eyes(cast, begun, client_of):
    begun.entries.filter(criterion__code="HT1").update(narrative="Chữ chưa nộp")
    page = client_of(cast.reviewer).get(begun.get_absolute_url()).content.decode()
    assert ("Phòng Nội vụ đọc được khi thủ trưởng đã nộp" in page, "Chữ chưa nộp" in page) == (True, False)


@pytest.mark.parametrize(("state", "has_form"), [("draft", True), ("returned", True), ("submitted", False)])
def test_one_address_shows_the_form_while_one_may_write_and_the_report_otherwise(
    cast, moved, client_of, state, has_form
):
    page = client_of(cast.officer).get(moved(state).get_absolute_url()).content.decode()
    assert ("data-autosave" in page, "autosave.js" in page) == (has_form, True)  # what was not sent is shown, too


def test_a_locked_draft_is_read_only(cast, begun, client_of):
    with time_machine.travel(clock.at(date(2025, 1, 31), 17), tick=False):
        page = client_of(cast.officer).get(begun.get_absolute_url()).content.decode()
    assert "data-autosave" not in page


def test_hostile_words_stay_words(cast, ready, client_of):
    ready.entries.filter(criterion__code="HT1").update(narrative="<script>alert(1)</script> {{ 7 }} =1+1")
    for address in ("", "ban-in/"):
        page = client_of(cast.officer).get(f"{ready.get_absolute_url()}{address}").content.decode()
        assert ("<script>alert" in page, "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 }} =1+1" in page) == (False, True)


# --- without script ---------------------------------------------------------------------------------------------------


@pytest.fixture
def whole(begun):
    """`whole({code: {value: …}})`: the whole form as a browser without script sends it, with these changes."""

    def fields(changes=(), version=None):
        data = {}
        for figure in begun.figures.select_related("indicator"):
            typed = {"answer": "value", "value": "", "reason": "", "expected_on": "", "version": figure.version}
            typed |= dict(changes).get(figure.indicator.code, {})
            data |= {f"{figure.key}-{name}": text for name, text in typed.items()}
        for entry in begun.entries.select_related("criterion"):
            typed = {"narrative": "", "grade": "", "version": entry.version} | dict(changes).get(
                entry.criterion.code, {}
            )
            data |= {f"{entry.key}-{name}": text for name, text in typed.items()}
        return data

    return fields


def test_the_whole_form_is_saved_at_once(cast, begun, client_of, whole, figure_of, entry_of):
    data = whole({SPENT: {"value": "7.962"}, "HT1": {"narrative": NARRATIVE, "grade": "good"}})
    answer = client_of(cast.officer).post(begun.get_absolute_url(), data)
    assert (answer.status_code, answer.url) == (302, begun.get_absolute_url())
    assert (figure_of(SPENT).value, entry_of("HT1").narrative, entry_of("HT1").grade) == (7962, NARRATIVE, "good")


def test_one_bad_answer_is_told_at_its_field_and_does_not_hold_back_the_others(
    cast, begun, client_of, whole, figure_of
):
    data = whole({PLAN: {"value": "8.650"}, SPENT: {"value": "tám nghìn"}})
    answer = client_of(cast.officer).post(begun.get_absolute_url(), data)
    page = answer.content.decode()
    key = figure_of(SPENT).key
    assert (answer.status_code, figure_of(PLAN).value, figure_of(SPENT).value) == (422, 8650, None)
    assert f'name="{key}-value" value="tám nghìn"' in page
    assert f'<a href="#{key}-value">“tám nghìn” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5.</a>' in page


def test_a_conflict_without_script_shows_theirs_and_keeps_mine(cast, begun, client_of, whole, figure_of):
    data = whole({SPENT: {"value": "8.412"}})
    theirs = {"answer": "value", "value": 7962}
    answers.save_figure(figure=figure_of(SPENT), data=theirs, version=1, by=cast.head)
    answer = client_of(cast.officer).post(begun.get_absolute_url(), data)
    page = answer.content.decode()
    assert (answer.status_code, figure_of(SPENT).value) == (409, 7962)
    assert ("Bản đã lưu: “7.962 triệu đồng”" in page, 'value="8.412"' in page) == (True, True)
    again = whole({SPENT: {"value": "8.412"}})  # the page came back with the stored version
    assert client_of(cast.officer).post(begun.get_absolute_url(), again).status_code == 302
    assert figure_of(SPENT).value == 8412


def test_what_is_typed_into_a_report_that_was_handed_in_meanwhile_comes_back(cast, moved, client_of, whole):
    data = whole({"HT1": {"narrative": "Đoạn vừa gõ"}})
    report = moved("submitted")
    answer = client_of(cast.officer).post(report.get_absolute_url(), data)
    page = answer.content.decode()
    assert (answer.status_code, "Đoạn vừa gõ" in page, "Báo cáo đã nộp." in page) == (423, True, True)
    assert report.entries.get(criterion__code="HT1").narrative == NARRATIVE


def test_a_reader_sends_no_form(cast, moved, client_of, whole):
    report = moved("submitted")
    assert client_of(cast.reviewer).post(report.get_absolute_url(), whole()).status_code == 403


# --- beginning and steps in the browser -------------------------------------------------------------------------------


def test_an_officer_begins_the_report_from_the_list(cast, december, client_of):
    client = client_of(cast.officer)
    assert "Lập báo cáo năm 2024" in client.get("/bao-cao/").content.decode()
    answer = client.post(f"/bao-cao/lap/2024/{cast.home.pk}/")
    assert answer.url == AnnualReport.objects.get().get_absolute_url()


def test_a_second_report_is_answered_with_the_way_to_the_first(cast, begun, client_of):
    answer = client_of(cast.head).post(f"/bao-cao/lap/2024/{cast.home.pk}/")
    page = answer.content.decode()
    assert (answer.status_code, AnnualReport.objects.count()) == (409, 1)
    assert ("UBND xã Nậm Xe đã có báo cáo năm 2024." in page, begun.get_absolute_url() in page) == (True, True)


def test_a_strangers_report_is_not_begun(cast, december, client_of):
    assert client_of(cast.other_head).post(f"/bao-cao/lap/2024/{cast.home.pk}/").status_code == 403
    assert client_of(cast.officer).post(f"/bao-cao/lap/1999/{cast.home.pk}/").status_code == 404


def step(client, report, name, version=None, query="", **more):
    data = {"step": name, "version": report.version if version is None else version, **more}
    return client.post(f"/bao-cao/{report.pk}/buoc/{query}", data)


def test_the_head_hands_in_and_reads_the_receipt(cast, ready, client_of):
    client = client_of(cast.head)
    answer = step(client, ready, "submit")
    page = client.get(answer.url).content.decode()
    assert "Đã nộp lúc 09:00, 02/12/2024. Phiếu tiếp nhận số BC-2024-0001." in page


def test_an_incomplete_report_comes_back_with_a_linked_list(cast, begun, client_of):
    answer = step(client_of(cast.head), begun, "submit")
    page, entry = answer.content.decode(), begun.entries.get(criterion__code="HT1")
    assert answer.status_code == 422
    assert f'<a href="#entry-{entry.pk}-grade">HT1: chưa tự đánh giá.</a>' in page


def test_the_officer_sees_who_hands_in_and_is_refused(cast, ready, client_of):
    client = client_of(cast.officer)
    assert "Chỉ thủ trưởng đơn vị nộp được." in client.get(ready.get_absolute_url()).content.decode()
    assert step(client, ready, "submit").status_code == 403


def test_a_stale_version_is_a_409_page(cast, moved, client_of):
    report = moved("submitted")
    assert step(client_of(cast.reviewer), report, "open_review", version=1).status_code == 409


def test_a_page_opened_before_a_colleague_wrote_hands_nothing_in(cast, ready, client_of):
    query = "?mo-luc=2024-12-02T08:00:00%2B07:00"
    assert step(client_of(cast.head), ready, "submit", query=query).status_code == 409
    ready.refresh_from_db()
    assert ready.state == "draft"


@pytest.mark.parametrize("query", ["?mo-luc=x", "?mo-luc=2024-13-45T99:00", "?mo-luc=2024-12-02T08:00:00"])
def test_a_moment_that_is_none_is_passed_over(cast, ready, client_of, query):
    assert step(client_of(cast.head), ready, "submit", query=query).status_code == 302


@pytest.mark.parametrize("name", ["", "delete", "x" * 31])
def test_a_step_that_does_not_exist_is_not_found(cast, ready, client_of, name):
    assert step(client_of(cast.head), ready, name).status_code == 404


def test_a_short_reason_comes_back_with_what_was_typed(cast, moved, client_of):
    report = moved("accepted")
    answer = step(client_of(cast.reviewer), report, "reopen", note="Sai số.")
    page = answer.content.decode()
    assert (answer.status_code, "Sai số." in page, "Cần ít nhất 20 ký tự" in page) == (422, True, True)


# --- last year, targets, paper ----------------------------------------------------------------------------------------


@pytest.fixture
def last_year(cast, complete):
    """The report of 2023 as it was handed in."""
    from campaigns.models import Period

    with time_machine.travel(clock.at(date(2023, 12, 4), 9), tick=True):
        report = annual.start_report(unit=cast.home, period=Period.objects.get(year=2023), by=cast.officer)
        complete(report)
        report.figures.filter(indicator__code=PLAN).update(value=8000)
        report.figures.filter(indicator__code=SPENT).update(
            value=7072, explanation="Mặt bằng bàn giao chậm đến tháng 10."
        )
        return annual.submit(report=report, by=cast.head)


def line_of(page, code):
    return next(line for block in page.context["blocks"] for line in block.lines if line.indicator.code == code)


def test_last_years_answer_stands_beside_the_field(cast, last_year, begun, client_of):
    page = client_of(cast.officer).get(begun.get_absolute_url())
    assert [line_of(page, code).before for code in (PLAN, SPENT, "HT6.ty_le_giai_ngan")] == [
        "8.000 triệu đồng",
        "7.072 triệu đồng",
        "88,4%",
    ]


def test_a_draft_of_last_year_is_not_shown(cast, last_year, begun, client_of):
    annual_report = AnnualReport.objects.filter(pk=last_year.pk)
    annual_report.update(state="draft")
    assert line_of(client_of(cast.officer).get(begun.get_absolute_url()), PLAN).before == ""


def test_a_target_of_the_unit_is_judged_in_words_and_one_of_the_district_is_not(cast, ready, client_of):
    for code, value in ((PLAN, 8650), (SPENT, 7958), ("TK3.tong_chi", 100), ("TK3.chi_thuong_xuyen", 90)):
        ready.figures.filter(indicator__code=code).update(value=value)
    page = client_of(cast.officer).get(ready.get_absolute_url())
    [own] = line_of(page, "HT6.ty_le_giai_ngan").aims
    assert (own.status, own.sentence) == ("Chưa đạt", "92%, còn 8 điểm phần trăm nữa mới đạt mức 100%.")
    assert [(aim.whose, aim.status) for aim in line_of(page, "TK3.ty_trong").aims] == [("toàn huyện", "")] * 2


def test_the_printed_report_ends_with_both_signatures(cast, moved, client_of):
    page = client_of(cast.head).get(f"{moved('submitted').get_absolute_url()}ban-in/").content.decode()
    places = [
        page.index(words) for words in ("TK9.", "Người lập", "Lò Thị Hạnh</span>", "Thủ trưởng</b>", "Tẩn A Sài</span>")
    ]
    assert places == sorted(places)


# --- cost -------------------------------------------------------------------------------------------------------------


def test_the_form_page_asks_at_most_fifteen_queries(cast, last_year, begun, client_of, queries):
    client = client_of(cast.officer)
    with queries() as asked:
        client.get(begun.get_absolute_url())
    assert asked.count <= 15, [query["sql"][:200] for query in asked.captured_queries]


def test_the_list_of_own_reports_costs_the_same_for_one_unit_and_for_thirty(cast, december, client_of, queries):
    client, costs = client_of(cast.officer), []
    for units in ((), communes(30)):
        for unit in units:
            Membership.objects.create(user=cast.officer, unit=unit, role="officer", valid_from=START)
        with queries() as asked:
            client.get("/bao-cao/")
        costs.append(asked.count)
    assert costs[0] == costs[1]
