"""The year around a report, one story a test; every story has units of its own, so that none disturbs another."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfWriter

from .pages import (
    SAVED,
    answer_figure,
    figures,
    leave,
    message,
    open_own_report,
    take,
    take_with_reason,
    value,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORKDAYS = "Ngày công Nhân dân đóng góp"
WHY = "HT6: số ngày công chưa khớp sổ theo dõi của các bản. Đối chiếu rồi sửa."
UNVERIFIED = "Các phòng khác còn thẩm tra, chấp nhận để kịp tổng hợp."


def row_of(page: Page, unit: str) -> Locator:
    return page.locator("table.tt-matrix tbody tr").filter(has=page.get_by_role("rowheader", name=unit))


def waiting_in(page: Page, unit: str) -> Locator:
    """The cells of a unit that this reader may judge now."""
    return row_of(page, unit).locator("a.tt-cell[data-mine]")


def test_lead_verifies_by_keyboard_the_unit_corrects_one_figure_and_the_report_is_accepted(sign_in):
    lead, officer, head = (sign_in(name) for name in ("ha.nt.tckh", "dung.lt.khonglao", "tien.mv.khonglao"))
    lead_agrees_and_differs_by_keyboard(lead)
    lead_agrees_with_the_rest_after_seeing_the_list(lead)
    lead_returns_one_by_keyboard(lead)
    unit_finds_one_field_open_and_corrects_it(officer)
    open_own_report(head)
    take(head, "Gửi lại", "Đã nộp lúc")
    lead_looks_at_this_cell_alone(lead)
    office_accepts_while_figures_wait(sign_in("duc.hm.noivu"))


def press_on(page: Page, cell: Locator, key: str) -> None:
    """The key chooses a decision only while a cell has the focus; the page of the cell opens with it chosen."""
    cell.focus()
    page.keyboard.press(key)
    page.wait_for_url(re.compile("buoc="))


def lead_agrees_and_differs_by_keyboard(page: Page):
    page.goto("/tham-tra/?nam=2024")
    waiting = waiting_in(page, "Khổng Lào")
    before = waiting.count()
    press_on(page, waiting.first, "k")
    expect(page.get_by_role("radio", name="Khớp")).to_be_checked()
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text(re.compile("Đã ghi Khổng Lào, .*: khớp"))
    expect(page.locator("a.tt-cell[aria-current]")).to_be_focused()  # the next one to judge
    press_on(page, waiting.first, "s")
    expect(page.get_by_role("textbox", name="Số thẩm tra")).to_be_focused()
    page.keyboard.type("1")
    page.get_by_label("Nguồn số liệu").fill("Hệ thống mạng đấu thầu quốc gia, 28/11/2024")
    page.get_by_label("Ghi chú cho đơn vị").fill("Một gói thầu đăng tải lại sau khi hủy.")
    page.get_by_role("button", name="Lưu, sang ô kế tiếp").press("Enter")
    expect(message(page)).to_contain_text(re.compile("Đã ghi Khổng Lào, .*: khác"))
    expect(waiting).to_have_count(before - 2)


def lead_agrees_with_the_rest_after_seeing_the_list(page: Page):
    row_of(page, "Khổng Lào").get_by_role("checkbox").check()
    rest = waiting_in(page, "Khổng Lào").count()
    page.get_by_role("button", name="Xem các ô đã chọn để xác nhận khớp").click()
    listed = page.get_by_role("region", name="Các ô sẽ xác nhận khớp").locator("tbody tr")
    expect(listed).to_have_count(rest)
    expect(listed.filter(has_text="Khổng Lào")).to_have_count(rest)
    listed.filter(has_text=WORKDAYS).get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Xác nhận khớp các ô đã đánh dấu").click()
    expect(message(page)).to_contain_text(f"Đã xác nhận khớp {rest - 1} ô.")
    expect(waiting_in(page, "Khổng Lào")).to_have_count(1)


def lead_returns_one_by_keyboard(page: Page):
    press_on(page, waiting_in(page, "Khổng Lào"), "t")
    reason = page.get_by_label("Lý do trả lại")
    expect(reason).to_be_focused()
    for words in ("Sai số", WHY):
        reason.fill(words)
        page.get_by_role("button", name="Lưu, sang ô kế tiếp").press("Enter")
        if words != WHY:
            said = page.get_by_text("Chưa ghi lý do. Cần ít nhất 20 ký tự để người nhận hiểu.")
            expect(said.first).to_be_visible()
            expect(reason).to_have_value(words)
    expect(message(page)).to_contain_text(re.compile("Đã ghi Khổng Lào, .*: trả lại"))
    expect(waiting_in(page, "Khổng Lào")).to_have_count(0)


def unit_finds_one_field_open_and_corrects_it(page: Page):
    open_own_report(page)
    banner = page.get_by_role("region", name="Phòng Tài chính - Kế hoạch trả lại HT6")
    expect(banner).to_contain_text(WHY)
    expect(banner).to_contain_text("Sửa và gửi lại trước 17:00 ngày")
    expect(page.locator("[data-field]")).to_have_count(1)
    figure = page.locator(".tt-figure").filter(has=page.locator("[data-field]"))
    answer_figure(figure, "1.305")
    expect(figure.locator(".tt-save")).to_have_text(SAVED)
    if (why := figure.locator(".tt-explain:visible textarea")).count():
        leave(why, "Đã cộng lại theo sổ của từng bản trong tháng 11.")
        expect(figure.locator(".tt-save")).to_have_text(SAVED)


def lead_looks_at_this_cell_alone(page: Page):
    page.goto("/tham-tra/?nam=2024&loc=cho")
    cell = waiting_in(page, "Khổng Lào")
    expect(cell).to_have_count(1)
    press_on(page, cell, "k")
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text(re.compile("Đã ghi Khổng Lào, .*: khớp"))


def office_accepts_while_figures_wait(page: Page):
    page.goto("/xem-xet/")
    page.get_by_role("link", name="UBND xã Khổng Lào").click()
    take(page, "Mở xem xét", "UBND xã Khổng Lào: đang xem xét.")
    take_with_reason(page, "Chấp nhận, xem tiếp", "Kịp hạn")
    expect(page.get_by_text("Ghi lý do chấp nhận, ít nhất 20 ký tự.")).to_be_visible()
    take_with_reason(page, "Chấp nhận, xem tiếp", UNVERIFIED)
    expect(message(page)).to_contain_text("UBND xã Khổng Lào: đã chấp nhận.")


def pdf_file(path: Path, password: str = "") -> Path:
    paper = PdfWriter()
    paper.add_blank_page(595, 842)
    if password:
        paper.encrypt(password)
    paper.write(path)
    return path


def test_evidence_stands_beside_its_figure_and_the_lead_of_the_sector_takes_it_down(sign_in, tmp_path):
    officer, head, lead = (sign_in(name) for name in ("anh.lt.ldtbxh", "quyet.hv.ldtbxh", "yen.ht.nnptnt"))
    open_own_report(officer)
    figures(officer, "TK7").first.get_by_role("link", name="Thêm minh chứng…").click()
    add = officer.get_by_role("button", name="Thêm minh chứng")
    officer.get_by_label("Tệp", exact=True).set_input_files(pdf_file(tmp_path / "khoa.pdf", "mat-khau"))
    add.click()
    expect(officer.get_by_text(re.compile("có mật khẩu bảo vệ")).first).to_be_visible()
    officer.get_by_label("Tệp", exact=True).set_input_files(pdf_file(tmp_path / "Doi chieu von.pdf"))
    add.click()
    expect(figures(officer, "TK7").first).to_contain_text("Doi chieu von.pdf")
    officer.get_by_text("Giữ nguyên, ghi lý do…").click()
    officer.get_by_label("Vì sao giữ nguyên").fill("Đã thống nhất với Phòng Dân tộc, số ghi chỉ là phần của phòng.")
    officer.get_by_role("button", name="Ghi lý do").click()
    open_own_report(head)
    take(head, "Gửi lại", "Đã nộp lúc")
    lead.goto("/tham-tra/?nam=2024")
    row_of(lead, "Phòng LĐ-TB và XH").locator("a.tt-cell").first.click()
    with lead.expect_download() as download:
        lead.get_by_role("link", name="Doi chieu von.pdf").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_officer_prepares_a_registration_the_head_registers_and_the_promise_stands_beside_the_figure(sign_in):
    officer, head = sign_in("minh.pt.mosisan"), sign_in("ta.tl.mosisan")
    officer.goto("/dang-ky/")
    officer.get_by_role("button", name="Lập đăng ký năm 2024").click()
    officer.get_by_role("link", name="Chọn nội dung thi đua", exact=True).click()
    officer.get_by_role("checkbox", name=re.compile(r"^ND6\.")).check()
    save_part(officer)
    officer.get_by_role("link", name="Ghi chỉ tiêu đăng ký", exact=True).click()
    officer.get_by_label("Vốn đã giải ngân", exact=True).fill("1.500")
    save_part(officer)
    officer.get_by_role("link", name="Ghi công trình, phần việc", exact=True).click()
    officer.get_by_label("Công trình, phần việc").first.fill("Đường bản Mồ Sì San đi khu sản xuất")
    officer.get_by_label("Hoàn thành trước ngày").first.fill("30/12/2024")
    officer.get_by_label("Nội dung thi đua").first.select_option(index=1)
    save_part(officer)
    expect(officer.get_by_text("Chỉ thủ trưởng đơn vị đăng ký được.")).to_be_visible()
    head.goto(officer.url)
    head.get_by_role("button", name="Đăng ký", exact=True).click()
    head.get_by_role("alert").get_by_role("link").click()  # the work belongs to a content that was not chosen
    content = head.get_by_label("Nội dung thi đua").first
    content.select_option(label=content.get_by_role("option", name=re.compile("^ND6")).inner_text())
    save_part(head)
    take(head, "Đăng ký", "Đã đăng ký lúc")
    open_own_report(officer)
    expect(figures(officer, "HT6").nth(1).locator(".tt-field__side")).to_contain_text("Đăng ký 2024")
    expect(figures(officer, "HT6").nth(1).locator(".tt-field__side")).to_contain_text("1.500")


def save_part(page: Page) -> None:
    page.get_by_role("button", name="Lưu, về đăng ký").click()
    expect(message(page)).to_contain_text("Đã lưu lúc")


def test_more_time_is_asked_for_and_granted_and_the_unit_sees_the_new_day(sign_in):
    officer, office = sign_in("senh.tt.vangmachai"), sign_in("huong.bt.noivu")
    officer.goto("/ky-bao-cao/")
    officer.get_by_role("link", name="Xin gia hạn báo cáo năm 2024").click()
    officer.get_by_label("Lý do").fill("Sạt lở đường vào xã")
    officer.get_by_label("Xin nộp trước 17:00 ngày").fill("20/12/2024")
    officer.get_by_role("button", name="Gửi Phòng Nội vụ").click()
    expect(officer.get_by_role("alert")).to_be_visible()
    officer.get_by_label("Lý do").fill("Sạt lở đường vào xã, ba bản chưa gửi được số liệu Nhân dân đóng góp.")
    officer.get_by_role("button", name="Gửi Phòng Nội vụ").click()
    expect(message(officer)).to_contain_text("Đã gửi đề nghị gia hạn đến Phòng Nội vụ.")
    office.goto("/gia-han/")
    office.get_by_role("row", name="Vàng Ma Chải").get_by_role("link").first.click()
    office.get_by_label("Gia hạn đến 17:00 ngày").fill("18/12/2024")
    office.get_by_role("button", name="Gia hạn", exact=True).click()
    expect(message(office)).to_contain_text("Đã trả lời UBND xã Vàng Ma Chải")
    officer.goto("/bao-cao/")
    expect(officer.get_by_role("row", name="Năm 2024,")).to_contain_text("18/12/2024")
    officer.goto("/viec-cua-toi/")
    expect(officer.locator("main")).to_contain_text("17:00 ngày 18/12/2024")


def test_reminder_goes_from_the_board_through_the_outbox_to_the_bell_of_the_officer(sign_in):
    office, officer = sign_in("huong.bt.noivu"), sign_in("thu.mt.ttvh")
    office.goto("/tien-do/2024/?tim=trung+tam+van")
    office.get_by_role("checkbox", name=re.compile("^Chọn ")).check()
    office.get_by_role("button", name="Soạn đôn đốc").click()
    expect(office.get_by_role("region", name="Người nhận thư")).to_contain_text("Mào Thị Thu")
    before = bell(officer)
    office.get_by_role("button", name=re.compile(r"^Gửi \d+ thư đến 1 đơn vị$")).click()
    expect(message(office)).to_contain_text(re.compile(r"Đã gửi \d+ thư\."))
    assert bell(officer) == before + 1
    officer.goto("/thong-bao/")
    expect(officer.locator("main li").first).to_contain_text("2024")


def bell(page: Page) -> int:
    page.goto("/viec-cua-toi/")
    told = page.locator("header").get_by_role("link", name="Thông báo").inner_text()
    return int(found[0]) if (found := re.search(r"\d+", told)) else 0


def test_workbook_is_taken_home_filled_in_read_and_confirmed(sign_in, tmp_path):
    page, filled = sign_in("phong.ta.huyendoan"), tmp_path / "da-dien.xlsx"
    open_own_report(page)
    page.get_by_role("link", name="Làm bằng Excel").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp Excel").click()
    write_in(download.value.path(), filled, "MT3_giam_sat", "bảy")
    read_back(page, filled)
    expect(page.locator("main")).to_contain_text("bảy")
    expect(page.get_by_role("button", name="Nạp vào báo cáo")).to_have_count(0)
    write_in(download.value.path(), filled, "MT3_giam_sat", 7)
    read_back(page, filled)
    expect(page.get_by_role("heading", name="1 mục sẽ thay đổi")).to_be_visible()
    page.get_by_role("button", name="Nạp vào báo cáo").click()
    expect(message(page)).to_contain_text("Đã nạp 1 mục từ tệp Excel.")
    open_own_report(page)
    expect(value(page, "MT3")).to_have_value("7")


def write_in(source: Path, target: Path, name: str, content) -> None:
    book = openpyxl.load_workbook(BytesIO(source.read_bytes()))
    ((sheet, cell),) = book.defined_names[name].destinations
    book[sheet][cell.replace("$", "")] = content
    book.save(target)


def read_back(page: Page, path: Path) -> None:
    page.get_by_label("Tệp Excel đã điền").set_input_files(path)
    page.get_by_role("button", name="Đọc thử tệp").click()


def test_two_editions_of_a_report_are_compared(sign_in):
    page = sign_in("may.st.daosan")
    open_own_report(page, year=2023)
    page.get_by_role("link", name="Các bản đã nộp (2)").click()
    page.get_by_role("link", name="So sánh với bản trước").click()
    expect(page.get_by_role("heading", level=1, name="So sánh bản 1 và bản 2")).to_be_visible()
    expect(page.locator("main")).to_contain_text("1 chỗ khác nhau")
    expect(page.locator(".tt-look")).to_contain_text("điều chuyển cho bản làm nhà văn hóa")


def test_inspection_finds_something_the_unit_answers_and_it_is_closed(sign_in):
    front, officer = sign_in("mai.lt.mttq"), sign_in("xuan.ct.huoiluong")
    front.goto("/kiem-tra/")
    front.get_by_role("link", name="UBND xã Huổi Luông").click()
    front.get_by_role("link", name="Thêm phát hiện…").click()
    front.get_by_label("Tiêu chí, chỉ tiêu").select_option("HT6, cả tiêu chí")
    front.get_by_label("Phát hiện").fill("Sổ ghi ngày công của bản Na Sa Phìn chưa có chữ ký các hộ.")
    front.get_by_label("Kiến nghị").fill("Lấy chữ ký các hộ, niêm yết tại nhà văn hóa bản.")
    front.get_by_label("Thực hiện trước ngày").fill("20/12/2024")
    front.locator("main form").get_by_role("button").first.click()
    expect(message(front)).to_contain_text("Đã ghi phát hiện ở HT6.")
    front.get_by_role("link", name="Ghi kết quả kiểm tra…").click()
    front.get_by_label("Ngày kiểm tra").fill("02/12/2024")
    front.get_by_label("Kết luận").fill("Huy động đúng quy trình, hồ sơ còn thiếu chữ ký.")
    front.locator("main form").get_by_role("button").first.click()
    expect(message(front)).to_contain_text("UBND xã Huổi Luông đọc được từ bây giờ.")
    officer.goto(front.url)
    take_with_reason(officer, "Báo đã thực hiện", "Đã lấy đủ chữ ký 62 hộ, niêm yết ngày 02/12/2024.")
    expect(message(officer)).to_contain_text("Đã báo đã thực hiện kiến nghị.")
    open_own_report(officer)
    front.reload()
    take_with_reason(front, "Xác nhận đã xong", "Đã xem sổ có đủ chữ ký và ảnh niêm yết.")
    expect(message(front)).to_contain_text("Đã xác nhận kiến nghị đã xong.")
    take(front, "Khép lại đợt kiểm tra", "Đã khép lại đợt kiểm tra.")


def test_cluster_report_is_written_by_the_lead_and_handed_in_by_its_head(sign_in):
    officer, head = sign_in("ha.nt.tckh"), sign_in("son.lh.tckh")
    officer.goto("/bao-cao-khoi/")
    officer.get_by_role("button", name="Lập báo cáo khối năm 2024").click()
    officer.get_by_label("Hoạt động của khối").fill("Khối ký giao ước, họp hai lần, kiểm tra chéo các phòng.")
    officer.get_by_role("button", name="Lưu", exact=True).click()
    expect(message(officer)).to_contain_text("Đã lưu lúc")
    expect(officer.get_by_text("Chỉ thủ trưởng của đơn vị trưởng khối nộp được.")).to_be_visible()
    head.goto(officer.url)
    head.get_by_label("Đánh giá chung").fill("Các phòng tiết kiệm chi hội nghị, họp trực tuyến nhiều hơn.")
    take(head, "Nộp báo cáo khối", "đã nộp")
    officer.reload()
    expect(officer.locator("main form textarea")).to_have_count(0)


def test_question_at_a_field_is_answered_by_the_lead_and_stands_beside_it(sign_in):
    officer, lead = sign_in("senh.tt.vangmachai"), sign_in("ha.nt.tckh")
    open_own_report(officer)
    figures(officer, "HT1").first.get_by_role("link", name="Hỏi về mục này").click()
    officer.get_by_label("Câu hỏi").fill("Gói thầu chia làm hai phần thì ghi là một hay hai gói thầu?")
    officer.get_by_role("button", name="Gửi câu hỏi").click()
    expect(message(officer)).to_contain_text("Đã gửi câu hỏi về HT1.")
    lead.goto("/hoi-dap/")
    asked = lead.locator(".tt-sheet__in").filter(has_text="Gói thầu chia làm hai phần").get_by_role("link").first
    asked.click()
    lead.get_by_label("Trả lời").fill("Ghi là một gói thầu, theo kế hoạch lựa chọn nhà thầu được duyệt.")
    lead.get_by_role("button", name="Gửi câu trả lời").click()
    expect(message(lead)).to_contain_text("Đã trả lời về HT1")
    open_own_report(officer)
    expect(figures(officer, "HT1").first.locator(".tt-field__side")).to_contain_text("Gói thầu chia làm hai phần")
    expect(figures(officer, "HT1").first.locator(".tt-field__side")).to_contain_text("Ghi là một gói thầu")
