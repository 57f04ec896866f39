"""The report of a cluster: its members' accepted results side by side, the lead's words, frozen when handed in."""

import io
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import load_workbook

from campaigns.models import Period
from criteria.models import Indicator
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import ClusterReport, ClusterReportState, Recognition, ReportState
from reports.sections.cluster import gather
from reports.selectors.cluster import cluster_years, work_items
from reports.services import cluster as deeds
from reports.workflow import CLUSTER_STEPS, CLUSTER_TONES
from tests.reports.clustered import cluster_of
from tests.reports.filled import NO_DATA, communes, report_of
from units import audit
from units.models import ClusterMember, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

NOTE = "Phần đánh giá chung chưa nêu việc của xã Dào San."
WORDS = {"activity": "Khối họp hai lần.", "assessment": "Các xã đều tiến bộ.", "proposals": ""}
WHO = ("officer", "head", "other_officer", "other_head", "member", "reviewer", "chief", "lead", "admin", "nobody")
LEGAL = {
    ("draft", "submit"): ({"head"}, "submitted"),
    ("returned", "submit"): ({"head"}, "submitted"),
    ("submitted", "return"): ({"reviewer", "chief"}, "returned"),
}


@pytest.fixture
def people(cast, account, unit_of):
    cast.member = account("may.st", "officer", unit_of("xa-dao-san"), "Sùng Thị Máy")
    return cast


@pytest.fixture
def cluster(people, unit_of):
    return cluster_of(people.home, people.other, unit_of("xa-dao-san"))


@pytest.fixture
def report(cluster, period_2024, people):
    return deeds.start_cluster_report(cluster=cluster, period=period_2024, by=people.officer)


@pytest.fixture
def moved(report, people):
    """`moved("returned")`: the written report brought to a state by the deeds that lead there."""

    def bring(state):
        deeds.save_texts(report=report, texts=WORDS, version=report.version, by=people.officer)
        if state != "draft":
            deeds.submit(report=report, by=people.head)
        if state == "returned":
            deeds.return_report(report=report, note=NOTE, by=people.reviewer)
        report.refresh_from_db()
        return report

    return bring


# --- who may ----------------------------------------------------------------------------------------------------------


def test_the_table_names_every_step_and_every_state():
    assert {step for _, step in LEGAL} == set(CLUSTER_STEPS)
    assert {state for state, _ in LEGAL} == set(ClusterReportState.values) == set(CLUSTER_TONES)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("step", CLUSTER_STEPS)
@pytest.mark.parametrize("state", ClusterReportState.values)
def test_a_step_moves_the_report_and_leaves_one_trace_or_raises_and_leaves_none(people, moved, state, step, who):
    row, by = moved(state), getattr(people, who)
    holders, target = LEGAL.get((state, step), (set(), state))
    take = {"submit": deeds.submit, "return": lambda **more: deeds.return_report(note=NOTE, **more)}[step]
    before = len(audit.history_of(row))
    if who in holders:
        take(report=row, by=by, version=row.version)
        left = 1
    else:
        with pytest.raises((PermissionDenied, StepRefused)):
            take(report=row, by=by)
        target, left = state, 0
    row.refresh_from_db()
    assert (row.state, len(audit.history_of(row)) - before) == (target, left)


@pytest.mark.parametrize("who", WHO)
def test_only_the_lead_unit_begins_and_writes(people, cluster, period_2024, report, who):
    by = getattr(people, who)
    if who in {"officer", "head"}:
        assert deeds.start_cluster_report(cluster=cluster, period=period_2024, by=by) == report
        deeds.save_texts(report=report, texts=WORDS, version=1, by=by)
        return
    with pytest.raises(PermissionDenied, match="Chỉ đơn vị trưởng khối"):
        deeds.start_cluster_report(cluster=cluster, period=period_2024, by=by)
    with pytest.raises(PermissionDenied, match="Chỉ đơn vị trưởng khối"):
        deeds.save_texts(report=report, texts=WORDS, version=1, by=by)


SEES = {
    "draft": {"officer", "head", "other_officer", "other_head"},  # the lead and the deputy
    "submitted": {"officer", "head", "other_officer", "other_head", "member", "reviewer", "chief"},
    "returned": {"officer", "head", "other_officer", "other_head", "reviewer", "chief"},
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("state", SEES)
def test_a_member_reads_what_was_handed_in_and_a_stranger_finds_nothing(people, moved, client_of, state, who):
    row = moved(state)
    client = client_of(getattr(people, who))
    answer = 200 if who in SEES[state] else 404
    assert client.get(row.get_absolute_url()).status_code == answer
    assert client.get(f"{row.get_absolute_url()}tep/xlsx/").status_code == answer


def test_not_before_the_period_opens(people, cluster, period_2024):
    period_2024.opens_at = clock.at(clock.today(), 23)
    with pytest.raises(StepRefused, match="mở từ 23:00"):
        deeds.start_cluster_report(cluster=cluster, period=period_2024, by=people.officer)


# --- writing ----------------------------------------------------------------------------------------------------------


def test_the_second_editor_gets_both_texts_and_loses_none(people, report, client_of):
    deeds.save_texts(report=report, texts=WORDS, version=1, by=people.head)
    data = {"version": 1, "activity": "Chữ của tôi.", "assessment": "", "proposals": ""}
    page = client_of(people.officer).post(report.get_absolute_url(), data)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Tẩn A Sài đã lưu báo cáo này lúc 09:00, sau khi bạn mở" in text
    assert "Chữ của tôi." in text
    assert "Khối họp hai lần." in text
    report.refresh_from_db()
    assert report.activity == "Khối họp hai lần."
    data["version"] = page.context["report"].version
    assert client_of(people.officer).post(report.get_absolute_url(), data).status_code == 302
    report.refresh_from_db()
    assert report.activity == "Chữ của tôi."


def test_what_is_handed_in_is_not_written_any_more(people, moved, client_of):
    row = moved("submitted")
    with pytest.raises(StepRefused, match="đã nộp"):
        deeds.save_texts(report=row, texts=WORDS, version=row.version, by=people.officer)
    data = {"version": row.version, **WORDS}
    assert client_of(people.officer).post(row.get_absolute_url(), data).status_code == 409


def test_without_its_own_words_it_is_not_handed_in_and_nothing_is_half_done(people, report, client_of):
    with pytest.raises(ValidationError) as refusal:
        deeds.submit(report=report, by=people.head)
    assert set(refusal.value.message_dict) == {"activity", "assessment"}
    data = {"version": 1, "activity": "Khối họp.", "assessment": "", "proposals": "", "step": "submit"}
    page = client_of(people.head).post(report.get_absolute_url(), data)
    assert page.status_code == 422
    assert "Chưa viết đánh giá chung." in page.content.decode()
    report.refresh_from_db()
    assert (report.state, report.activity, report.data) == ("draft", "Khối họp.", None)


def test_saving_and_handing_in_are_one_press(people, report, client_of):
    data = {"version": 1, **WORDS, "step": "submit"}
    assert client_of(people.head).post(report.get_absolute_url(), data).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.activity, report.submitted_by) == ("submitted", WORDS["activity"], people.head)


def test_it_goes_back_with_a_reason_that_stands_on_top(people, moved, client_of):
    row = moved("submitted")
    with pytest.raises(NoteMissing):
        deeds.return_report(report=row, note="Thiếu.", by=people.reviewer)
    url = f"{row.get_absolute_url()}buoc/"
    answer = client_of(people.reviewer).post(url, {"step": "return", "version": row.version, "note": "Thiếu."})
    assert (answer.status_code, "Cần ít nhất 20 ký tự" in answer.content.decode()) == (422, True)
    answer = client_of(people.reviewer).post(url, {"step": "return", "version": row.version, "note": NOTE})
    assert answer.status_code == 302
    assert NOTE in client_of(people.officer).get(row.get_absolute_url()).content.decode()
    told = Notification.objects.filter(kind="cluster_report_returned").values_list("user", flat=True)
    assert set(told) == {people.officer.pk, people.head.pk}


# --- what it says -----------------------------------------------------------------------------------------------------


def test_a_ratio_of_the_cluster_is_sum_over_sum_and_never_a_mean(people, cluster, period_2024, unit_of):
    ratio = Indicator.objects.filter(kind="ratio", criterion__code="HT6").first()
    top, base = ratio.numerator.code, ratio.denominator.code
    for unit, part, whole in ((people.home, 10, 100), (people.other, 300, 300)):
        report_of(unit, period_2024, by=people.head, figures={top: part, base: whole})
    report_of(unit_of("xa-dao-san"), period_2024, by=people.member, figures={top: NO_DATA, base: 50})
    data = gather(cluster, period_2024)
    rows = {one["code"]: one for criterion in data["criteria"] for one in criterion["indicators"]}
    assert data["units"] == ["Nậm Xe", "Mường So", "Dào San"]
    assert Decimal(rows[ratio.code]["value"]) == Decimal("77.5")  # 310 of 400; the mean would be 55
    assert (rows[ratio.code]["given"], rows[ratio.code]["no_data"], rows[ratio.code]["asked"]) == (2, 1, 3)
    assert rows[base]["value"] == "450"


def test_only_accepted_reports_count_and_the_others_are_named(people, cluster, period_2024, unit_of):
    report_of(people.home, period_2024, by=people.head)
    report_of(people.other, period_2024, by=people.other_head, state=ReportState.SUBMITTED)
    data = gather(cluster, period_2024)
    assert data["units"] == ["Nậm Xe"]
    assert [(one["short_name"], one["role"], one["accepted"], one["state"]) for one in data["members"]] == [
        ("Nậm Xe", "Trưởng khối", True, "Đã chấp nhận"),
        ("Mường So", "Phó khối", False, "Đã nộp, chờ xem xét"),
        ("Dào San", "Thành viên", False, "Chưa nộp"),
    ]


def test_a_unit_that_left_before_the_due_date_is_not_in_that_year(people, cluster, period_2024):
    ClusterMember.objects.filter(unit=people.other).update(valid_to=clock.local(period_2024.due_at).date())
    assert [one["short_name"] for one in gather(cluster, period_2024)["members"]] == ["Nậm Xe", "Dào San"]


def test_what_was_handed_in_does_not_follow_later_changes(people, cluster, moved, period_2024, client_of):
    accepted = report_of(people.home, period_2024, by=people.head, figures={"HT6.dat_hien": 1200})
    row = moved("submitted")
    before, page = json.dumps(row.data, sort_keys=True), client_of(people.member).get(row.get_absolute_url())
    Recognition.objects.filter(figure__report=accepted).update(value=9)
    ClusterMember.objects.filter(unit=people.other).update(valid_to="2024-02-01")
    cluster.name = "Khối đã đổi tên"
    cluster.save()
    row.refresh_from_db()
    assert json.dumps(row.data, sort_keys=True) == before
    again = client_of(people.member).get(row.get_absolute_url())
    assert again.context["paper"] == page.context["paper"]
    assert "1.200" in again.context["paper"]
    assert json.dumps(gather(cluster, period_2024), sort_keys=True) != before


def test_the_paper_has_three_faces_with_the_same_words(people, moved, period_2024, client_of):
    report_of(people.home, period_2024, by=people.head, figures={"HT6.dat_hien": 1200})
    row = moved("submitted")
    files = {}
    for face in ("pdf", "docx", "xlsx"):
        answer = client_of(people.member).get(f"{row.get_absolute_url()}tep/{face}/")
        files[face] = b"".join(answer.streaming_content)
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (files["pdf"][:5], files["docx"][:2]) == (b"%PDF-", b"PK")
    book = load_workbook(io.BytesIO(files["xlsx"]))
    words = [
        str(cell.value) for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.value is not None
    ]
    assert "Khối họp hai lần." in words
    assert any("TRƯỞNG KHỐI" in one for one in words)
    assert "1200" in words
    assert client_of(people.member).get(f"{row.get_absolute_url()}tep/exe/").status_code == 404


# --- lists and work ---------------------------------------------------------------------------------------------------


def test_the_list_tells_a_member_nothing_of_a_draft(people, report, period_2024):
    rows = {who: [one for one in cluster_years(getattr(people, who)) if one.period == period_2024]
            for who in ("officer", "member", "reviewer", "lead")}  # fmt: skip
    assert [one.report for one in rows["officer"]] == [report]
    assert [(one.report, one.words, one.may_start) for one in rows["member"] + rows["reviewer"]] == [
        (None, "Chưa nộp", False)
    ] * 2
    assert rows["lead"] == []


def test_the_lead_has_it_among_its_work_from_the_day_the_period_opens(people, cluster):
    owed = [(one.what, one.button) for one in work_items(people.officer)]
    assert owed == [("Báo cáo Khối thi đua số 1 năm 2024", "Lập báo cáo khối")]
    assert list(work_items(people.other_officer)) == []


def test_the_lead_has_it_among_its_work_until_it_is_handed_in(people, moved):
    moved("draft")
    assert [one.button for one in work_items(people.officer)] == ["Viết tiếp"]
    moved("returned")
    assert [one.what for one in work_items(people.officer)] == ["Sửa báo cáo Khối thi đua số 1 năm 2024"]


def test_a_handed_in_report_is_no_work(people, moved):
    moved("submitted")
    assert list(work_items(people.officer)) == []


def test_three_members_and_thirty_cost_the_same(people, cluster, period_2024, queries):
    counts = []
    for first, more in ((0, 0), (0, 27)):
        for unit in communes(more, first=first):
            ClusterMember.objects.create(cluster=cluster, unit=unit, valid_from="2023-01-01")
            report_of(unit, period_2024, by=people.head)
        if not more:
            report_of(people.home, period_2024, by=people.head)
        with queries() as asked:
            gather(cluster, Period.objects.get(year=2024))
        counts.append(asked.count)
    assert counts[0] == counts[1]
    assert ClusterReport.objects.count() == 0
