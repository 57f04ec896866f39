"""Evidence: who keeps and lays it, when it may change, what an edition proves, and what never goes missing."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from phongtho_thidua.lib.workflow import StepRefused
from reports.models import Evidence, EvidenceUse, ReportState, Verification
from reports.services import annual
from reports.services import evidence as deeds
from tests.lib import hostile
from units.models import Attachment, AuditEvent, StoredFile

pytestmark = pytest.mark.django_db

SPENT = "HT6.von_giai_ngan"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_KEPT_FREE = 0
    return settings.FILES_DIR


def pdf(name="Biên bản nghiệm thu.pdf", data=None):
    return SimpleUploadedFile(name, data or hostile.pdf())


@pytest.fixture
def piece(cast, december):
    """A file of xã Nậm Xe."""
    return deeds.add_file(unit=cast.home, upload=pdf(), by=cast.officer)


@pytest.fixture
def number(cast, december):
    return deeds.add_reference(unit=cast.home, by=cast.officer, title="Báo cáo quyết toán", document="214/BC-UBND")


def traces(action):
    return AuditEvent.objects.filter(action=action).count()


# --- keeping ----------------------------------------------------------------------------------------------------------

KEEPERS = {"officer", "head"}
PEOPLE = ["officer", "head", "other_officer", "other_head", "company_officer", "lead", "reviewer", "admin", "nobody"]


@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_unit_keeps_renames_and_removes_its_evidence(cast, piece, who):
    by = getattr(cast, who)
    todo = [
        lambda: deeds.add_file(unit=cast.home, upload=pdf("Khác.pdf"), by=by),
        lambda: deeds.add_reference(unit=cast.home, document="1/QĐ", by=by),
        lambda: deeds.rename(evidence=piece, title="Tên mới", by=by),
        lambda: deeds.remove(evidence=piece, by=by),
    ]
    for deed in todo:
        if who in KEEPERS:
            deed()
        else:
            with pytest.raises(PermissionDenied, match="Chỉ cán bộ đầu mối hoặc thủ trưởng"):
                deed()
    left = {"Khác.pdf", "1/QĐ"} if who in KEEPERS else {piece.title}
    assert set(Evidence.objects.values_list("title", flat=True)) == left


def test_a_refused_file_leaves_no_piece(cast, december):
    with pytest.raises(ValidationError, match=r"có mật khẩu bảo vệ\. Bỏ mật khẩu rồi tải lại\."):
        deeds.add_file(unit=cast.home, upload=pdf(data=hostile.locked_pdf()), by=cast.officer)
    assert not Evidence.objects.exists()


def test_what_goes_takes_its_row_of_the_file_along_but_not_the_bytes_of_another(cast, piece):
    theirs = deeds.add_file(unit=cast.other, upload=pdf(), by=cast.other_officer)
    deeds.remove(evidence=piece, by=cast.officer)
    assert list(Attachment.objects.all()) == [theirs.attachment]
    assert StoredFile.objects.count() == 1
    with pytest.raises(StepRefused, match="vừa được gỡ"):
        deeds.rename(evidence=piece, title="Muộn", by=cast.head)


# --- laying it beside an answer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_unit_lays_evidence_beside_its_answers(cast, piece, figure_of, who):
    by, figure = getattr(cast, who), figure_of(SPENT)
    if who in KEEPERS:
        use = deeds.attach(evidence=piece, answer=figure, by=by)
        deeds.detach(use=use, by=by)
        assert (traces("attach"), traces("detach")) == (2, 1)  # one of them is the upload
    else:
        with pytest.raises(PermissionDenied):
            deeds.attach(evidence=piece, answer=figure, by=by)
    assert not EvidenceUse.objects.exists()


@pytest.mark.parametrize("state", ReportState.values)
def test_evidence_changes_only_while_the_answer_is_open(cast, piece, number, moved, figure_of, state):
    use = deeds.attach(evidence=number, answer=figure_of(SPENT), by=cast.officer)
    report = moved(state)
    figure = figure_of(SPENT)
    if state == "draft" or figure.reopened:
        deeds.attach(evidence=piece, answer=figure, by=cast.officer)
        deeds.detach(use=use, by=cast.officer)
        left = [piece.pk]
    else:
        for deed in (
            lambda: deeds.attach(evidence=piece, answer=figure, by=cast.officer),
            lambda: deeds.detach(use=use, by=cast.officer),
        ):
            with pytest.raises(StepRefused):
                deed()
        left = [number.pk]
    assert list(report.evidence_uses.values_list("evidence", flat=True)) == left


def test_of_a_returned_report_only_what_was_named_opens_again(cast, piece, moved, begun):
    report = moved("submitted")
    report.figures.update(reopened=False)
    type(report).objects.filter(pk=report.pk).update(state="returned")
    shut, opened = list(begun.figures.select_related("report__period", "indicator__criterion")[:2])
    opened.reopened = True
    opened.save(update_fields=["reopened"])
    with pytest.raises(StepRefused):
        deeds.attach(evidence=piece, answer=shut, by=cast.officer)
    assert deeds.attach(evidence=piece, answer=opened, by=cast.officer).figure == opened


def test_one_piece_serves_many_answers_and_lies_beside_each_once(cast, piece, figure_of, entry_of):
    for answer in (figure_of(SPENT), figure_of(SPENT), entry_of("HT6")):
        deeds.attach(evidence=piece, answer=answer, by=cast.officer)
    assert piece.uses.count() == 2


def test_another_units_piece_is_nobodys_proof(cast, begun, figure_of):
    theirs = deeds.add_reference(unit=cast.other, document="1/QĐ", by=cast.other_officer)
    with pytest.raises(PermissionDenied):
        deeds.attach(evidence=theirs, answer=figure_of(SPENT), by=cast.officer)


def test_a_report_has_its_measure_and_counts_bytes_once(cast, settings, piece, figure_of, entry_of):
    settings.REPORT_QUOTA = piece.attachment.file.size + 100
    deeds.attach(evidence=piece, answer=figure_of(SPENT), by=cast.officer)
    deeds.attach(evidence=piece, answer=entry_of("HT6"), by=cast.officer)
    more = deeds.add_file(unit=cast.home, upload=pdf("Khác.pdf", hostile.pdf(b"<<>>")), by=cast.officer)
    with pytest.raises(ValidationError, match="Minh chứng của một báo cáo nhiều nhất"):
        deeds.attach(evidence=more, answer=entry_of("HT1"), by=cast.officer)


# --- what an edition proves -------------------------------------------------------------------------------------------


def test_an_edition_names_what_lay_beside_it_and_that_is_not_removed(cast, piece, number, ready, figure_of, entry_of):
    use = deeds.attach(evidence=piece, answer=figure_of(SPENT), by=cast.officer)
    deeds.attach(evidence=number, answer=entry_of("HT6"), by=cast.officer)
    annual.submit(report=ready, by=cast.head)
    frozen = json.loads(ready.versions.get().data)["evidence"]
    assert frozen[SPENT][0]["file"] == piece.attachment.file.digest
    assert frozen["HT6"][0]["number"] == "214/BC-UBND"
    piece, number = (deeds.rename(evidence=one, title="Tên khác", by=cast.head) for one in (piece, number))
    for taken in (piece, number):
        with pytest.raises(StepRefused, match="bản thứ 1"):
            deeds.remove(evidence=taken, by=cast.officer)
    ready.refresh_from_db()
    annual.withdraw(report=ready, by=cast.head)
    deeds.detach(use=use, by=cast.officer)
    with pytest.raises(StepRefused, match="phải giữ"):  # the first edition still names it
        deeds.remove(evidence=piece, by=cast.officer)
    assert Evidence.objects.count() == 2


def test_what_only_a_draft_uses_goes_and_leaves_the_draft(cast, piece, figure_of):
    deeds.attach(evidence=piece, answer=figure_of(SPENT), by=cast.officer)
    deeds.remove(evidence=piece, by=cast.officer)
    assert not EvidenceUse.objects.exists()


# --- who reads --------------------------------------------------------------------------------------------------------


def test_a_lead_reads_what_proves_the_figures_of_its_own_sector_only(cast, client_of, piece, number, ready, figure_of):
    lead = client_of(cast.lead)
    file = piece.attachment.get_absolute_url()
    deeds.attach(evidence=piece, answer=figure_of(SPENT), by=cast.officer)
    assert lead.get(file).status_code == 404
    annual.submit(report=ready, by=cast.head)
    assert Verification.objects.filter(figure__indicator__code=SPENT, sector__in=cast.lead.led_sectors).exists()
    assert lead.get(file).status_code == 200
    EvidenceUse.objects.all().delete()
    other = ready.figures.exclude(verification__sector__in=cast.lead.led_sectors).first()
    EvidenceUse.objects.create(evidence=piece, report=ready, figure=other, added_by=cast.officer)
    assert lead.get(file).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("head", 200), ("other_officer", 404), ("nobody", 404), ("admin", 404)])
def test_a_strangers_file_is_not_there(cast, client_of, piece, who, status):
    assert client_of(getattr(cast, who)).get(piece.attachment.get_absolute_url()).status_code == status
    assert client_of(getattr(cast, who)).get(f"/minh-chung/{piece.pk}/").status_code == status


# --- pages ------------------------------------------------------------------------------------------------------------


def sent(client, url, **data):
    return client.post(url, data)


def test_several_files_and_a_number_are_laid_beside_a_figure_in_one_go(cast, client_of, begun, figure_of):
    client, figure = client_of(cast.officer), figure_of(SPENT)
    url = f"/bao-cao/{begun.pk}/minh-chung/{figure.key}/"
    files = [pdf("Một.pdf"), pdf("Hai.pdf", hostile.pdf(b"<<>>"))]
    answer = sent(client, url, files=files, document="214/BC-UBND", title="Báo cáo quyết toán")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/bao-cao/{begun.pk}/#{figure.key}")
    page = client.get(f"/bao-cao/{begun.pk}/").content.decode()
    assert all(name in page for name in ("Một.pdf", "Hai.pdf", "Báo cáo quyết toán", "214/BC-UBND"))
    assert "Thêm, bỏ minh chứng…" in page
    assert "Báo cáo quyết toán, 214/BC-UBND" in client.get(f"/bao-cao/{begun.pk}/ban-in/").content.decode()


def test_a_refused_file_is_told_at_its_place_and_stops_no_other(cast, client_of, begun, figure_of):
    client, figure = client_of(cast.officer), figure_of(SPENT)
    files = [pdf("Khóa.pdf", hostile.locked_pdf()), pdf("Tốt.pdf"), pdf("Trống.pdf", b"")]
    answer = sent(client, f"/bao-cao/{begun.pk}/minh-chung/{figure.key}/", files=files, title="", link="khong phai")
    assert answer.status_code == 422
    assert not Evidence.objects.exists()  # a link that is none is asked for again before anything is taken
    files = [pdf("Khóa.pdf", hostile.locked_pdf()), pdf("Tốt.pdf"), pdf("Trống.pdf", b"x")]
    answer = sent(client, f"/bao-cao/{begun.pk}/minh-chung/{figure.key}/", files=files)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Khóa.pdf: Không nhận tệp này: có mật khẩu bảo vệ. Bỏ mật khẩu rồi tải lại." in page
    assert "Trống.pdf: Không nhận tệp này: tệp trống" in page
    assert list(begun.evidence_uses.values_list("evidence__title", flat=True)) == ["Tốt.pdf"]


def test_eleven_files_are_one_too_many(cast, client_of, begun, figure_of):
    files = [pdf(f"{n}.pdf") for n in range(11)]
    answer = sent(client_of(cast.officer), f"/bao-cao/{begun.pk}/minh-chung/{figure_of(SPENT).key}/", files=files)
    assert answer.status_code == 422
    assert "nhiều nhất 10 tệp" in answer.content.decode()


def test_a_piece_that_is_there_can_be_chosen_and_taken_away_again(cast, client_of, begun, piece, figure_of):
    client, figure = client_of(cast.officer), figure_of(SPENT)
    url = f"/bao-cao/{begun.pk}/minh-chung/{figure.key}/"
    assert piece.title in client.get(url).content.decode()
    assert sent(client, url, pieces=[piece.pk]).status_code == 302
    use = begun.evidence_uses.get()
    assert client.post(f"/bao-cao/{begun.pk}/minh-chung/bo/{use.pk}/").status_code == 302
    assert not begun.evidence_uses.exists()
    assert Evidence.objects.get() == piece


@pytest.mark.parametrize(
    "key", ["figure-0", "figure-x", "entry-", "ratio-1", "figure-99999999999999999999", "figure-²"]
)
def test_nonsense_in_the_address_is_nothing(cast, client_of, begun, key):
    assert client_of(cast.officer).get(f"/bao-cao/{begun.pk}/minh-chung/{key}/").status_code == 404


def test_nobody_chooses_a_piece_of_another_unit(cast, client_of, begun, figure_of):
    theirs = deeds.add_reference(unit=cast.other, document="1/QĐ", by=cast.other_officer)
    answer = sent(
        client_of(cast.officer), f"/bao-cao/{begun.pk}/minh-chung/{figure_of(SPENT).key}/", pieces=[theirs.pk]
    )
    assert answer.status_code == 422
    assert not EvidenceUse.objects.exists()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "ftp://a.vn/x", "https://[::1", "http://"])
def test_a_link_leads_to_a_page_and_nowhere_else(cast, client_of, december, link):
    assert sent(client_of(cast.officer), "/minh-chung/", link=link).status_code == 422
    assert not Evidence.objects.exists()


def test_what_is_shut_says_why_and_takes_nothing(cast, client_of, moved, figure_of):
    report, client, figure = moved("submitted"), client_of(cast.officer), figure_of(SPENT)
    url = f"/bao-cao/{report.pk}/minh-chung/{figure.key}/"
    page = client.get(url).content.decode()
    assert "Báo cáo đã nộp" in page
    assert 'type="file"' not in page
    assert sent(client, url, files=[pdf()]).status_code == 409
    assert not Evidence.objects.exists()


def test_figures_without_evidence_are_listed_for_the_unit_and_the_reviewer(cast, client_of, ready, piece, figure_of):
    deeds.attach(evidence=piece, answer=figure_of(SPENT), by=cast.officer)
    values = ready.figures.filter(answer="value").count()
    page = client_of(cast.officer).get(f"/bao-cao/{ready.pk}/minh-chung/")
    rows = [line.figure.indicator.code for _, line in page.context["rows"]]
    assert len(rows) == values - 1
    assert SPENT not in rows
    assert client_of(cast.reviewer).get(f"/bao-cao/{ready.pk}/minh-chung/").status_code == 403  # still being written
    annual.submit(report=ready, by=cast.head)
    assert len(client_of(cast.reviewer).get(f"/bao-cao/{ready.pk}/minh-chung/").context["rows"]) == values - 1


def test_pages_cost_the_same_with_one_piece_and_with_forty(cast, client_of, begun, piece, figure_of, queries):
    client, figure = client_of(cast.officer), figure_of(SPENT)
    deeds.attach(evidence=piece, answer=figure, by=cast.officer)
    urls = ["/minh-chung/", f"/bao-cao/{begun.pk}/", f"/bao-cao/{begun.pk}/minh-chung/", f"/bao-cao/{begun.pk}/ban-in/"]
    urls.append(f"/bao-cao/{begun.pk}/minh-chung/{figure.key}/")
    few = []
    for url in urls:
        with queries() as asked:
            client.get(url)
        few.append(asked.count)
    answers = list(begun.figures.select_related("report__period", "indicator__criterion"))
    for n in range(40):
        upload = pdf(f"{n}.pdf", hostile.pdf(b"<</N %d>>" % n))
        more = deeds.add_file(unit=cast.home, upload=upload, by=cast.officer)
        deeds.attach(evidence=more, answer=answers[n % len(answers)], by=cast.officer)
    many = []
    for url in urls:
        with queries() as asked:
            client.get(url)
        many.append(asked.count)
    assert dict(zip(urls, few, strict=True)) == dict(zip(urls, many, strict=True))
