"""Summaries in the browser: who may order, see, download; what the page says while a job waits, runs, fails, ends."""

import shutil
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from campaigns.models import Period
from phongtho_thidua.lib import clock, work
from reports import tasks
from reports.documents import making, snapshot, store
from reports.models import Face, IssuedFile, Job, JobState, Snapshot, Summary
from reports.services.summary import order_summary
from reports.views.files import TYPES
from tests.reports.filled import communes, report_of
from tests.reports.test_jobs import use_broker, wait_for_bells
from units import audit
from units.models import Membership, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def issued(settings, tmp_path, december):
    settings.ISSUED_DIR = tmp_path / "issued"
    return settings.ISSUED_DIR


@pytest.fixture
def reported(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.von_ke_hoach": 8650, "HT6.von_giai_ngan": 7958})


def draft_of(period, by):
    """The job of a summary that is done: a true snapshot, with files that only pages and downloads look at."""
    job = order_summary(period=period, by=by)
    assert job.claim()
    text = snapshot.take(period.pk)
    files = {face: f"the {face} of a draft".encode() for face in Face}
    made = making.Made(text, snapshot.digest_of(text), files)
    kept = {face: store.keep(content) for face, content in files.items()}
    result = making.deliver(Summary.objects.get(period=period), made, kept, by)
    assert job.finish(JobState.DONE, result=result)
    job.refresh_from_db()
    return job


@pytest.fixture
def finished(cast, reported, period_2024):
    return draft_of(period_2024, cast.reviewer)


@pytest.fixture
def carried_out(cast, reported, period_2024):
    """The job of a summary as the worker has done it, files and all."""
    job = order_summary(period=period_2024, by=cast.reviewer)
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    return job


def visit(client, user, name, *args, data=None):
    client.force_login(user)
    return client.get(reverse(f"reports:{name}", args=args), data)


def order(client, user, year=2024):
    client.force_login(user)
    return client.post(reverse("reports:order_summary", args=[year]))


# --- ordering ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "head", "lead", "admin", "nobody", "front_officer"])
def test_only_the_standing_office_orders_a_summary(client, cast, who):
    assert order(client, getattr(cast, who)).status_code == 403
    assert visit(client, getattr(cast, who), "summaries").status_code == 403
    assert not Job.objects.exists()
    assert not Summary.objects.exists()


def test_an_order_leads_to_the_page_of_the_summary_and_leaves_its_trace(client, cast, period_2024):
    response = order(client, cast.reviewer)
    summary = Summary.objects.get()
    assert (response.status_code, response.url) == (302, summary.get_absolute_url())
    assert [(event.actor_name, event.action) for event in audit.history_of(summary)] == [
        ("Hoàng Minh Đức", "order_summary")
    ]


def test_a_second_order_leads_to_the_running_job_and_leaves_no_second_trace(client, cast):
    order(client, cast.reviewer)
    order(client, cast.chief)
    assert Job.objects.count() == 1
    assert len(audit.history_of(Summary.objects.get())) == 1


def test_a_year_that_is_not_open_is_refused_in_words(client, cast):
    response = order(client, cast.reviewer, 2026)
    assert response.status_code == 409
    assert "Kỳ báo cáo năm 2026 chưa mở" in response.content.decode()
    assert order(client, cast.reviewer, 1999).status_code == 404


def test_an_order_is_answered_although_the_broker_is_down(
    client, cast, monkeypatch, django_capture_on_commit_callbacks
):
    use_broker(monkeypatch, "redis://127.0.0.1:1/0")
    with django_capture_on_commit_callbacks(execute=True):
        response = order(client, cast.reviewer)
    assert response.status_code == 302
    Job.objects.update(created_at=clock.machine_now() - timedelta(seconds=31))
    page = client.get(response.url).content.decode()
    assert "Đang chờ bộ xử lý nền. Việc vẫn xếp hàng và sẽ chạy khi bộ xử lý hoạt động lại." in page
    wait_for_bells()


def test_an_order_by_get_is_refused(client, cast):
    assert visit(client, cast.reviewer, "order_summary", 2024).status_code == 405


# --- the job --------------------------------------------------------------------------------------------------------


def test_the_right_to_order_is_asked_again_when_the_job_runs(cast, period_2024):
    job = order_summary(period=period_2024, by=cast.reviewer)
    Membership.objects.filter(user=cast.reviewer).update(valid_to=clock.today())
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error.startswith("Người đặt lập không còn quyền")
    assert not Snapshot.objects.exists()


@pytest.mark.slow
def test_a_finished_job_brings_one_draft_with_three_faces_a_trace_and_a_message(cast, carried_out):
    draft = Snapshot.objects.get(pk=carried_out.result["snapshot"])
    assert draft.number == 1
    assert draft.ordered_by == cast.reviewer
    assert sorted(draft.files.values_list("face", flat=True)) == ["docx", "pdf", "xlsx"]
    assert carried_out.done == len(carried_out.steps) == 16
    assert [(event.actor_name, event.action) for event in audit.history_of(draft.summary)] == [
        ("Hệ thống", "finish_summary"),
        ("Hoàng Minh Đức", "order_summary"),
    ]
    message = Notification.objects.get()
    assert (message.user, message.text, message.url) == (
        cast.reviewer,
        "Báo cáo tổng hợp năm 2024 đã lập xong, dự thảo 1.",
        draft.summary.get_absolute_url(),
    )


def test_a_job_that_fails_leaves_no_draft_but_a_reason_for_the_one_who_ordered(cast, reported, period_2024, issued):
    issued.write_text("a file where the folder should be")
    job = order_summary(period=period_2024, by=cast.reviewer)
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not Snapshot.objects.exists()
    assert [event.action for event in audit.history_of(Summary.objects.get())] == ["fail_summary", "order_summary"]
    assert Notification.objects.get().text == f"Báo cáo tổng hợp năm 2024 chưa lập được. {job.error}"


def test_a_second_draft_counts_on_and_the_first_stays(client, cast, finished, period_2024):
    draft_of(period_2024, cast.reviewer)
    assert list(Snapshot.objects.values_list("number", flat=True)) == [2, 1]
    summary = Summary.objects.get()
    assert "Dự thảo 2" in visit(client, cast.reviewer, "summary", summary.pk).content.decode()
    first = visit(client, cast.reviewer, "summary", summary.pk, data={"ban": "1"})
    assert first.context["draft"].number == 1
    for wrong in ("3", "x", "9" * 30):
        assert visit(client, cast.reviewer, "summary", summary.pk, data={"ban": wrong}).status_code == 404


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_stranger_to_the_standing_office_finds_no_summary_no_file_and_no_job(client, cast, finished):
    summary, file = Summary.objects.get(), IssuedFile.objects.first()
    for who in (cast.officer, cast.head, cast.lead, cast.admin, cast.nobody):
        addresses = [
            ("summary", summary.pk),
            ("issued_file", file.pk),
            ("job", finished.pk),
            ("job_state", finished.pk),
        ]
        assert [visit(client, who, *address).status_code for address in addresses] == [404] * 4, who.username


def test_the_page_shows_the_paper_its_files_and_its_history(client, cast, finished):
    page = visit(client, cast.reviewer, "summary", Summary.objects.get().pk).content.decode()
    assert "Số chốt lúc 09:00, 02/12/2024" in page
    assert "II. Kết quả phát triển kết cấu hạ tầng" in page
    assert [f"Tải {face}" in page for face in ("PDF", "Word", "Excel")] == [True] * 3
    assert "lập xong dự thảo 1" in page
    assert 'aria-label="Tiến độ"' not in page


def test_a_figure_leads_to_the_reports_it_comes_from(client, cast, finished):
    page = visit(client, cast.reviewer, "summary", Summary.objects.get().pk, data={"so": "HT6.von_giai_ngan"})
    origin = page.context["origin"]
    assert (str(origin.total), origin.given, origin.asked) == ("7.958", 1, 33)
    assert [(one.unit, str(one.answer)) for one in origin.sources] == [("Nậm Xe", "7.958")]
    assert "?ban=1&amp;so=HT6.von_giai_ngan" in page.content.decode()
    unknown = visit(client, cast.reviewer, "summary", Summary.objects.get().pk, data={"so": "<script>"})
    assert (unknown.status_code, unknown.context["origin"]) == (200, None)


def test_the_panel_tells_how_far_the_job_is(client, cast, period_2024):
    job = order_summary(period=period_2024, by=cast.reviewer)
    assert "Đã xếp hàng, sắp chạy." in visit(client, cast.reviewer, "job", job.pk).content.decode()
    job.claim()
    job.beat(steps=["Một", "Hai", "Ba"], done=1)
    page = visit(client, cast.reviewer, "job_state", job.pk)
    assert "Đang lập, 1 trên 3 phần. Có thể rời trang." in page.content.decode()
    assert [step.tone for step in page.context["job"].sections] == ["done", "work", "idle"]
    assert 'hx-trigger="every 2s"' in page.content.decode()


def test_a_poll_without_news_is_empty(client, cast, period_2024):
    job = order_summary(period=period_2024, by=cast.reviewer)
    mark = visit(client, cast.reviewer, "job_state", job.pk).context["job"].mark
    assert visit(client, cast.reviewer, "job_state", job.pk, data={"seen": mark}).status_code == 204
    job.claim()
    assert visit(client, cast.reviewer, "job_state", job.pk, data={"seen": mark}).status_code == 200


def test_the_panel_of_a_finished_job_asks_no_more_and_gives_the_files(client, cast, finished):
    page = visit(client, cast.reviewer, "job_state", finished.pk)
    assert "hx-get" not in page.content.decode()
    labels = [file.label for file in page.context["job"].files]
    assert labels == ["Xem dự thảo 1", "Tải PDF", "Tải Word", "Tải Excel"]


def test_a_failed_job_says_why_and_can_be_run_again(client, cast, period_2024):
    job = order_summary(period=period_2024, by=cast.reviewer)
    job.claim()
    job.finish(JobState.FAILED, error="Chưa lập được phần “Khen thưởng”.")
    page = visit(client, cast.reviewer, "summary", Summary.objects.get().pk).content.decode()
    assert "Chưa lập được phần “Khen thưởng”." in page
    assert f'action="{reverse("reports:order_summary", args=[2024])}"' in page
    assert order(client, cast.reviewer).status_code == 302
    assert Job.objects.active().count() == 1


def test_who_lost_the_right_still_follows_the_job_but_gets_no_files(client, cast, finished):
    Membership.objects.filter(user=cast.reviewer).update(valid_to=clock.today())
    page = visit(client, cast.reviewer, "job", finished.pk)
    assert (page.status_code, page.context["job"].files) == (200, [])
    assert visit(client, cast.reviewer, "issued_file", IssuedFile.objects.first().pk).status_code == 404


@pytest.mark.parametrize("face", ["pdf", "docx", "xlsx"])
def test_a_file_is_an_attachment_in_a_sandbox_with_its_vietnamese_name(client, cast, finished, face):
    response = visit(client, cast.reviewer, "issued_file", IssuedFile.objects.get(face=face).pk)
    content = b"".join(response.streaming_content)
    assert response["Content-Type"] == TYPES[face]
    disposition, _, name = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert (disposition, unquote(name)) == ("attachment", f"Báo cáo tổng hợp năm 2024, dự thảo 1.{face}")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert len(content) == IssuedFile.objects.get(face=face).size


@pytest.mark.slow
def test_the_pdf_of_a_job_carries_the_mark_of_its_snapshot(client, cast, carried_out):
    response = visit(client, cast.reviewer, "issued_file", IssuedFile.objects.get(face="pdf").pk)
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(b"".join(response.streaming_content))).pages)
    digest = Snapshot.objects.get().digest
    assert f"Mã đối chiếu: {digest[:4]} {digest[4:8]}" in " ".join(text.split())


def test_a_file_that_is_gone_is_a_page_in_words(client, cast, finished, issued):
    shutil.rmtree(issued)
    response = visit(client, cast.reviewer, "issued_file", IssuedFile.objects.get(face="pdf").pk)
    assert response.status_code == 404
    assert "Tệp PDF của Báo cáo tổng hợp năm 2024, dự thảo 1 không còn trên máy chủ." in response.content.decode()


def test_the_list_shows_every_opened_year_with_what_comes_next(client, cast, finished):
    page = visit(client, cast.reviewer, "summaries")
    assert [row.period.year for row in page.context["years"]] == [2024, 2023, 2022]
    assert [row.draft.number if row.draft else None for row in page.context["years"]] == [1, None, None]
    assert [(row.words, row.tone) for row in page.context["years"]] == [
        ("Đã lập xong", "done"),
        ("Chưa lập", "idle"),
        ("Chưa lập", "idle"),
    ]
    assert "Lập dự thảo mới" in page.content.decode()


def queries_of(client, *address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(*address[:1], args=address[1:])).status_code == 200
    return len(queries)


def test_list_and_page_cost_the_same_for_one_and_thirty_units(client, cast, finished, period_2024):
    client.force_login(cast.reviewer)
    addresses = [("reports:summaries",), ("reports:summary", Summary.objects.get().pk)]
    for_one = [queries_of(client, *address) for address in addresses]
    for unit in communes(30):
        report_of(unit, period_2024, by=cast.chief)
    draft_of(period_2024, cast.reviewer)
    for year in (2022, 2023):
        order_summary(period=Period.objects.get(year=year), by=cast.reviewer)
    assert [queries_of(client, *address) for address in addresses] == for_one


def test_the_home_page_of_the_standing_office_tells_what_is_made_done_and_failed(cast, finished, period_2024):
    def told(user):
        return [(item.group.value, item.what) for item in work.items_for(user) if "tổng hợp" in item.what]

    assert told(cast.reviewer) == [("done", "Báo cáo tổng hợp năm 2024 đã lập xong")]
    assert told(cast.officer) == []
    job = order_summary(period=period_2024, by=cast.reviewer)
    assert told(cast.reviewer) == [("waiting", "Báo cáo tổng hợp năm 2024 đang lập")]
    job.claim()
    job.finish(JobState.FAILED, error="x")
    assert told(cast.reviewer) == [("todo", "Báo cáo tổng hợp năm 2024 chưa lập được")]
