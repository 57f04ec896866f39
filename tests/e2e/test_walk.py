"""The main job of issue A from end to end, as one story: each function is one thing that somebody does."""

import re
from collections.abc import Iterable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from phongtho_thidua.lib.documents.model import SAMPLE_MARK
from phongtho_thidua.lib.documents.words import split_words
from tests.lib.documents_reading import docx_words, pdf_words, xlsx_words

from .pages import (
    SAVED,
    YES,
    NoData,
    NotApplicable,
    answer_criterion,
    answer_figure,
    block,
    figures,
    history,
    leave,
    message,
    narrative,
    open_own_report,
    status_of,
    take,
    take_with_reason,
    value,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NO_FOREST = NotApplicable("Xã không có dự án lồng ghép vốn trong năm 2024.")
NOT_COUNTED = NoData("10/02/2025")
# {criterion: (own words, an answer for each figure)}: whole, decimal and zero, and all of the three answers.
COMMUNE = {
    "HT1": ("Công khai quy hoạch tại trụ sở và 9 nhà văn hóa bản.", ["12", "12"]),
    "HT2": ("Hoàn thành 6 công trình, 1 công trình chậm do mưa lũ.", ["8", "5", "1", "2"]),
    "HT3": ("Niêm yết đủ thủ tục, tiếp dân hằng tuần.", ["1.240", "1.198"]),
    "HT4": ("Chưa có công trình dùng công nghệ số.", ["0"]),
    "HT5": ("Giới thiệu 35 lao động học nghề xây dựng.", []),
    "HT6": ("Huy động làm đường vào khu sản xuất Bản Màu.", ["8.650", "7.962,5", "420", "1.500", "2.300"]),
    "TK1": ("Ban hành Chương trình ngày 15/01/2024.", [YES]),
    "TK2": ("Công khai định mức trên bảng tin.", []),
    "TK3": ("Tiết kiệm điện, nước, văn phòng phẩm.", ["14.200", "11.502"]),
    "TK4": ("Chưa quyết toán xong hai công trình.", ["120,5", NOT_COUNTED]),
    "TK5": ("Không thành lập thêm đơn vị sự nghiệp.", []),
    "TK6": ("Bán đấu giá một điểm trường cũ.", ["35", "4", "3"]),
    "TK7": ("Lồng ghép trong kế hoạch trung hạn của huyện.", [NO_FOREST]),
    "TK8": ("Giao rừng cho 9 cộng đồng bản.", ["16.210,55", "7.835,2"]),
    "TK9": ("Rà soát thủ tục cấp xã.", ["3", "2"]),
}
SHORT_REASON = "Thiếu số"
REASON = "HT6: số Nhân dân đóng góp chưa nêu công trình. Ghi rõ công trình rồi nộp lại."
CORRECTED = "Huy động làm đường vào khu sản xuất Bản Màu dài 1,2 km, 62 hộ góp công."
EXPLANATION = "Đã đối chiếu với sổ theo dõi của xã, số ghi là đúng."
ROUND = "2024"
STEPS = [
    "Chốt số liệu",
    "Tình hình báo cáo",
    "Đăng ký thi đua",
    "Kết quả phát triển kết cấu hạ tầng",
    "Kết quả thực hành tiết kiệm, chống lãng phí",
    "Kết quả của Mặt trận Tổ quốc, đoàn thể",
    "Kết quả của các tổ chức, doanh nghiệp, hợp tác xã",
    "Khen thưởng",
    "Đánh giá chung",
    "Tự đánh giá theo đơn vị",
    "Số liệu theo đơn vị",
    "Chênh lệch giữa số báo cáo và số công nhận",
    "Danh sách đủ điều kiện khen thưởng",
    "Bản PDF",
    "Bản Word",
    "Bản Excel",
]


def test_main_job_from_the_empty_report_to_the_printed_summary(sign_in):
    officer, head, reviewer = (sign_in(name) for name in ("hanh.lt.namxe", "sai.ta.namxe", "duc.hm.noivu"))
    officer_finds_the_report_due_and_fills_it(officer)
    nothing_is_lost_by_a_reload(officer)
    cooperative_and_front_get_other_forms(sign_in)
    counted = on_time(reviewer)
    head_reads_prints_and_submits(head)
    officer_can_only_read_now(officer)
    head_withdraws_and_submits_again(head)
    reviewer_sees_the_board(reviewer, counted + 1)
    reviewer_returns_the_report(reviewer)
    unit_corrects_and_submits_again(officer, head)
    reviewer_accepts_and_gets_the_next(reviewer)
    report_tells_its_history(officer)
    nominations = {kind: head_nominates(head, kind) for kind in ("Tập thể", "Cá nhân", "Hộ gia đình")}
    reviewer_judges(reviewer, nominations)
    head_supplements_what_came_back(head, reviewer, nominations["Cá nhân"])
    reviewer_orders_the_summary(reviewer)
    summary_is_the_same_on_screen_and_in_every_file(reviewer)


def officer_finds_the_report_due_and_fills_it(page: Page):
    due = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Báo cáo năm 2024, UBND xã Nậm Xe"))
    expect(due.first).to_contain_text("Hạn nộp 17:00 ngày 13/12/2024")
    open_own_report(page)
    expect(page.locator("section.tt-block")).to_have_count(len(COMMUNE))
    for code, (told, said) in COMMUNE.items():
        answer_criterion(page, code, told, said)
    expect(block(page, "HT6").locator(".tt-ratio")).to_contain_text("tự tính: 92,1%")
    explain_what_is_doubtful(page)


def explain_what_is_doubtful(page: Page):
    """A jump against last year, parts that do not add up: each is told at its figure and asks why."""
    asked = page.locator(".tt-explain:visible textarea")
    expect(asked).to_have_count(4)
    for field in asked.all():
        leave(field, EXPLANATION)
        expect(status_of(field)).to_have_text(SAVED)


def nothing_is_lost_by_a_reload(page: Page):
    page.reload()
    for code, (told, _) in COMMUNE.items():
        expect(narrative(page, code)).to_have_value(told)
    expect(page.get_by_text("Đã đủ mọi tiêu chí.")).to_be_visible()
    assert [value(page, "HT6", number).input_value() for number in range(5)] == COMMUNE["HT6"][1]
    expect(value(page, "HT4")).to_have_value("0")
    expect(figures(page, "TK1").get_by_role("radio", name=YES, exact=True)).to_be_checked()
    expect(figures(page, "TK4").nth(1).get_by_label("Ngày dự kiến")).to_have_value(NOT_COUNTED.expected_on)
    expect(figures(page, "TK7").get_by_label("Lý do không áp dụng")).to_have_value(NO_FOREST.reason)


def cooperative_and_front_get_other_forms(sign_in):
    for username, codes in (("do.st.dulich", ["TC1", "TC2", "TC3"]), ("mai.lt.mttq", ["MT1", "MT2", "MT3"])):
        page = sign_in(username)
        open_own_report(page)
        assert [one.get_attribute("id") for one in page.locator("section.tt-block").all()] == codes
        answer_criterion(page, codes[2], "Đã làm trong năm.", ["0"] * figures(page, codes[2]).count())


def head_reads_prints_and_submits(page: Page):
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Đọc và nộp").click()
    page.get_by_role("link", name="Xem bản in").click()
    expect(page.get_by_role("heading", level=1, name="Báo cáo năm 2024")).to_be_visible()
    printed = squeezed(one.extract_text() for one in PdfReader(BytesIO(page.pdf())).pages)
    figures_said = ("7.962,5", "92,1%", "10/02/2025", NO_FOREST.reason, "Thủ trưởng", "Lò Thị Hạnh")
    for words in (*(told for told, _ in COMMUNE.values()), *figures_said):
        assert squeezed([words]) in printed
    page.get_by_role("link", name="Về báo cáo").click()
    take(page, "Nộp báo cáo", re.compile(r"Đã nộp lúc .*02/12/2024\. Phiếu tiếp nhận số BC-2024-\d{4}\."))


def squeezed(texts: Iterable[str]) -> str:
    """Without white space: a reader of PDF files sees gaps beside letters with accents."""
    return "".join("".join(texts).split())


def officer_can_only_read_now(page: Page):
    page.reload()
    expect(page.locator("form[data-autosave]")).to_have_count(0)
    expect(block(page, "HT6")).to_contain_text("7.962,5 triệu đồng")
    expect(page.get_by_role("button", name="Rút báo cáo về")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("Chỉ thủ trưởng đơn vị rút về được")).to_be_visible()


def head_withdraws_and_submits_again(page: Page):
    take(page, "Rút báo cáo về", "Đã rút báo cáo về. Nộp lại trước 17:00 ngày 13/12/2024.")
    expect(page.locator("form[data-autosave]")).to_have_count(1)
    take(page, "Nộp báo cáo", "Đã nộp lúc")


def on_time(page: Page) -> int:
    """How many units have reported in time, from the board; its parts add up to the units expected."""
    page.goto("/tien-do/")
    facts = [int(text.split()[0]) for text in page.locator(".tt-facts dd").all_inner_texts()]
    expected = int(re.search(r"(\d+) đơn vị phải nộp", page.locator("main").inner_text())[1])
    assert sum(facts) == expected == page.locator(".tt-board tbody tr").count()
    return facts[0]


def reviewer_sees_the_board(page: Page, reported: int):
    assert on_time(page) == reported
    row = page.get_by_role("row", name="Nậm Xe")
    expect(row).to_contain_text("Chờ xem xét")
    expect(row).to_contain_text("15 trên 15")


def open_from_queue(page: Page):
    page.goto("/xem-xet/")
    page.get_by_role("link", name="UBND xã Nậm Xe").click()
    take(page, "Mở xem xét", "UBND xã Nậm Xe: đang xem xét.")


def reviewer_returns_the_report(page: Page):
    open_from_queue(page)
    picks = block(page, "HT6").get_by_label("Trả lại chỗ này")
    for place in (0, 5):  # the unit's own words, and the fifth figure
        picks.nth(place).check()
    page.get_by_text("Trả lại chỗ đã chọn…").click()
    reason = page.locator("#tra-lai").get_by_label("Lý do, việc cần sửa")
    for words in (SHORT_REASON, REASON):
        reason.fill(words)
        page.get_by_role("button", name="Trả lại, xem tiếp").click()
        if words == SHORT_REASON:
            expect(page.get_by_text("Chưa ghi lý do. Cần ít nhất 20 ký tự để người nhận hiểu.")).to_be_visible()
            expect(reason).to_have_value(SHORT_REASON)
            expect(picks.nth(5)).to_be_checked()
    expect(message(page)).to_contain_text("UBND xã Nậm Xe: đã trả lại 2 chỗ để sửa.")
    expect(page.get_by_role("link", name="UBND xã Nậm Xe")).to_have_count(0)


def unit_corrects_and_submits_again(officer: Page, head: Page):
    officer.goto("/viec-cua-toi/")
    expect(officer.locator("main")).to_contain_text(REASON)
    officer.get_by_role("link", name=re.compile("^Sửa báo cáo *:")).click()
    expect(officer.get_by_role("region", name="Phòng Nội vụ trả lại HT6")).to_contain_text("Hoàng Minh Đức")
    expect(narrative(officer, "HT1")).to_have_count(0)
    narrative(officer, "HT6").fill(CORRECTED)
    narrative(officer, "HT6").press("Tab")
    expect(status_of(narrative(officer, "HT6"))).to_contain_text("Đã lưu lúc")
    answer_figure(figures(officer, "HT6").nth(4), "2.360")
    expect(status_of(value(officer, "HT6", 4))).to_contain_text("Đã lưu lúc")
    open_own_report(head)
    expect(narrative(head, "HT6")).to_have_value(CORRECTED)
    take(head, "Gửi lại", "Đã nộp lúc")


def reviewer_accepts_and_gets_the_next(page: Page):
    open_from_queue(page)
    expect(block(page, "HT6")).to_contain_text(CORRECTED)
    place = page.get_by_role("navigation", name="Hàng đợi xem xét")
    number, total = map(int, re.findall(r"\d+", place.locator("b").inner_text()))
    assert number == total > 1  # the last to come
    expect(page.get_by_role("region", name="Đơn vị đã sửa từ lần xem trước")).to_contain_text(CORRECTED)
    accept(page, "UBND xã Nậm Xe: đã chấp nhận.")
    page.get_by_role("row", name="1 ").first.get_by_role("link").click()
    expect(place).to_contain_text(f"Báo cáo 1 trên {total - 1} trong hàng đợi")
    first = page.url
    take(page, "Mở xem xét", "đang xem xét.")
    accept(page, "đã chấp nhận.")
    expect(place).to_contain_text(f"Báo cáo 1 trên {total - 2} trong hàng đợi")
    assert page.url != first


def accept(page: Page, told: str):
    """No office has verified the figures in this walk, and accepting them unverified asks why."""
    take_with_reason(page, "Chấp nhận, xem tiếp", "Các phòng chưa thẩm tra, chấp nhận để kịp tổng hợp.")
    expect(message(page)).to_contain_text(told)


def report_tells_its_history(page: Page):
    open_own_report(page)
    page.get_by_role("link", name="Toàn bộ diễn biến").click()
    told = history(page)
    who = [*["Hoàng Minh Đức"] * 4, "Tẩn A Sài", "Lò Thị Hạnh", "Lò Thị Hạnh", "Hoàng Minh Đức",
           "Hoàng Minh Đức", "Tẩn A Sài", "Tẩn A Sài", "Tẩn A Sài", "Lò Thị Hạnh"]  # fmt: skip
    what = ["xem lại, đã được: HT6", "xem lại, đã được: HT6", "chấp nhận báo cáo", "mở xem xét",
            "gửi lại báo cáo đã sửa", "sửa HT6", "sửa HT6", "trả lại HT6",
            "mở xem xét", "nộp báo cáo", "rút báo cáo về để sửa", "nộp báo cáo", "lập báo cáo"]  # fmt: skip
    assert [(one.startswith(name), deed in one) for one, name, deed in zip(told, who, what, strict=True)] == [
        (True, True)
    ] * len(who)
    assert f"“{REASON}”" in told[7]


def head_nominates(page: Page, kind: str) -> str:
    """The nomination's address, once it is with Phòng Nội vụ."""
    page.goto("/khen-thuong/")
    page.get_by_role("region", name="Danh sách đợt").get_by_role("link", name=ROUND).click()
    page.get_by_role("link", name="Lập đề nghị").click()
    page.get_by_role("link", name=f"Chọn {kind}").click()
    if kind != "Tập thể":
        page.get_by_label("Họ và tên").fill(f"Vàng Thị {kind.title().replace(' ', '')}")
        page.get_by_label("Năm sinh").fill("1979")
        page.get_by_label("Nơi ở").fill("Bản Màu, xã Nậm Xe")
    page.get_by_label("Hình thức khen thưởng").select_option("Giấy khen của Chủ tịch UBND huyện")
    page.get_by_label("Thành tích").fill(
        "Hiến 320 m² đất và góp 45 ngày công làm đường vào khu sản xuất Bản Màu năm 2024; vận động 12 hộ cùng làm."
    )
    page.get_by_role("button", name="Lưu bản soạn").click()
    expect(message(page)).to_contain_text("Đã lưu bản soạn.")
    take(page, "Trình Phòng Nội vụ", "Đã ghi: trình đề nghị")
    return page.url


def judge(page: Page, address: str, step: str, reason: str):
    page.goto(f"/khen-thuong/xet/?de-nghi={address.rstrip('/').rpartition('/')[2]}")
    take_with_reason(page, step, "Chưa rõ")
    expect(page.get_by_text("Chưa ghi lý do. Cần ít nhất 20 ký tự để người nhận hiểu.")).to_be_visible()
    take_with_reason(page, step, reason)
    expect(message(page)).to_contain_text("Đã ghi:")


def reviewer_judges(page: Page, nominations: dict[str, str]):
    judge(page, nominations["Cá nhân"], "Trả lại bổ sung", "Bổ sung xác nhận của trưởng bản về số ngày công.")
    judge(page, nominations["Tập thể"], "Đủ điều kiện", "Báo cáo đã chấp nhận, thành tích có số liệu rõ.")
    judge(page, nominations["Hộ gia đình"], "Không đủ điều kiện", "Phần đất đã được bồi thường, không phải đất hiến.")
    for kind, state in (("Tập thể", "Đủ điều kiện"), ("Hộ gia đình", "Không đủ điều kiện")):
        page.goto(nominations[kind])
        expect(page.locator(".tt-head .tt-status")).to_have_text(state)
        told = history(page)
        assert (told[0].startswith("Hoàng Minh Đức"), told[-1].startswith("Tẩn A Sài")) == (True, True)


def head_supplements_what_came_back(head: Page, reviewer: Page, address: str):
    head.goto("/viec-cua-toi/")
    head.get_by_role("link", name=re.compile("^Bổ sung *:")).click()
    expect(head.locator("main")).to_contain_text("Bổ sung xác nhận của trưởng bản về số ngày công.")
    told = head.get_by_label("Thành tích")
    told.fill(f"{told.input_value()} Trưởng bản Màu xác nhận ngày 29/11/2024.")
    take(head, "Trình Phòng Nội vụ", "Đã ghi: trình đề nghị")
    judge(reviewer, address, "Đủ điều kiện", "Đã có xác nhận của trưởng bản về số ngày công.")


def reviewer_orders_the_summary(page: Page):
    page.goto("/tong-hop/")
    page.get_by_role("button", name="Lập báo cáo năm 2024").click()
    panel = page.get_by_role("region", name="Lập báo cáo tổng hợp năm 2024")
    expect(panel.get_by_text("Đã lập xong.")).to_be_visible(timeout=180_000)
    assert [(one.inner_text(), one.get_attribute("data-tone")) for one in panel.get_by_role("listitem").all()] == [
        (step, "done") for step in STEPS
    ]
    panel.get_by_role("link", name="Xem dự thảo 1").click()
    expect(page.locator("article.tt-doc")).to_be_visible()
    made, ordered = history(page)
    assert made.startswith("Hệ thống lập xong dự thảo 1")
    assert ordered == "Hoàng Minh Đức, Cán bộ đầu mối, Phòng Nội vụ, đặt lập văn bản"


def summary_is_the_same_on_screen_and_in_every_file(page: Page):
    read = {"PDF": pdf_words, "Word": docx_words, "Excel": xlsx_words}
    pdf, word, excel = (words(downloaded(page, face)) for face, words in read.items())
    assert excel == [*SAMPLE_MARK.split(), *word]
    assert comes_in_order(word, pdf)  # where a table goes on on the next page, paper repeats its head
    assert set(pdf) == set(word)
    screen = split_words([page.locator("article.tt-doc").inner_text()])
    assert numbers(screen) == numbers(word)
    for figure in COMMUNE["HT6"][1][:2]:
        assert figure in numbers(word)
    figure = page.locator("article.tt-doc a[href*='HT6.von_giai_ngan']").first
    total = figure.inner_text()
    figure.click()
    origin = page.get_by_role("complementary", name=re.compile("Vốn đã giải ngân|giải ngân"))
    expect(origin).to_contain_text(total)
    expect(origin.get_by_role("link", name="Nậm Xe")).to_be_visible()


def comes_in_order(words: list[str], longer: list[str]) -> bool:
    rest = iter(longer)
    return all(word in rest for word in words)


def downloaded(page: Page, face: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Tải {face}").first.click()
    return download.value.path().read_bytes()


def numbers(words: list[str]) -> list[str]:
    return [word for word in words if re.fullmatch(r"\d[\d.,]*%?", word)]
