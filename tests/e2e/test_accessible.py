"""Every page of the walk for every role: no complaint of axe-core, nothing wider than a phone, all reached by Tab."""

import json
import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from .conftest import watch
from .pages import figures, leave, narrative, open_own_report, value

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a width or a colour scheme can change; the rest is looked at once for each width.
LOOKS = (
    (1280, "light", EVERYTHING),
    (1280, "dark", ["color-contrast"]),
    (360, "dark", EVERYTHING),
    (360, "light", ["color-contrast"]),
)
ROUND = ("/khen-thuong/", "Khen thưởng hằng năm 2024")
REPORT = ("/bao-cao/", "Năm 2024, ")
# Where each person goes: an address, and the links to follow from there by the beginning of their names.
VISITS = {
    "thuy.dt.muongso": [  # the officer of a commune: a report half written, a nomination returned
        ("/viec-cua-toi/",), ("/bao-cao/",), REPORT, (*REPORT, "Xem bản in"), ("/bao-cao/", "Năm 2023, "),
        ("/khen-thuong/",), ROUND, (*ROUND, "Lập đề nghị"), (*ROUND, "Lập đề nghị", "Chọn cá nhân"),
        ("/khen-thuong/?trang-thai=returned", "Hộ Lò Văn Inh"), ("/them/",), ("/thong-bao/",), ("/ho-so/",),
        ("/mat-khau/",), ("/tieu-chi/",), ("/phong-trao/",), ("/khong-co-trang-nay/",), ("/tien-do/2024/",),
        (*REPORT, "Làm bằng Excel"), ("/minh-chung/",), ("/dang-ky/",), ("/dang-ky/", "Năm 2024, "), ("/ky-bao-cao/",),
        ("/ky-bao-cao/", "Xin gia hạn báo cáo năm 2024"), ("/hoi-dap/",), ("/kiem-tra/", "UBND xã Mường So"),
    ],
    "chieu.pa.pavaysu": [  # of a commune: a figure returned, points to claim
        REPORT, (*REPORT, "Toàn bộ diễn biến"), (*REPORT, "Các bản đã nộp"), ("/bang-diem/",), ("/khoi/",),
    ],
    "may.st.daosan": [("/bao-cao/", "Năm 2023, ", "Các bản đã nộp", "So sánh với bản trước")],
    "ha.nt.tckh": [  # a sector lead that also leads a cluster
        ("/tham-tra/",), ("/tham-tra/", "Mở ô còn chờ đầu tiên"), ("/huong-dan/",), ("/hoi-dap/",), ("/kiem-tra/",),
        ("/bao-cao-khoi/",), ("/kiem-tra/moi/",),
    ],
    "hanh.lt.namxe": [("/bao-cao-khoi/", "Khối thi đua các xã vùng cao"), ("/kiem-tra/", "UBND xã Nậm Xe")],
    "pao.va.muongso": [("/viec-cua-toi/",), REPORT, ("/khen-thuong/?trang-thai=returned", "Hộ Lò Văn Inh")],  # head
    "nhung.ht.paso": [("/viec-cua-toi/",), REPORT],  # of a company
    "sua.gt.hnd": [("/viec-cua-toi/",), REPORT],  # of a union
    "huong.bt.noivu": [
        ("/viec-cua-toi/",), ("/tien-do/",), ("/tien-do/2022/",), ("/xem-xet/",), ("/xem-xet/", "UBND xã Dào San"),
        ("/khen-thuong/",), (*ROUND, "Đổi thời gian"), ("/khen-thuong/xet/",), ("/tong-hop/",), ("/don-vi/",),
        ("/don-vi/", "UBND xã Nậm Xe"), ("/don-vi/them/",), ("/ky-bao-cao/",), ("/hop-cho-gui/",),
        ("/hop-cho-gui/", "Nhắc lần"), ("/gia-han/",), ("/gia-han/", "Huổi Luông"), ("/khoi/",),
        ("/dang-ky/nam/2024/",),
    ],
    "tung.pv.quantri": [("/viec-cua-toi/",), ("/tai-khoan/",), ("/tai-khoan/", "Lò Thị Hạnh"), ("/tai-khoan/them/",)],
}  # fmt: skip


def go(page: Page, address: str, *links: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})  # where every link has its full name
    page.goto(address)
    for name in links:
        page.locator("main").get_by_role("link", name=re.compile(rf"^{re.escape(name)}")).first.click()
        page.wait_for_load_state()


def complaints(page: Page) -> list[str]:
    """What is wrong with the page as it stands, with every part of it opened, in all four looks."""
    page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true; })")
    page.evaluate(AXE_SCRIPT)
    return [said for look in LOOKS for said in _in_look(page, *look)]


def _in_look(page: Page, width: int, scheme: str, rules: list[str]):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    where = f"{urlsplit(page.url).path}, {width}, {scheme}:"
    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
    if (wide := page.evaluate("document.scrollingElement.scrollWidth")) > width:
        yield f"{where} {wide} wide"
    options = json.dumps({"runOnly": rules, "resultTypes": ["violations"]})
    for violation in page.evaluate(f"axe.run({options}).then(found => found.violations)"):
        places = [node["target"] for node in violation["nodes"]][:3]
        yield f"{where} {violation['id']} ({violation['impact']}) at {places}"


@pytest.mark.parametrize("username", VISITS)
def test_every_page_of_this_person_has_nothing_to_complain_about(sign_in, username):
    page = sign_in(username)
    found = []
    for visit in VISITS[username]:
        go(page, *visit)
        found += complaints(page)
    assert found == []


def test_sign_in_page_has_nothing_to_complain_about_before_and_after_a_refusal(page, troubles):
    watch(page, troubles)
    page.goto("/bao-cao/")
    found = complaints(page)
    page.get_by_label("Tên đăng nhập").fill("khong.co.ai")
    page.get_by_label("Mật khẩu").fill("không phải mật khẩu")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("main")).to_contain_text("Tên đăng nhập hoặc mật khẩu chưa đúng. Còn 4 lần thử.")
    assert found + complaints(page) == []


def test_report_in_trouble_has_nothing_to_complain_about(sign_in):
    """A number that is none, an answer that somebody else saved, words without network."""
    page, other = sign_in("tam.vt.che"), sign_in("kien.nd.che")
    for one in (page, other):
        open_own_report(one)
    leave(value(page, "TC2"), "6.4a0")
    expect(page.locator(".tt-error")).to_have_count(1)
    leave(narrative(other, "TC3"), "Bản của thủ trưởng.")
    expect(other.get_by_text("Đã lưu lúc")).to_be_visible()
    leave(narrative(page, "TC3"), "Bản của cán bộ.")
    expect(page.get_by_role("button", name="Giữ bản của tôi")).to_be_visible()
    page.context.set_offline(True)
    leave(narrative(page, "TC1"), "Tiết kiệm điện ở xưởng.")
    expect(page.get_by_text("Mất kết nối")).to_be_visible()
    found = complaints(page)
    page.context.set_offline(False)
    assert found == []


def test_refused_steps_have_nothing_to_complain_about(sign_in):
    head, reviewer = sign_in("thuc.vv.ttvh"), sign_in("huong.bt.noivu")
    open_own_report(head)
    head.get_by_role("button", name="Nộp báo cáo", exact=True).click()
    expect(head.get_by_role("alert")).to_be_visible()
    go(reviewer, "/xem-xet/", "UBND xã Ma Li Pho")
    reviewer.get_by_label("Trả lại chỗ này").first.check()
    reviewer.get_by_text("Trả lại chỗ đã chọn…").click()
    reviewer.get_by_label("Lý do, việc cần sửa").fill("Thiếu số")
    reviewer.get_by_role("button", name="Trả lại, xem tiếp").click()
    expect(reviewer.get_by_text("Chưa ghi lý do.")).to_be_visible()
    assert complaints(head) + complaints(reviewer) == []


def test_summary_has_nothing_to_complain_about_with_the_origin_of_a_figure_open(sign_in):
    page = sign_in("duc.hm.noivu")
    page.goto("/tong-hop/")
    page.get_by_role("row", name="2023").get_by_role("button").click()
    expect(page.get_by_text("Đã lập xong.")).to_be_visible(timeout=180_000)
    found = complaints(page)
    page.get_by_role("link", name="Xem dự thảo").click()
    page.locator("article.tt-doc a").first.click()
    expect(page.get_by_text("Con số này từ đâu")).to_be_visible()
    assert found + complaints(page) == []


# What has the focus: its name, whether the ring is drawn, and whether something else lies over it.
_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const x = Math.min(Math.max(box.x + Math.min(box.width, 40) / 2, 0), innerWidth - 1);
  const y = box.y + Math.min(box.height, 20) / 2;
  const top = document.elementFromPoint(x, y);
  const labels = [...(one.labels ?? [])];
  const free = top && (one.contains(top) || top.contains(one) || labels.some((label) => label.contains(top)));
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {name: one.name || one.id || one.textContent.trim(), drawn, free: Boolean(free)};
}"""
# The answers of the form that can be seen; of the radios of one question one has a stop.
_ASKED = """[...new Set([...document.querySelectorAll("form[data-autosave] :is(input, select, textarea)")]
  .filter((one) => one.offsetParent && one.type !== "hidden").map((one) => one.name))]"""


@pytest.mark.parametrize("width", [1280, 360])
def test_tab_reaches_every_field_of_a_report_and_shows_where_it_is(sign_in, width):
    page = sign_in("chinh.va.dulich", viewport={"width": width, "height": 740})
    open_own_report(page)
    expect(figures(page, "TC1").first).to_be_visible()
    asked, stops = page.evaluate(_ASKED), []
    page.locator(".tt-skip").focus()
    while stop := page.evaluate(_FOCUS):
        stops.append(stop)
        page.keyboard.press("Tab")
        assert len(stops) < 300
    assert [stop for stop in stops if not (stop["drawn"] and stop["free"])] == []
    assert [name for name in asked if name not in {stop["name"] for stop in stops}] == []
