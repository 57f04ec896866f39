"""A report as a workbook: what goes out, what comes back, and that nothing is stored before it is whole."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.cell import MergedCell

from phongtho_thidua.lib import clock
from reports.models import Entry, Figure
from reports.services import annual, answers
from tests.reports import hostile_workbooks as books
from units.models import AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

CAPITAL, SPENT = "HT6_von_ke_hoach", "HT6_von_giai_ngan"
BLANK = {"answer": "", "value": None, "day": None, "document": "", "reason": "", "expected_on": None}


def given(value):
    return BLANK | {"answer": "value", "value": value}


@pytest.fixture
def send(client_of, cast, begun):
    """`send(content)`: the officer of xã Nậm Xe has the file read."""

    def post(content, *, by=None, name="bao-cao.xlsx", report=begun):
        upload = SimpleUploadedFile(name, content)
        return client_of(by or cast.officer).post(reverse("reports:read_back", args=[report.pk]), {"tep": upload})

    return post


@pytest.fixture
def confirm(client_of, cast, begun):
    def post(page, *, by=None, **chosen):
        data = {"da-doc": page.context["seal"]} | chosen
        return client_of(by or cast.officer).post(reverse("reports:read_back", args=[begun.pk]), data)

    return post


def faults(page):
    return [str(fault) for fault in page.context["result"].faults]


def stored(report):
    entries = report.entries.order_by("pk").values_list("pk", "applies", "narrative", "grade", "version")
    figures = report.figures.order_by("pk").values_list("pk", "answer", "value", "reason", "expected_on", "version")
    return list(entries), list(figures)


# ---- what goes out


def test_only_answers_can_be_written_and_every_one_has_a_name(begun):
    book = load_workbook(BytesIO(books.made_of(begun)))
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.worksheets)
    unlocked = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not isinstance(cell, MergedCell) and not cell.protection.locked
    }
    named = {name: books.cell_of(book, name) for name in book.defined_names}
    open_names = {f"{c.parent.title}!{c.coordinate}" for name, c in named.items() if not name.endswith("__ma")}
    assert unlocked == open_names - {"_he_thong!A1"}
    assert len(unlocked) == 3 * begun.entries.count() + 5 * begun.figures.count()
    assert book["_he_thong"].sheet_state == "hidden"


def test_it_prints_on_a4_with_its_head_on_every_page(begun):
    sheet = load_workbook(BytesIO(books.made_of(begun)))["Hạ tầng"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.print_title_rows) == (9, 1, "$4:$4")
    assert sheet.freeze_panes == "C5"


def test_numbers_are_numbers_and_words_are_words_whatever_they_begin_with(begun, cast, entry_of, figure_of):
    answers.save_figure(figure=figure_of("HT6.von_ke_hoach"), data=given("1234.5"), version=1, by=cast.officer)
    said = {"applies": True, "grade": "good", "narrative": "=1+1 và @SUM"}
    answers.save_entry(entry=entry_of("HT6"), data=said, version=1, by=cast.officer)
    book = load_workbook(BytesIO(books.made_of(begun)))
    capital, told = books.cell_of(book, CAPITAL), books.cell_of(book, "HT6__ket_qua")
    assert (capital.value, capital.data_type, capital.number_format) == (1234.5, "n", "#,##0.0")
    assert (told.value, told.data_type, told.quotePrefix) == ("=1+1 và @SUM", "s", True)


def test_who_may_not_write_gets_a_locked_copy(client_of, cast, begun, moved):
    moved("submitted")
    page = client_of(cast.reviewer).get(reverse("reports:workbook", args=[begun.pk]))
    book = load_workbook(BytesIO(page.content))
    assert page.headers["Content-Disposition"] == 'attachment; filename="bao-cao-2024-xa-nam-xe.xlsx"'
    assert all(cell.protection.locked for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_number_of_queries_does_not_grow_with_the_form(client_of, cast, begun, queries):
    client = client_of(cast.officer)
    with queries() as asked:
        client.get(reverse("reports:workbook", args=[begun.pk]))
    assert asked.count <= 12


# ---- a file as a whole


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda content: b"", "tệp trống"),
        (lambda content: b"khong phai tep", "không phải"),
        (lambda content: content[:-400], "cấu trúc tệp sai lệch"),
        (lambda content: books.OLD_EXCEL, "dạng cũ"),
        (lambda content: books.LOCKED, "có mật khẩu bảo vệ. Bỏ mật khẩu rồi tải lại."),
        (lambda content: b"%PDF-1.7 " + bytes(100), ""),
        (lambda content: books.with_part(content, "xl/vbaProject.bin", b"x"), "có macro"),
        (lambda content: books.with_part(content, "xl/externalLinks/externalLink1.xml", b"<a/>"), "có liên kết"),
        (lambda content: books.with_part(content, "xl/media/a.bin", bytes(6 * 2**20)), ""),
        (lambda content: content + bytes(6 * 2**20), "nặng hơn 5 MB"),
        (lambda content: books.plain_workbook(), "không phải tệp tải từ trang báo cáo"),
        (lambda content: books.about(content, format="0"), "theo mẫu cũ"),
        (lambda content: books.about(content, year="2023"), "đây là báo cáo năm 2023 của UBND xã Nậm Xe"),
        (lambda content: books.about(content, unit="xa-muong-so"), "đây là báo cáo năm 2024 của UBND xã Mường So"),
        (lambda content: books.about(content, criteria_set="99"), "theo bộ tiêu chí khác"),
        (lambda content: books.about(content, version="7"), "báo cáo đã qua bước khác"),
        (lambda content: books.about(content, report="999999"), "báo cáo đã qua bước khác"),
    ],
)
def test_a_file_that_is_not_this_reports_workbook_is_refused_in_words(begun, send, spoil, words):
    page = send(spoil(books.made_of(begun)))
    assert page.status_code == 422
    assert page.context["refusal"].startswith("Không nhận tệp này: ")
    assert words in page.context["refusal"]


def test_no_file_at_all_is_said(client_of, cast, begun):
    page = client_of(cast.officer).post(reverse("reports:read_back", args=[begun.pk]))
    assert (page.status_code, page.context["refusal"]) == (422, "Chưa chọn tệp. Chọn tệp Excel đã tải từ trang này.")


# ---- single cells

WRONG = [
    ({CAPITAL: "12.5"}, CAPITAL,
     "“12.5”: số thập phân viết bằng dấu phẩy, ví dụ 12,5. Dấu chấm chỉ để ngăn hàng nghìn."),
    ({CAPITAL: "1,234.5"}, CAPITAL, "“1,234.5” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."),
    ({CAPITAL: "khoảng 12"}, CAPITAL, "“khoảng 12” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."),
    ({CAPITAL: True}, CAPITAL, "“TRUE” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."),
    ({CAPITAL: -3}, CAPITAL, "“-3”: số liệu này không nhỏ hơn 0."),
    ({CAPITAL: 1e300}, CAPITAL, "nhiều nhất 60. Rút gọn rồi lưu lại."),
    ({CAPITAL: "=SUM(A1:A2)"}, CAPITAL, "có công thức. Ghi thẳng kết quả vào ô."),
    ({f"{CAPITAL}__tra_loi": "x"}, f"{CAPITAL}__tra_loi",
     "“x”: chọn Có số liệu, Không áp dụng hoặc Chưa có số liệu."),
    ({f"{CAPITAL}__tra_loi": "Không áp dụng"}, f"{CAPITAL}__ly_do",
     "Chưa ghi lý do. Cần ít nhất 10 ký tự để người nhận hiểu."),
    ({f"{CAPITAL}__tra_loi": "Chưa có số liệu", f"{CAPITAL}__du_kien": "31/02/2025"}, f"{CAPITAL}__du_kien",
     "Ngày viết theo dạng dd/mm/yyyy, ví dụ 20/12/2024."),
    ({f"{CAPITAL}__tra_loi": "Chưa có số liệu", f"{CAPITAL}__du_kien": True}, f"{CAPITAL}__du_kien",
     "“TRUE” không phải là ngày. Ghi theo dạng dd/mm/yyyy, ví dụ 20/12/2024."),
    ({"HT6__tu_danh_gia": "Giỏi"}, "HT6__tu_danh_gia",
     "“Giỏi”: chọn Hoàn thành xuất sắc, Hoàn thành tốt, Hoàn thành hoặc Chưa hoàn thành."),
    ({"HT6__lien_quan": "Không liên quan"}, "HT6__ket_qua", "Chưa ghi lý do."),
    ({"HT6__ket_qua": "a" * 8001}, "HT6__ket_qua", "Dài 8.001 ký tự"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "at", "words"), WRONG)
def test_a_wrong_cell_is_named_with_what_was_read_and_what_is_needed(begun, send, cells, at, words):
    content = books.filled(books.made_of(begun), cells | {SPENT: 7})
    before = stored(begun)
    page = send(content)
    [told] = faults(page)
    assert (page.status_code, told.partition(": ")[0]) == (422, books.place_of(content, at))
    assert words in told
    assert page.context["seal"] == ""  # all or nothing: the cell that is right cannot be confirmed either
    assert stored(begun) == before


def test_every_wrong_cell_is_listed_at_once(begun, send):
    page = send(books.filled(books.made_of(begun), {CAPITAL: "a", SPENT: "b", "HT6__tu_danh_gia": "c"}))
    assert len(faults(page)) == 3


def test_merged_cells_are_refused_by_address(begun, send):
    content = books.merged(books.filled(books.made_of(begun), {CAPITAL: 5}), CAPITAL, SPENT)
    place = books.place_of(content, CAPITAL)
    assert any(told.startswith(f"{place}: ô đã gộp") for told in faults(send(content)))


def test_rows_in_each_others_place_are_refused(begun, send):
    content = books.swapped(books.filled(books.made_of(begun), {CAPITAL: 5}), CAPITAL, SPENT)
    place = books.place_of(content, f"{CAPITAL}__ma")
    words = f"{place}: ghi “HT6.von_giai_ngan”, cần “HT6.von_ke_hoach”. Các dòng đã đổi chỗ; trả dòng về chỗ cũ."
    assert words in faults(send(content))


def test_a_deleted_row_is_missed(begun, send):
    told = faults(send(books.without_name(books.made_of(begun), CAPITAL)))
    assert told == ["HT6.von_ke_hoach: ô của mục này đã bị xóa. Tải tệp mới, chép phần đã điền sang."]


# ---- the round trip


@pytest.mark.parametrize(
    "change", [books.renamed, lambda content: books.moved_down(content, 3), lambda content: content]
)
def test_names_are_what_is_read_wherever_their_cells_went(begun, send, change):
    page = send(change(books.filled(books.made_of(begun), {CAPITAL: 1234.5})))
    [one] = page.context["result"].changes
    assert (page.status_code, one.told) == (200, [("Số liệu", "", "1.234,5")])


@pytest.mark.parametrize("typed", ["1.234,5", "1234,5", 1234.5, " 1 234,5 "])
def test_a_number_is_the_same_however_it_came_into_the_cell(begun, send, confirm, figure_of, typed):
    answer = confirm(send(books.filled(books.made_of(begun), {CAPITAL: typed})))
    assert (answer.status_code, str(figure_of("HT6.von_ke_hoach").value)) == (302, "1234.5000")


def test_a_file_without_edits_changes_nothing(ready, send):
    before = stored(ready)
    page = send(books.made_of(ready))
    assert (page.status_code, page.context["nothing"]) == (200, "Tệp không khác báo cáo: không có gì để nạp.")
    assert stored(ready) == before


def test_confirming_stores_everything_through_the_deeds_of_typing(begun, send, confirm, figure_of, entry_of, cast):
    cells = {
        CAPITAL: 8650,
        f"{SPENT}__tra_loi": "Không áp dụng",
        f"{SPENT}__ly_do": "Xã không được giao vốn",
        "HT6__ket_qua": "Đã giải ngân\nđúng hạn",
        "HT6__tu_danh_gia": "Hoàn thành tốt",
    }
    page = send(books.filled(books.made_of(begun), cells))
    assert stored(begun)[1][0][5] == 1  # a look writes nothing
    answer = confirm(page)
    assert (answer.status_code, answer.url) == (302, begun.get_absolute_url())
    capital, spent, entry = figure_of("HT6.von_ke_hoach"), figure_of("HT6.von_giai_ngan"), entry_of("HT6")
    assert (capital.answer, capital.value, capital.saved_by) == ("value", 8650, cast.officer)
    assert (spent.answer, spent.reason) == ("not_applicable", "Xã không được giao vốn")
    assert (entry.narrative, entry.grade) == ("Đã giải ngân\nđúng hạn", "good")
    event = AuditEvent.objects.order_by("pk").last()
    assert (event.action, event.label) == ("fill_in", "nạp 3 mục từ tệp Excel vào báo cáo năm 2024")


def test_why_a_figure_is_unusual_travels_along(begun, send, confirm, figure_of):
    why = "Dự án đường Po Chà được giao vốn gấp năm lần năm trước."
    confirm(send(books.filled(books.made_of(begun), {CAPITAL: 8650, f"{CAPITAL}__giai_thich": why})))
    assert figure_of("HT6.von_ke_hoach").explanation == why


def test_the_same_file_again_after_it_was_stored_changes_nothing(begun, send, confirm):
    content = books.filled(books.made_of(begun), {CAPITAL: 8650})
    confirm(send(content))
    assert send(content).context["nothing"]


def test_a_mended_file_is_taken(begun, send, confirm, figure_of):
    content = books.filled(books.made_of(begun), {CAPITAL: "12.5"})
    assert send(content).status_code == 422
    assert confirm(send(books.filled(content, {CAPITAL: "12,5"}))).status_code == 302
    assert figure_of("HT6.von_ke_hoach").value == 12.5


# ---- somebody else was there meanwhile


@pytest.fixture
def clashing(begun, cast, figure_of):
    """A file with 8.650 for a figure that the head has meanwhile set to 9.000 online."""
    content = books.filled(books.made_of(begun), {CAPITAL: 8650, SPENT: 100})
    answers.save_figure(figure=figure_of("HT6.von_ke_hoach"), data=given(9000), version=1, by=cast.head)
    return content


def test_an_answer_changed_online_is_no_change_of_a_file_that_left_it_alone(begun, send, figure_of, cast):
    content = books.made_of(begun)
    answers.save_figure(figure=figure_of("HT6.von_ke_hoach"), data=given(9000), version=1, by=cast.head)
    assert send(content).context["nothing"]


def test_a_clash_shows_both_and_is_not_stored_without_a_choice(send, confirm, clashing, figure_of):
    page = send(clashing)
    [clash] = page.context["result"].clashes
    assert "8.650" in page.content.decode()
    assert "9.000" in page.content.decode()
    answer = confirm(page)
    assert (answer.status_code, figure_of("HT6.von_giai_ngan").value) == (409, None)
    assert clash.clash.who == "Tẩn A Sài"


@pytest.mark.parametrize(("side", "value"), [("mine", 8650), ("theirs", 9000)])
def test_the_chosen_version_stays_and_the_other_is_in_the_history(send, confirm, clashing, figure_of, side, value):
    page = send(clashing)
    [clash] = page.context["result"].clashes
    answer = confirm(page, **{f"giu-{clash.key}": f"{side}-{clash.version}"})
    assert (answer.status_code, figure_of("HT6.von_ke_hoach").value) == (302, value)
    assert figure_of("HT6.von_giai_ngan").value == 100
    told = str(list(AuditEvent.objects.values_list("changes", flat=True)))
    assert "8.650" in told
    assert "9.000" in told


def test_a_choice_made_against_an_older_version_does_not_count(send, confirm, clashing, figure_of, cast):
    page = send(clashing)
    [clash] = page.context["result"].clashes
    answers.save_figure(figure=figure_of("HT6.von_ke_hoach"), data=given(9100), version=2, by=cast.head)
    assert confirm(page, **{f"giu-{clash.key}": f"mine-{clash.version}"}).status_code == 409
    assert figure_of("HT6.von_ke_hoach").value == 9100


def test_an_answer_changed_after_the_look_becomes_a_clash(begun, send, confirm, figure_of, cast):
    page = send(books.filled(books.made_of(begun), {CAPITAL: 8650}))
    answers.save_figure(figure=figure_of("HT6.von_ke_hoach"), data=given(9000), version=1, by=cast.head)
    answer = confirm(page)
    assert (answer.status_code, len(answer.context["result"].clashes)) == (409, 1)
    assert figure_of("HT6.von_ke_hoach").value == 9000


# ---- who, when


@pytest.mark.parametrize("spoil", [lambda seal: seal + "x", lambda seal: "", lambda seal: seal[1:]])
def test_a_look_cannot_be_changed_on_its_way(begun, send, client_of, cast, spoil):
    seal = send(books.filled(books.made_of(begun), {CAPITAL: 8650})).context["seal"]
    page = client_of(cast.officer).post(reverse("reports:read_back", args=[begun.pk]), {"da-doc": spoil(seal)})
    assert (page.status_code, begun.figures.exclude(value=None).count()) == (422, 0)


def test_a_look_is_its_own_persons_and_lasts_a_day(begun, send, confirm, cast, figure_of):
    page = send(books.filled(books.made_of(begun), {CAPITAL: 8650}))
    assert confirm(page, by=cast.head).status_code == 422
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert confirm(page).status_code == 422
    assert figure_of("HT6.von_ke_hoach").value is None


def test_a_submitted_report_takes_nothing(moved, send, cast):
    report = moved("draft")
    content = books.filled(books.made_of(report), {CAPITAL: 8650})
    annual.submit(report=report, by=cast.head)
    before = stored(report)
    assert send(content).status_code == 409
    assert send(content, by=cast.reviewer).status_code == 403
    assert send(content, by=cast.other_officer).status_code == 404
    assert stored(report) == before


def test_of_a_returned_report_only_what_was_opened_again_is_taken(moved, send):
    report = moved("returned")
    Figure.objects.filter(report=report).update(reopened=False)
    Entry.objects.filter(report=report).update(reopened=False)
    Figure.objects.filter(report=report, indicator__code="HT6.von_giai_ngan").update(reopened=True)
    page = send(books.filled(books.made_of(report), {CAPITAL: 8650, SPENT: 100}))
    [told] = faults(page)
    assert page.status_code == 422
    assert books.place_of(books.made_of(report), CAPITAL) in told
