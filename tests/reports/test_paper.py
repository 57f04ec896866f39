"""A report entered from signed paper by Phòng Nội vụ, and the empty form for those who fill in by hand."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as WordFile
from PIL import Image

from criteria.models import Criterion
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.models import AnnualReport
from reports.services import annual, answers, paper
from units.models import Attachment, AuditEvent, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

SIGNED = "Giám đốc Nguyễn Văn Bình ký, đóng dấu ngày 02/12/2024."


@pytest.fixture(autouse=True)
def files_here(settings, tmp_path):
    settings.FILES_DIR = tmp_path


def scan(name="ban-giay.png"):
    content = BytesIO()
    Image.new("L", (20, 30), 255).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


@pytest.fixture
def entered(cast, period_2024):
    """The report of the company, whose head has no account, as Phòng Nội vụ begins it from paper."""
    return paper.enter_from_paper(unit=cast.company, period=period_2024, scan=scan(), by=cast.reviewer)


@pytest.fixture
def whole(entered, cast, complete):
    signed = {"saved_by": cast.reviewer}
    complete(entered)
    entered.entries.update(**signed)
    entered.figures.update(**signed)
    return entered


# ---- refusals


@pytest.mark.parametrize("who", ["officer", "head", "other_head", "lead", "admin", "nobody"])
def test_only_the_standing_office_enters_for_others(cast, period_2024, who):
    with pytest.raises(PermissionDenied, match="Chỉ Phòng Nội vụ nhập thay được"):
        paper.enter_from_paper(unit=cast.company, period=period_2024, scan=scan(), by=getattr(cast, who))
    assert not AnnualReport.objects.exists()


def test_its_own_report_is_written_as_everybody_writes_theirs(cast, period_2024):
    unit = cast.reviewer.posts[0].unit
    with pytest.raises(StepRefused, match="Báo cáo của chính Phòng Nội vụ"):
        paper.enter_from_paper(unit=unit, period=period_2024, scan=scan(), by=cast.reviewer)


@pytest.mark.parametrize("content", [b"", b"khong phai anh"])
def test_what_is_no_scan_begins_nothing(cast, period_2024, content):
    with pytest.raises(ValidationError):
        paper.enter_from_paper(
            unit=cast.company, period=period_2024, scan=SimpleUploadedFile("a.pdf", content), by=cast.reviewer
        )
    assert (AnnualReport.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_unit_that_has_begun_keeps_its_own(cast, begun, period_2024):
    with pytest.raises(annual.AlreadyStarted):
        paper.enter_from_paper(unit=cast.home, period=period_2024, scan=scan(), by=cast.reviewer)
    assert Attachment.objects.count() == 0


def test_the_page_says_what_is_missing_and_keeps_nothing(client_of, cast):
    url = reverse("reports:enter_paper", args=[2024, cast.company.pk])
    page = client_of(cast.reviewer).post(url)
    assert (page.status_code, page.context["form"].errors["scan"]) == (
        422, ["Chưa chọn tệp quét hoặc ảnh chụp bản giấy."],
    )  # fmt: skip
    page = client_of(cast.reviewer).post(url, {"scan": SimpleUploadedFile("a.pdf", b"a")})
    assert page.status_code == 422


# ---- entering


def test_the_report_says_who_entered_it_and_keeps_the_paper(entered, cast):
    assert (entered.entered_by, entered.paper.unit, entered.state) == (cast.reviewer, cast.company, "draft")
    assert AuditEvent.objects.get(action="start").label == "nhập thay báo cáo năm 2024 từ bản giấy “ban-giay.png”"
    assert list(Notification.objects.values_list("user", flat=True)) == [cast.company_officer.pk]


def test_the_standing_office_types_and_the_unit_too(entered, cast, client_of):
    entry = entered.entries.select_related("criterion", "report__period").first()
    url = reverse("reports:save_entry", args=[entered.pk, entry.pk])
    data = {f"{entry.key}-narrative": "Theo bản giấy", "version": "1"}
    assert client_of(cast.reviewer).post(url, data).status_code == 200
    data = {f"{entry.key}-narrative": "Theo bản giấy, đã đọc lại", "version": "2"}
    assert client_of(cast.company_officer).post(url, data).status_code == 200
    assert client_of(cast.officer).post(url, data).status_code == 404
    entry.refresh_from_db()
    assert entry.narrative == "Theo bản giấy, đã đọc lại"


def test_typing_for_a_unit_costs_no_more_than_typing_for_ones_own(entered, cast, client_of, queries):
    entry, client = entered.entries.first(), client_of(cast.reviewer)
    url = reverse("reports:save_entry", args=[entered.pk, entry.pk])
    with queries() as asked:
        client.post(url, {f"{entry.key}-narrative": "Theo bản giấy", "version": "1"})
    assert asked.count <= 8  # session, person, posts, mandates, own?, the answer, write, re-read


def test_a_unit_s_own_draft_stays_closed_to_the_standing_office(begun, cast, entry_of):
    with pytest.raises(PermissionDenied):
        answers.save_entry(entry=entry_of("HT1"), data={"narrative": "a"}, version=1, by=cast.reviewer)


@pytest.mark.parametrize("who", ["company_officer", "reviewer", "chief"])
def test_everybody_who_reads_it_is_told_where_it_comes_from(entered, cast, client_of, who):
    for name in ("reports:report", "reports:printed"):
        page = client_of(getattr(cast, who)).get(reverse(name, args=[entered.pk])).content.decode()
        assert "Phòng Nội vụ nhập từ bản giấy ngày 02/12/2024; thủ trưởng xác nhận và nộp" in page
        assert "ban-giay.png" in page


# ---- handing in


def test_the_head_confirms_by_submitting(whole, cast, account):
    head = account("giam.doc", "head", cast.company)
    report = annual.submit(report=whole, by=head)
    assert (report.state, report.submitted_by, report.entered_by) == ("submitted", head, cast.reviewer)


def test_where_the_head_has_an_account_nobody_hands_in_instead(whole, cast, account):
    account("giam.doc", "head", cast.company)
    with pytest.raises(PermissionDenied, match="khi thủ trưởng đơn vị không có tài khoản"):
        paper.submit_paper(report=whole, note=SIGNED, by=cast.reviewer)


@pytest.mark.parametrize("who", ["company_officer", "officer", "lead", "admin", "nobody"])
def test_only_the_standing_office_hands_in_paper(whole, cast, who):
    with pytest.raises(PermissionDenied):
        paper.submit_paper(report=whole, note=SIGNED, by=getattr(cast, who))


def test_a_report_that_is_not_from_paper_is_never_handed_in_so(ready, cast):
    with pytest.raises(PermissionDenied):
        paper.submit_paper(report=ready, note=SIGNED, by=cast.reviewer)


def test_handing_in_needs_to_say_who_signed(whole, cast):
    with pytest.raises(NoteMissing):
        paper.submit_paper(report=whole, note="đã ký", by=cast.reviewer)


def test_an_incomplete_report_is_not_handed_in(entered, cast, client_of):
    page = client_of(cast.reviewer).post(
        reverse("reports:submit_paper", args=[entered.pk]), {"step": "submit_paper", "note": SIGNED}
    )
    assert page.status_code == 422
    entered.refresh_from_db()
    assert (entered.state, entered.paper_note) == ("draft", "")


def test_handed_in_from_paper_it_says_so_on_every_page(whole, cast, client_of):
    answer = client_of(cast.chief).post(
        reverse("reports:submit_paper", args=[whole.pk]), {"step": "submit_paper", "note": SIGNED}
    )
    assert answer.status_code == 302
    whole.refresh_from_db()
    assert (whole.state, whole.submitted_by, whole.paper_note) == ("submitted", cast.chief, SIGNED)
    assert whole.receipt
    for name in ("reports:report", "reports:printed"):
        page = client_of(cast.company_officer).get(reverse(name, args=[whole.pk])).content.decode()
        assert SIGNED in page


@pytest.mark.parametrize("state", ["submitted", "reviewing", "returned", "accepted"])
def test_from_other_states_paper_is_not_handed_in(whole, cast, state):
    signed = {"submitted_by": cast.chief, "submitted_at": whole.prepared_at}
    reviewed = {"reviewed_by": cast.chief, "reviewed_at": whole.prepared_at}
    AnnualReport.objects.filter(pk=whole.pk).update(state=state, **signed, **reviewed)
    with pytest.raises(StepRefused):
        paper.submit_paper(report=whole, note=SIGNED, by=cast.reviewer)


def test_who_entered_or_handed_in_does_not_review(whole, cast, account):
    paper.submit_paper(report=whole, note=SIGNED, by=cast.chief)
    third = account("nguoi.khac", "officer", cast.reviewer.posts[0].unit)
    for person, allowed in ((cast.reviewer, False), (cast.chief, False), (third, True)):
        report = AnnualReport.objects.get(pk=whole.pk)
        assert person.has_perm("reports.review_report", report) is allowed


# ---- the empty form


def words_of(answer):
    file = WordFile(BytesIO(answer.content))
    cells = (cell.text for table in file.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(paragraph.text for paragraph in file.paragraphs), *cells))


@pytest.mark.parametrize(("kind", "code", "absent"), [("commune", "HT6", "TC1"), ("enterprise", "TC1", "HT6")])
def test_the_form_holds_the_official_wording_of_what_a_kind_is_asked(client_of, cast, kind, code, absent):
    words = words_of(client_of(cast.officer).get(reverse("reports:blank_form", args=[kind, 2024]), {"dang": "docx"}))
    assert Criterion.objects.get(code=code).wording in words
    assert f"{absent}." not in words
    for part in ("□ Không áp dụng", "□ Chưa có", "Kết quả thực hiện:", "Tự đánh giá", "THỦ TRƯỞNG ĐƠN VỊ"):
        assert part in words


def test_the_form_as_pdf(client_of, cast):
    answer = client_of(cast.officer).get(reverse("reports:blank_form", args=["commune", 2024]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="mau-bao-cao-2024-xa.pdf"' in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (("khong-co", 2024), {}),
        (("commune", 1999), {}),
        (("commune", 2024), {"dang": "exe"}),
        (("commune", 2024), {"don-vi": "abc"}),
        (("commune", 2024), {"don-vi": "999999"}),
    ],
)
def test_a_form_that_does_not_exist_is_not_found(client_of, cast, path, query):
    assert client_of(cast.officer).get(reverse("reports:blank_form", args=path), query).status_code == 404


def test_last_years_answers_stand_only_on_forms_of_ones_own_unit(client_of, cast):
    from campaigns.models import Period
    from tests.reports.filled import report_of

    period = Period.objects.get(year=2023)
    report_of(cast.home, period, by=cast.head, figures={"HT6.von_ke_hoach": "8650.5"})
    url, query = reverse("reports:blank_form", args=["commune", 2024]), {"dang": "docx", "don-vi": cast.home.pk}
    words = words_of(client_of(cast.officer).get(url, query))
    assert "8.650,5 triệu đồng" in words
    assert "Năm 2023" in words
    assert client_of(cast.other_officer).get(url, query).status_code == 404
