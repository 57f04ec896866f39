"""What `scripts/pictures` runs: people of the demonstration open their pages, the browser takes pictures."""

import shutil
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.site import ROOT, Site, running

FOLDER = ROOT / "docs" / "pictures"
SIZE = {"width": 1280, "height": 800}
PAPER_DPI = 80
LONG_JOB = 180_000  # milliseconds


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), 0) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        people = ("thuy.dt.muongso", "chieu.pa.pavaysu", "ha.nt.tckh", "duc.hm.noivu")
        officer, returned, lead, reviewer = (enter(browser, site, name) for name in people)
        take(officer, "viec-cua-toi")
        officer.get_by_role("link", name="Viết tiếp").click()
        take(officer, "bao-cao")
        returned.get_by_role("link", name="Sửa báo cáo").first.click()
        take(returned, "bi-tra-lai")
        lead.goto("/tham-tra/")
        lead.get_by_role("link", name="Mở ô còn chờ đầu tiên").click()
        take(lead, "tham-tra")
        reviewer.goto("/hop-cho-gui/")
        reviewer.get_by_role("link", name="Nhắc lần 2").click()
        take(reviewer, "hop-cho-gui")
        reviewer.goto("/tien-do/")
        take(reviewer, "tien-do")
        paper = order_summary(reviewer, 2023)
        take(reviewer, "tong-hop")
        draw_paper(paper)
        browser.close()


def enter(browser: Browser, site: Site, username: str) -> Page:
    context = browser.new_context(
        base_url=site.url, viewport=SIZE, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", color_scheme="light"
    )
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(site.password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("heading", name="Việc của tôi").wait_for()
    return page


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    shrink(FOLDER / f"{name}.png")


def order_summary(page: Page, year: int) -> Path:
    """The year whose reports are all in; afterwards the page shows where one figure comes from."""
    page.goto("/tong-hop/")
    page.get_by_role("button", name=f"Lập báo cáo năm {year}").click()
    page.get_by_text("Đã lập xong.").wait_for(timeout=LONG_JOB)
    page.get_by_role("link", name="Xem dự thảo 1").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải PDF").click()
    page.locator("article a[href*='HT6.ty_le_giai_ngan']").first.click()
    return download.value.path()


def draw_paper(path: Path) -> None:
    """The first page and the first one across."""
    pages = list(pypdfium2.PdfDocument(path))
    across = next(page for page in pages if page.get_width() > page.get_height())
    for name, page in (("giay-trang-dau", pages[0]), ("giay-phu-luc", across)):
        picture = FOLDER / f"{name}.png"
        page.render(scale=PAPER_DPI / 72).to_pil().save(picture)
        shrink(picture)


def shrink(picture: Path) -> None:
    """Few colours: the pages have no more, and a reader of the README waits less. Rare ones (a state, a count) stay."""
    with Image.open(picture) as image:
        few = image.convert("RGB").quantize(192, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


if __name__ == "__main__":
    main()
