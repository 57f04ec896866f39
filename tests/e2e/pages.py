"""What people do on the pages, in their words; a test reads as what they did. Nothing here sleeps, all expects."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

SAVED = re.compile(r"^Đã lưu lúc \d\d:\d\d$")
YEAR = 2024


@dataclass(frozen=True)
class NotApplicable:
    reason: str


@dataclass(frozen=True)
class NoData:
    expected_on: str


YES = "Có"
Said = str | NotApplicable | NoData


def open_own_report(page: Page, year: int = YEAR) -> None:
    """By the list of reports; a report that does not exist yet is begun."""
    page.goto("/bao-cao/")
    row = page.get_by_role("row", name=f"Năm {year},")
    begin = row.get_by_role("button", name=f"Lập báo cáo năm {year}")
    (begin if begin.count() else row.get_by_role("link", name=f"Năm {year},")).first.click()
    expect(page.get_by_role("heading", level=1, name=f"Báo cáo năm {year}")).to_be_visible()


def block(page: Page, code: str) -> Locator:
    return page.locator(f"section#{code}")


def figures(page: Page, code: str) -> Locator:
    return block(page, code).locator(".tt-figure")


def value(page: Page, code: str, number: int = 0) -> Locator:
    """The input of the value of the criterion's figure `number`."""
    return figures(page, code).nth(number).get_by_role("textbox").first


def narrative(page: Page, code: str) -> Locator:
    return block(page, code).get_by_role("textbox", name=re.compile("^Kết quả thực hiện"))


def status_of(inside: Locator) -> Locator:
    """The line beside an answer that says whether it is saved; `inside` is one of its inputs."""
    return inside.locator("xpath=ancestor::*[@data-field]").locator(".tt-save")


def leave(field: Locator, typed: str) -> None:
    """Type and go on to the next field."""
    field.fill(typed)
    field.press("Tab")


def answer_figure(figure: Locator, said: Said) -> None:
    match said:
        case NotApplicable(reason):
            figure.get_by_role("radio", name="Không áp dụng").check()
            leave(figure.get_by_label("Lý do không áp dụng"), reason)
        case NoData(day):
            figure.get_by_role("radio", name="Chưa có số liệu").check()
            leave(figure.get_by_label("Ngày dự kiến có số liệu"), day)
        case "Có":
            figure.get_by_role("radio", name=YES, exact=True).check()
        case _:
            leave(figure.get_by_role("textbox").first, said)


def answer_criterion(page: Page, code: str, told: str, said: list[Said], grade: str = "Hoàn thành tốt") -> None:
    """Every field of one criterion, and then each of its answers says that it is saved."""
    asked = figures(page, code)
    expect(asked).to_have_count(len(said))
    for number, one in enumerate(said):
        answer_figure(asked.nth(number), one)
    leave(narrative(page, code), told)
    block(page, code).get_by_label("Tự đánh giá").select_option(grade)
    expect(block(page, code).locator(".tt-save")).to_have_text([SAVED] * (len(said) + 1))


def take(page: Page, step: str, told: str | re.Pattern) -> None:
    """A step without a question, from its button to what the page says afterwards."""
    page.get_by_role("button", name=step, exact=True).click()
    expect(message(page)).to_contain_text(told)


def take_with_reason(page: Page, step: str, reason: str) -> None:
    """A step that asks why; its form opens unless a refusal has opened it already."""
    ask = page.locator("details.tt-ask").filter(has_text=re.compile(rf"^\s*{re.escape(step)}"))
    if ask.get_attribute("open") is None:
        ask.locator("summary").click()
    ask.get_by_label("Lý do").fill(reason)
    ask.get_by_role("button", name=step, exact=True).click()


def message(page: Page) -> Locator:
    return page.locator(".tt-messages")


def history(page: Page) -> list[str]:
    """Who did what, newest first, as the page of the object tells it."""
    expect(page.locator(".tt-history")).to_be_visible()
    return [" ".join(text.split()) for text in page.locator(".tt-history li > div").all_inner_texts()]
