"""A real browser on the real site. Every page is watched: an error of script, policy or server fails its test."""

import os
import re
import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from .site import running

# Playwright's own event loop is no reason to refuse the database to the other tests of this process.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

expect.set_options(timeout=30_000)
# The answers with which the site says no in words; an image or a script that is refused is a mistake.
REFUSALS = {"document": {403, 404, 409, 422}, "fetch": {401, 409, 422, 423}}
WORKER = re.compile(r"\d+$")


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    number = int(found[0]) if (found := WORKER.search(worker_id)) else 0
    with running(tmp_path_factory.mktemp("site"), number) as one:
        yield one


@pytest.fixture(scope="session")
def base_url(site):
    return site.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    return {**browser_type_launch_args, "executable_path": path, "args": [*args, "--disable-gpu"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "reduced_motion": "reduce",  # a colour that is still changing has no contrast to judge
    }


@pytest.fixture
def troubles():
    """What went wrong in any page of the test; anything in it fails the test."""
    seen: list[str] = []
    yield seen
    assert seen == []


def watch(page: Page, troubles: list[str]) -> None:
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: said.type in ("error", "warning") and _hear(said.text, troubles))
    page.on("response", lambda answer: _judge(answer, troubles))


def _hear(text: str, troubles: list[str]) -> None:
    """What the policy refuses is told here; which requests went wrong is for `_judge`."""
    if not text.startswith("Failed to load resource"):
        troubles.append(text)


def _judge(answer: Response, troubles: list[str]) -> None:
    if answer.status >= 400 and answer.status not in REFUSALS.get(answer.request.resource_type, ()):
        troubles.append(f"{answer.status} {answer.url}")


@pytest.fixture
def sign_in(site, new_context, troubles):
    """`sign_in("hanh.lt.namxe")`: a page of a browser of their own in which this person has signed in."""

    def enter(username: str, **options) -> Page:
        context = new_context(**options)
        context.set_default_timeout(60_000)
        page = context.new_page()
        watch(page, troubles)
        page.goto("/dang-nhap/")
        type_account(page, username, site.password)
        return page

    return enter


def type_account(page: Page, username: str, password: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: urlsplit(url).path != "/dang-nhap/")
