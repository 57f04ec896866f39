"""Whatever happens while somebody types, their words stay: each test lets one thing happen, on a report of its own."""

import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from phongtho_thidua.lib.clock import VIETNAM

from .conftest import type_account
from .pages import (
    SAVED,
    answer_figure,
    block,
    figures,
    leave,
    message,
    narrative,
    open_own_report,
    status_of,
    take,
    value,
)
from .site import SAMPLE_DATE

pytestmark = pytest.mark.browser
UNSENT = "Đường bản Po Chà đã nghiệm thu."
WORDS = "Nhân dân bản Hợp 1 góp 120 ngày công nạo vét mương."


@pytest.fixture
def officer(sign_in) -> Page:
    """The officer of xã Mường So, in its half-written report."""
    page = sign_in("thuy.dt.muongso")
    open_own_report(page)
    return page


def test_words_typed_in_a_lapsed_session_are_there_and_saved_after_sign_in(site, officer):
    officer.context.clear_cookies(name="sessionid")
    field = narrative(officer, "TK5")
    leave(field, WORDS)
    expect(status_of(field)).to_contain_text("Phiên làm việc đã hết hạn. Nội dung đang nhập vẫn còn.")
    status_of(field).get_by_role("link", name="Đăng nhập để tiếp tục.").click()
    expect(officer.get_by_text("Cần đăng nhập để tiếp tục")).to_be_visible()
    type_account(officer, "thuy.dt.muongso", site.password)
    expect(field).to_have_value(WORDS)
    expect(status_of(field)).to_have_text(SAVED)
    officer.reload()
    expect(field).to_have_value(WORDS)


def test_words_typed_before_the_script_has_come_are_saved_when_it_comes(officer):
    held = []
    officer.route("**/autosave*.js", lambda route: held.append(route))  # noqa: PLW0108  Playwright inspects the handler
    officer.reload(wait_until="commit")
    field = narrative(officer, "TK8")
    leave(field, WORDS)
    expect(status_of(field)).to_be_empty()
    held[0].continue_()
    expect(status_of(field)).to_have_text(SAVED)


def test_words_typed_without_network_are_saved_when_it_is_back(officer):
    field = narrative(officer, "TK9")
    officer.context.set_offline(True)
    leave(field, WORDS)
    expect(status_of(field)).to_have_text("Mất kết nối, đã giữ trên máy này. Sẽ lưu khi có mạng.")
    officer.context.set_offline(False)
    expect(status_of(field)).to_have_text(SAVED)
    officer.reload()
    expect(field).to_have_value(WORDS)


@pytest.mark.parametrize(
    ("code", "choice", "kept", "lost"),
    [
        ("HT4", "Giữ bản của tôi", "Bản của thủ trưởng.", "Bản của cán bộ."),
        ("HT5", "Giữ bản của Sùng A Vư", "Bản của cán bộ.", "Bản của thủ trưởng."),
    ],
)
def test_second_editor_compares_and_chooses_and_the_other_words_stay_in_the_history(sign_in, code, choice, kept, lost):
    officer, head = sign_in("vu.sa.tungqualin"), sign_in("nu.ca.tungqualin")
    for page in (officer, head):
        open_own_report(page)
    leave(narrative(officer, code), "Bản của cán bộ.")
    expect(status_of(narrative(officer, code))).to_have_text(SAVED)
    leave(narrative(head, code), "Bản của thủ trưởng.")
    told = block(head, code).get_by_role("alert")
    expect(told).to_contain_text(re.compile(r"Sùng A Vư đã lưu mục này lúc \d\d:\d\d, sau khi bạn mở"))
    for both in ("Bản của cán bộ.", "Bản của thủ trưởng."):
        expect(told).to_contain_text(both)
    told.get_by_role("button", name=choice).click()
    expect(status_of(narrative(head, code))).to_have_text(SAVED)
    head.reload()
    expect(narrative(head, code)).to_have_value(kept)
    expect(head.locator(".tt-history")).to_contain_text(lost)


@pytest.mark.parametrize(
    ("code", "typed", "sentence"),
    [
        ("HT6", "6.4a0", "“6.4a0” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."),
        ("HT6", "12.5", "“12.5”: số thập phân viết bằng dấu phẩy, ví dụ 12,5. Dấu chấm chỉ để ngăn hàng nghìn."),
        ("HT1", "12,5", "“12,5”: chỉ tiêu này ghi số nguyên, không có phần thập phân."),
        ("HT3", "-3", "“-3”: số liệu này không nhỏ hơn 0."),
    ],
)
def test_what_is_no_answer_gets_a_sentence_at_its_field_and_stays_typed(sign_in, code, typed, sentence):
    page = sign_in("xuan.ct.huoiluong")
    open_own_report(page)
    field = value(page, code)
    leave(field, typed)
    expect(figures(page, code).first.locator(".tt-error")).to_have_text(sentence)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
    expect(field).to_have_value(typed)
    expect(status_of(field)).to_contain_text("Chưa lưu được. Lưu lại")
    page.once("dialog", lambda dialog: dialog.accept())  # "leave the page?", as something is not saved
    page.reload()
    expect(field).to_have_value(typed)


def test_comma_opens_decimals_and_points_part_thousands(officer):
    fields = value(officer, "TK4", 0), value(officer, "TK4", 1), value(officer, "TK7")
    for field, typed in zip(fields, ("12,5", "1.234", "1234,50"), strict=True):
        leave(field, typed)
        expect(status_of(field)).to_have_text(SAVED)
    officer.reload()
    for field, read in zip(fields, ("12,5", "1.234", "1.234,5"), strict=True):
        expect(field).to_have_value(read)


def test_part_above_its_whole_is_kept_and_told_at_both_figures_until_it_is_put_right(officer):
    planned, spent = figures(officer, "TK3").nth(0), figures(officer, "TK3").nth(1)
    answer_figure(planned, "8.650")
    answer_figure(spent, "9.240")
    expect(officer.locator("section#TK3 .tt-ratio")).to_contain_text("106,8%")
    problem = spent.locator(".tt-problem")
    expect(problem).to_contain_text(re.compile(r"\(9\.240\) lớn hơn .*\(8\.650\)\. Kiểm tra lại hai số\."))
    why = spent.get_by_label("Giải thích, nguyên nhân")
    leave(why, "Đã đối chiếu với Kho bạc, vốn bổ sung cuối năm.")
    expect(status_of(why)).to_have_text(SAVED)
    officer.reload()
    expect(why).to_have_value("Đã đối chiếu với Kho bạc, vốn bổ sung cuối năm.")
    answer_figure(spent, "8.240")
    expect(problem).to_have_text("")
    expect(officer.locator("section#TK3 .tt-ratio")).to_contain_text("95,3%")


def test_report_submitted_meanwhile_keeps_the_words_beside_the_field_and_says_why(sign_in):
    officer, head = sign_in("may.ct.silolau"), sign_in("lin.pc.silolau")
    for page in (officer, head):
        open_own_report(page)
    officer.route("**/bao-cao/*/muc/*/", lambda route: route.abort())
    leave(narrative(officer, "HT2"), UNSENT)
    expect(status_of(narrative(officer, "HT2"))).to_contain_text("đã giữ trên máy này")
    officer.unroute("**/bao-cao/*/muc/*/")
    take(head, "Nộp báo cáo", "Đã nộp lúc")
    field = narrative(officer, "HT1")
    leave(field, WORDS)
    expect(status_of(field)).to_contain_text("Báo cáo đã nộp. Thủ trưởng đơn vị rút về được")
    expect(status_of(field)).to_contain_text("Nội dung vẫn được giữ.")
    expect(field).to_have_value(WORDS)
    officer.once("dialog", lambda dialog: dialog.accept())  # HT2 is with nobody but this machine
    officer.reload()
    expect(officer.locator("form[data-autosave]")).to_have_count(0)
    expect(block(officer, "HT1").locator(".tt-late")).to_contain_text(WORDS)
    unsent = block(officer, "HT2").locator(".tt-late")
    expect(unsent.get_by_role("textbox", name="Nội dung chưa kịp lưu")).to_have_value(UNSENT)
    unsent.get_by_role("button", name="Bỏ bản này").click()
    officer.reload()
    expect(unsent).to_have_count(0)


def test_two_versions_are_joined_in_the_box(sign_in):
    officer, head = sign_in("vu.sa.tungqualin"), sign_in("nu.ca.tungqualin")
    for page in (officer, head):
        open_own_report(page)
    leave(narrative(officer, "HT6"), "Bản của cán bộ.")
    expect(status_of(narrative(officer, "HT6"))).to_have_text(SAVED)
    leave(narrative(head, "HT6"), "Bản của thủ trưởng.")
    block(head, "HT6").get_by_role("button", name="Ghép hai bản").click()
    expect(status_of(narrative(head, "HT6"))).to_have_text(SAVED)
    head.reload()
    expect(narrative(head, "HT6")).to_have_value("Bản của cán bộ.\nBản của thủ trưởng.")


def test_last_years_words_are_copied_and_called_unchanged(officer):
    field = narrative(officer, "HT2")
    field.fill("")
    block(officer, "HT2").get_by_role("button", name="Chép kết quả năm trước").click()
    expect(field).not_to_be_empty()
    field.press("Tab")
    expect(status_of(field)).to_have_text(SAVED)
    officer.reload()
    expect(block(officer, "HT2")).to_contain_text("Giữ nguyên như năm 2023")


@contextmanager
def locking_soon(office: Page):
    """The period of 2024 is due with the next minute and locks with the one after; afterwards it is as it was."""
    office.goto("/ky-bao-cao/")
    office.get_by_role("link", name="Sửa kỳ báo cáo năm 2024").click()
    places = [office.locator(f"#id_{name}") for name in ("due_at", "locks_at")]
    before = [place.input_value() for place in places]
    address, locks = office.url, datetime.now(VIETNAM).replace(second=0) + timedelta(minutes=2)
    day = date.fromisoformat(SAMPLE_DATE)

    def set_times(times):
        office.goto(address)
        for place, time in zip(places, times, strict=True):
            place.fill(time)
        office.get_by_role("button", name="Lưu thời hạn").click()
        expect(message(office)).to_contain_text("Đã lưu thời hạn")

    set_times(f"{moment:%H:%M} {day:%d/%m/%Y}" for moment in (locks - timedelta(minutes=1), locks))
    try:
        yield (locks - datetime.now(VIETNAM)).total_seconds()
    finally:
        set_times(before)


@pytest.mark.slow
def test_deadline_that_passes_while_somebody_types_keeps_the_words_and_offers_more_time(sign_in):
    office, officer = sign_in("duc.hm.noivu"), sign_in("xuan.ct.huoiluong")
    open_own_report(officer)
    field, late = narrative(officer, "TK9"), block(officer, "TK9").locator(".tt-late")
    with locking_soon(office) as seconds:
        leave(field, "Lưu trước khi khóa.")
        expect(status_of(field)).to_have_text(SAVED)
        office.wait_for_timeout(seconds * 1000 + 1000)
        leave(field, WORDS)
        expect(status_of(field)).to_have_text("Đã quá hạn nộp. Nội dung vẫn được giữ. Xin gia hạn")
        expect(field).to_have_value(WORDS)
        status_of(field).get_by_role("link", name="Xin gia hạn").click()
        expect(officer).to_have_url(re.compile(r"/gia-han/xin/\d+/$"))
        open_own_report(officer)
        expect(late).to_contain_text(WORDS)
        expect(late.get_by_role("link", name="Xin gia hạn")).to_be_visible()
    officer.reload()
    late.get_by_role("button", name="Đưa vào báo cáo").click()
    expect(message(officer)).to_contain_text("Đã đưa vào báo cáo.")
    expect(field).to_have_value(WORDS)
    expect(late).to_have_count(0)


def test_submission_waits_for_the_words_typed_last(sign_in):
    head = sign_in("thanh.dv.noivu")
    open_own_report(head)
    narrative(head, "TK2").fill(WORDS)
    take(head, "Nộp báo cáo", "Đã nộp lúc")
    expect(block(head, "TK2")).to_contain_text(WORDS)


@pytest.mark.slow
def test_summary_ordered_while_the_worker_is_down_waits_says_so_and_runs_when_it_is_back(site, sign_in):
    page = sign_in("thanh.dv.noivu")
    with site.without_worker():
        page.goto("/tong-hop/")
        page.get_by_role("button", name="Lập báo cáo năm 2022").click()
        panel = page.get_by_role("region", name="Lập báo cáo tổng hợp năm 2022")
        expect(panel).to_contain_text("Đã xếp hàng, sắp chạy. Có thể rời trang.")
        expect(panel).to_contain_text("Đang chờ bộ xử lý nền. Việc vẫn xếp hàng", timeout=60_000)
    expect(panel).to_contain_text("Đã lập xong.", timeout=180_000)
    expect(message(page)).to_have_count(0)
