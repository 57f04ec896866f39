"""The matrix of verification: whose cells it shows, what a decision does, many at once, the workbook, its cost."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from criteria.models import Indicator
from phongtho_thidua.lib.work import items_for
from reports.models import Evidence, EvidenceUse, Figure, Verification
from reports.selectors.matrix import waiting_count
from reports.services import verification
from reports.services.remarks import usual_due
from tests.reports.conftest import NOTE, SPENT
from tests.reports.filled import NOT_APPLICABLE, communes, report_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

URL = "/tham-tra/"
SOURCE = "Kho bạc, 118/KBNN, 05/12/2024"
LAND, WORKS = "HT6.dat_hien", "HT2.cong_trinh"


@pytest.fixture
def works(account, unit_of):
    return account("cong.tv", "officer", unit_of("phong-kinh-te-ha-tang"), "Trần Văn Công")


@pytest.fixture
def report(cast, period_2024):
    """Of xã Nậm Xe, handed in."""
    figures = {"HT6.von_ke_hoach": 8650, SPENT: 8412, LAND: "1250.5", WORKS: 77}
    return report_of(cast.home, period_2024, by=cast.head, state="submitted", figures=figures)


@pytest.fixture
def figure(report):
    return lambda code: report.figures.select_related("verification").get(indicator__code=code)


@pytest.fixture
def post(client_of, figure):
    def send(who, code, **data):
        one = figure(code)
        data = {"version": one.verification.version} | data
        return client_of(who).post(f"{URL}{one.pk}/", data)

    return send


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- two leads --------------------------------------------------------------------------------------------------------


def test_a_lead_sees_its_own_sector_and_nothing_of_another(cast, client_of, works, report, figure):
    verification.differ(
        verification=figure(LAND).verification, value=5, source="Nguồn của tài chính", note="Lời riêng", by=cast.lead
    )
    own, others = (client_of(who).get(URL).content.decode() for who in (cast.lead, works))
    assert "1.250,5" in own
    assert f"o={figure(LAND).pk}#" in own
    assert f"o={figure(WORKS).pk}#" not in own
    assert f"o={figure(WORKS).pk}#" in others
    for word in ("1.250,5", "Đất Nhân dân hiến", "Nguồn của tài chính", "Lời riêng"):
        assert word not in others


def test_no_address_leads_to_another_sector(cast, client_of, works, report, figure):
    of_finance, client = figure(LAND), client_of(works)
    for path in (f"?o={of_finance.pk}", "?linh-vuc=finance", "xuat/?linh-vuc=finance", "khop/?linh-vuc=finance"):
        assert client.get(URL + path).status_code == 404, path
    assert client.post(f"{URL}{of_finance.pk}/", {"step": "agree"}).status_code == 404
    assert client.post(f"{URL}{of_finance.pk}/cong-nhan/", {"value": 1}).status_code == 404
    pick = f"{of_finance.pk}-{of_finance.verification.version}"
    assert client.post(f"{URL}khop/", {"o": [pick]}).status_code == 409
    listed = client.get(f"{URL}khop/?don-vi={report.unit_id}&cot={of_finance.indicator_id}").content.decode()
    assert "Đất Nhân dân hiến" not in listed
    assert figure(LAND).verification.state == "waiting"


def test_the_workbook_holds_the_readers_sectors_and_text_stays_text(cast, client_of, works, report, figure):
    note = '=HYPERLINK("http://x")'
    verification.differ(verification=figure(LAND).verification, value=5, source=SOURCE, note=note, by=cast.lead)
    sheets = {}
    for who in (cast.lead, works):
        answer = client_of(who).get(f"{URL}xuat/")
        sheets[who] = list(load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=2))
    finance = {row[2].value: row for row in sheets[cast.lead]}
    row = finance["Đất Nhân dân hiến làm công trình"]
    assert [row[4].value, row[5].value, row[6].value, row[7].value] == [1250.5, "Lệch", 5, SOURCE]
    assert (row[8].value, row[8].data_type) == (note, "s")
    codes = Indicator.objects.filter(criterion__sector__code="works").values_list("name", flat=True)
    assert {row[2].value for row in sheets[works]} <= set(codes)
    assert not {row[2].value for row in sheets[cast.lead]} & set(codes)


def test_the_lead_of_the_reporting_unit_is_told_who_verifies_instead(cast, client_of, unit_of, period_2024):
    own = report_of(unit_of("phong-tai-chinh-ke-hoach"), period_2024, by=cast.lead, state="submitted")
    row = Verification.objects.filter(figure__report=own, sector="finance").first()
    page = client_of(cast.lead).get(f"{URL}?o={row.figure_id}")
    assert "Không ai thẩm tra số liệu của chính đơn vị mình. Phòng Nội vụ thẩm tra số liệu này." in text(page)
    assert "Lưu, sang ô kế tiếp" not in text(page)
    assert client_of(cast.lead).post(f"{URL}{row.figure_id}/", {"step": "agree"}).status_code == 403
    assert waiting_count(cast.lead) == 0
    assert "Lưu, sang ô kế tiếp" in text(client_of(cast.reviewer).get(f"{URL}?o={row.figure_id}"))


def test_the_standing_office_reads_every_sector_one_at_a_time(cast, client_of, report, figure):
    client = client_of(cast.reviewer)
    assert f"o={figure(WORKS).pk}#" in client.get(f"{URL}?linh-vuc=works").content.decode()
    page = client.get(f"{URL}?linh-vuc=works&o={figure(WORKS).pk}")
    assert "Chỉ Phòng Kinh tế và Hạ tầng thẩm tra được số liệu này." in text(page)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_a_cell_says_its_value_and_state(cast, client_of, report, figure, unit_of, period_2024):
    report_of(unit_of("xa-dao-san"), period_2024, by=cast.chief, state="submitted", figures={LAND: NOT_APPLICABLE})
    verification.differ(verification=figure(LAND).verification, value=900, source=SOURCE, by=cast.lead)
    page = client_of(cast.lead).get(f"{URL}?loai=commune&chi-tieu={figure(LAND).indicator_id}")
    shown = text(page)
    for words in ("1.250,5 thẩm tra 900", "không áp dụng", "chưa nộp", "Khác 1"):
        assert words in shown


def test_the_open_cell_shows_what_its_verifier_needs(cast, client_of, report, figure, period_2024):
    from campaigns.models import Period

    report_of(cast.home, Period.objects.get(year=2023), by=cast.chief, figures={LAND: 300})
    piece = Evidence.objects.create(unit=cast.home, title="Biên bản hiến đất", document="12/BB", added_by=cast.officer)
    EvidenceUse.objects.create(evidence=piece, report=report, figure=figure(LAND), added_by=cast.officer)
    Figure.objects.filter(pk=figure(LAND).pk).update(explanation="Mở mới hai tuyến đường bản.")
    shown = text(client_of(cast.lead).get(f"{URL}?o={figure(LAND).pk}"))
    for words in (
        "1.250,5 m²", "Năm 2023, được công nhận 300 m²", "Tăng 4,2 lần so với năm 2023", "Biên bản hiến đất",
        "Mở mới hai tuyến đường bản.", "Kết quả thẩm tra", "Ô ",
    ):  # fmt: skip
        assert words in shown, words


def test_what_a_unit_is_correcting_is_not_shown(cast, client_of, report, figure):
    verification.return_figure(verification=figure(LAND).verification, reason=NOTE, due_at=usual_due(), by=cast.lead)
    Figure.objects.filter(pk=figure(LAND).pk).update(value=4321)
    for path in ("", f"?o={figure(LAND).pk}"):
        shown = text(client_of(cast.lead).get(URL + path))
        assert "4.321" not in shown
        assert "trả lại, hạn" in shown


def test_saving_leads_to_the_next_waiting_cell_and_keeps_the_filter(cast, client_of, post, report, figure):
    answer = client_of(cast.lead).post(
        f"{URL}{figure(SPENT).pk}/?loai=commune", {"step": "agree", "version": figure(SPENT).verification.version}
    )
    following = int(re.search(r"o=(\d+)", answer.url)[1])
    assert "loai=commune" in answer.url
    assert Verification.objects.to_judge(cast.lead).filter(figure=following).exists()
    assert figure(SPENT).verification.state == "agrees"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Chưa chọn kết quả thẩm tra."),
        ({"step": "differ", "source": SOURCE}, "Chưa ghi số liệu."),
        ({"step": "differ", "value": "8.9a", "source": SOURCE}, "không phải là số"),
        ({"step": "differ", "value": "900"}, "Chưa ghi nguồn số liệu."),
        ({"step": "return", "reason": "Sai.", "due_on": "20/12/2024"}, "Cần ít nhất 20 ký tự"),
        ({"step": "return", "reason": NOTE}, "Chưa ghi hạn sửa."),
        ({"step": "return", "reason": NOTE, "due_on": "31/02/2024"}, "dd/mm/yyyy"),
        ({"step": "return", "reason": NOTE, "due_on": "01/12/2024"}, "Hạn sửa phải sau lúc này"),
    ],
)
def test_a_refused_decision_says_why_and_keeps_what_was_typed(cast, post, figure, data, words):
    answer = post(cast.lead, LAND, **data)
    assert (answer.status_code, figure(LAND).verification.state) == (422, "waiting")
    assert words in text(answer)
    for typed in data.values():
        assert str(typed) in answer.content.decode()


def test_a_stale_or_doubled_decision_is_answered_with_409(cast, post, figure):
    seen = figure(LAND).verification.version
    assert post(cast.lead, LAND, step="agree", version=seen).status_code == 302
    again = post(cast.lead, LAND, step="agree", version=seen)
    assert (again.status_code, "Khớp" in text(again)) == (409, True)


def test_phong_noi_vu_sets_its_own_value_from_the_panel(cast, client_of, report, figure):
    report.state, report.version = "reviewing", 5
    report.save()
    client, one = client_of(cast.reviewer), figure(LAND)
    address = f"{URL}{one.pk}/cong-nhan/"
    assert "Ghi số công nhận khác" in text(client.get(f"{URL}?o={one.pk}"))
    refused = client.post(address, {"value": "900", "source": "Biên bản", "note": "Ngắn", "version": one.version})
    assert (refused.status_code, "Cần ít nhất 20 ký tự" in text(refused)) == (422, True)
    client.post(address, {"value": "900", "source": "Biên bản", "note": NOTE, "version": one.version})
    assert int(Figure.objects.get(pk=one.pk).recognition.value) == 900
    assert client_of(cast.lead).post(address, {"value": "1", "source": "X", "note": NOTE}).status_code == 403


# --- many at once -----------------------------------------------------------------------------------------------------


def test_every_chosen_cell_is_listed_before_it_is_agreed_with(cast, client_of, report, figure):
    page = client_of(cast.lead).get(f"{URL}khop/?cot={figure(LAND).indicator_id}")
    shown = text(page)
    assert ("Nậm" in shown, "1.250,5" in shown, "Chưa có minh chứng" in shown) == (True, True, True)
    assert page.content.decode().count('name="o"') == 1
    by_unit = client_of(cast.lead).get(f"{URL}khop/?don-vi={report.unit_id}").content.decode()
    assert by_unit.count('name="o"') == waiting_count(cast.lead)


def test_agreeing_with_many_names_what_changed_meanwhile(cast, client_of, report, figure):
    picks = [f"{one.pk}-{one.verification.version}" for one in (figure(LAND), figure(SPENT))]
    Verification.objects.filter(figure=figure(SPENT)).update(version=7)
    answer = client_of(cast.lead).post(f"{URL}khop/", {"o": picks})
    assert answer.status_code == 200
    assert "Đã xác nhận khớp 1 ô" in text(answer)
    assert "HT6. Vốn đã giải ngân" in text(answer)
    assert (figure(LAND).verification.state, figure(SPENT).verification.state) == ("agrees", "waiting")
    assert client_of(cast.lead).post(f"{URL}khop/", {"o": ["x", "9-", "-1"]}).status_code == 409


# --- what waits, and what it costs ------------------------------------------------------------------------------------


def test_the_home_page_and_the_rail_count_the_same_cells(cast, client_of, report):
    count = waiting_count(cast.lead)
    (item,) = [one for one in items_for(cast.lead) if "Thẩm tra" in one.what]
    assert item.what == f"Thẩm tra {count} số liệu năm 2024"
    assert f"Chờ thẩm tra {count}" in text(client_of(cast.lead).get(URL))


@pytest.mark.parametrize("address", ["nam=2024&linh-vuc=nope", "nam=1999", "nam=abc", "o=0", "o=999999999"])
def test_nonsense_in_the_address_breaks_nothing(cast, client_of, report, address):
    assert client_of(cast.lead).get(f"{URL}?{address}").status_code in (200, 404)


def test_the_number_of_queries_does_not_depend_on_the_number_of_units(cast, client_of, report, period_2024, queries):
    client = client_of(cast.lead)
    with queries() as for_shell:  # the frame of every page of this person: who it is, what waits elsewhere
        client.get(reverse("units:profile"))
    with queries() as for_one:
        client.get(URL)
    for unit in communes(59):
        report_of(unit, period_2024, by=cast.chief, state="submitted")
    with queries() as for_many:
        client.get(URL)
    assert for_one.count == for_many.count
    assert for_many.count - for_shell.count <= 5


def test_the_unit_reads_the_verified_value_where_it_differs(cast, client_of, report, figure):
    verification.differ(
        verification=figure(LAND).verification, value=900, source=SOURCE, note="Trừ đất đã thu hồi.", by=cast.lead
    )
    shown = text(client_of(cast.officer).get(report.get_absolute_url()))
    for words in ("Thẩm tra: 900 m²", SOURCE, "Trừ đất đã thu hồi."):
        assert words in shown
