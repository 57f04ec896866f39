"""What the tags and components of every page promise to the templates that use them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings as site
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string

from phongtho_thidua.lib.tones import ICONS, OVERDUE_ICON, Tone
from phongtho_thidua.lib.workflow import Choice, Step

EVENING = datetime(2024, 12, 18, 17, 42, tzinfo=UTC)  # 00:42 on 19/12/2024 in Vietnam
SPRITE = Path(site.BASE_DIR) / "static" / "vendor" / "icons.svg"
OWN_APPS = ("units", "criteria", "campaigns", "reports", "awards", "phongtho_thidua")


def drawn(source: str, **context) -> str:
    return engines["django"].from_string(source).render(context)


def component(name: str, request=None, **context) -> str:
    return render_to_string(f"components/{name}.html", context, request)


def step(name, label, **more):
    who = "Chỉ thủ trưởng Tẩn A Sài nộp được."
    return Step(name, frozenset({"draft"}), "next", "units.rule", label, "đã làm", who, **more)


# --- filters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ value|number }}", Decimal("1234567.50"), "1.234.567,5"),
        ("{{ value|number:1 }}", Decimal(92), "92,0"),
        ("{{ value|number }}", 0, "0"),
        ("{{ value|number }}", None, ""),
        ("{{ value|vn_date }}", date(2024, 12, 5), "05/12/2024"),
        ("{{ value|weekday }}", date(2024, 12, 18), "Thứ Tư"),
        ("{{ value|vn_date }}", EVENING, "19/12/2024"),
        ("{{ value|vn_date }}", None, ""),
        ("{{ value|vn_time }}", EVENING, "00:42"),
        ("{{ value|vn_time }}", None, ""),
        ("{{ value|nb }}", "Sin Suối Hồ", "Sin\u00a0Suối\u00a0Hồ"),
        ("{{ value|or_blank }}", 0, "0"),
        ("{{ value|or_blank }}", "", "(trống)"),
        ("{{ value|tone }}", "success", "done"),
        ("{{ value|tone }}", "warning", "wait"),
        ("{{ value|tone }}", "error", "stop"),
        ("{{ value|tone }}", "info", "idle"),
    ],
)
def test_a_value_is_written_the_vietnamese_way(source, value, shown):
    assert drawn(source, value=value) == shown


@pytest.mark.parametrize(
    ("moment", "day", "time"),
    [
        (date(2024, 1, 5), "05/01", None),
        (date(2023, 12, 31), "31/12/2023", None),
        (EVENING, "19/12", "00:42, 19/12"),
        (datetime(2024, 12, 31, 17, 0, tzinfo=UTC), "01/01/2025", "00:00, 01/01/2025"),
        (None, "", ""),
    ],
)
def test_the_year_is_left_out_only_in_the_business_year(settings, moment, day, time):
    settings.SAMPLE_DATE = date(2024, 12, 18)
    assert drawn("{{ value|short_date }}", value=moment) == day
    if time is not None:
        assert drawn("{{ value|short_moment }}", value=moment) == time


# --- icons and states -----------------------------------------------------------------------------------------------


def test_an_icon_is_hidden_from_screen_readers_and_its_name_stays_text():
    html = drawn("{% icon name %}", name='x"><script>')
    assert html.startswith('<svg class="tt-icon" aria-hidden="true">')
    assert "<script>" not in html


def test_a_status_is_icon_words_and_tone_together():
    html = drawn('{% status "wait" words %}', words="Đang <b>thẩm tra</b>")
    assert 'data-tone="wait"' in html
    assert "#hourglass-split" in html
    assert "Đang &lt;b&gt;thẩm tra&lt;/b&gt;" in html


def test_a_status_may_take_another_icon_and_stand_bare():
    html = drawn('{% status "stop" "Quá hạn 3 ngày" "clock-history" bare=True %}')
    assert "#clock-history" in html
    assert "tt-status--bare" in html


def test_a_status_refuses_a_tone_that_does_not_exist():
    with pytest.raises(ValueError, match="gold"):
        drawn('{% status "gold" "Đã nộp" %}')


def named_icons() -> set[str]:
    pattern = re.compile(r"""\{% icon "([a-z0-9-]+)"|icon="([a-z0-9-]+)"|status "\w+" [^%]*? "([a-z0-9-]+)" """)
    root = Path(site.BASE_DIR)
    files = [*root.glob("templates/**/*.html"), *(file for app in OWN_APPS for file in root.glob(f"{app}/**/*.py"))]
    found = (match for file in files for match in pattern.findall(file.read_text("utf-8")))
    return {name for match in found for name in match if name} | set(ICONS.values()) | {OVERDUE_ICON}


def test_every_icon_named_anywhere_is_in_the_sprite():
    assert named_icons() - set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text("utf-8"))) == set()


def test_every_tone_has_its_own_icon_and_its_own_colour():
    css = (Path(site.BASE_DIR) / "static/css/base.css").read_text("utf-8")
    assert set(re.findall(r'^\[data-tone="(\w+)"\]', css, re.MULTILINE)) == set(Tone)
    assert len(set(ICONS.values())) == len(ICONS) == len(Tone)


def test_only_the_tokens_name_a_colour():
    sheets = sorted((Path(site.BASE_DIR) / "static/css").glob("*.css"))
    named = {sheet.name for sheet in sheets if re.search(r"#[0-9a-f]{3,8}\b|\brgb\(", sheet.read_text("utf-8"))}
    assert named == {"tokens.css"}


# --- step buttons ---------------------------------------------------------------------------------------------------

SUBMIT, WITHDRAW = step("submit", "Nộp báo cáo"), step("withdraw", "Rút báo cáo")
RETURN = step("return", "Trả lại", needs_note=True)
CANCEL = step("cancel", "Hủy đề nghị", danger=True)


def test_a_step_one_may_not_take_stays_visible_with_who_may():
    html = component("step_buttons", choices=[Choice(SUBMIT, allowed=False)], action="/x/")
    button = re.search(r"<button[^>]*>Nộp báo cáo</button>", html).group()
    assert 'type="button"' in button
    assert 'aria-disabled="true"' in button
    assert 'aria-describedby="ai-submit"' in button
    assert '<p class="tt-actions__why" id="ai-submit">Chỉ thủ trưởng Tẩn A Sài nộp được.</p>' in html
    assert 'value="submit"' not in html


def test_only_the_first_harmless_step_is_the_primary_button():
    steps = [Choice(CANCEL, True), Choice(RETURN, True), Choice(SUBMIT, True), Choice(WITHDRAW, True)]
    html = component("step_buttons", choices=steps, action="/x/")
    ask = re.search(r'<summary class="btn (btn-\w+)"', html).group(1)
    outside = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    buttons = re.findall(r'class="btn (btn-\w+)"\s+name="step"\s+value="(\w+)"', outside)
    assert buttons == [("btn-danger", "cancel"), ("btn-primary", "submit"), ("btn-plain", "withdraw")]
    assert ask == "btn-plain"


def test_a_step_that_needs_a_reason_asks_for_it_in_a_form_of_its_own():
    html = component("step_buttons", choices=[Choice(RETURN, True)], action="/x/", version=7)
    own = re.search(r"<details.*?</details>", html, re.DOTALL).group()
    assert "Trả lại…</summary>" in own
    assert re.search(r'<textarea[^>]*name="note"[^>]*required', own, re.DOTALL)
    assert '<input type="hidden" name="version" value="7">' in own
    assert html.count('value="return"') == own.count('value="return"') == 1
    assert '<details class="tt-ask">' in html


def test_a_reason_refused_is_shown_again_with_what_was_typed():
    tried = {"name": "return", "note": "<b>Sai</b>", "error": "Chưa ghi lý do."}
    html = component("step_buttons", choices=[Choice(RETURN, True)], action="/x/", tried=tried)
    assert '<details class="tt-ask" open>' in html
    assert "&lt;b&gt;Sai&lt;/b&gt;</textarea>" in html
    assert 'aria-describedby="ly-do-return-loi"' in html
    assert re.search(r'id="ly-do-return-loi">.*Chưa ghi lý do\.</p>', html)


# --- the other components -------------------------------------------------------------------------------------------


def test_a_history_tells_zero_as_a_value_and_nothing_as_nothing():
    event = SimpleNamespace(
        at=EVENING,
        actor_name="Lò Thị Hạnh",
        actor_post="",
        label="sửa HT6",
        changes={"Vốn đã giải ngân": [0, ""]},
        note="<i>theo Kho bạc</i>",
    )
    html = component("history", events=[event])
    assert "Vốn đã giải ngân: 0 thành (trống)" in html
    assert "&lt;i&gt;theo Kho bạc&lt;/i&gt;" in html


def test_a_pager_keeps_the_filter_that_made_the_list(rf):
    page = Paginator(range(1234), 30).page(2)
    html = component("pager", rf.get("/", {"loai": "xa", "trang": "2"}), page=page, what="báo cáo")
    assert re.findall(r'<a [^>]*href="([^"]+)"', html) == ["?loai=xa&amp;trang=1", "?loai=xa&amp;trang=3"]
    assert "31 đến 60 trên 1.234 báo cáo" in html


def test_a_list_of_one_page_has_no_pager(rf):
    assert component("pager", rf.get("/"), page=Paginator(range(3), 30).page(1)).strip() == ""


@pytest.mark.parametrize(("running", "asks"), [(True, 1), (False, 0)])
def test_a_job_asks_again_only_while_it_runs(running, asks):
    job = SimpleNamespace(
        title="Lập báo cáo", running=running, failed=False, done=5, total=8, mark="5-1", poll_url="/viec/1/"
    )
    html = component("job", job=job)
    assert html.count('hx-get="/viec/1/?seen=5-1"') == asks
    assert html.count('hx-trigger="every 2s"') == asks


def test_a_failed_job_says_why_and_offers_the_way_on_only_to_who_may_take_it():
    failed = SimpleNamespace(title="Lập", running=False, failed=True, done=5, total=8, words="Dừng ở Khen thưởng.")
    assert "Chạy lại từ phần này" not in component("job", job=failed)
    failed.retry_url = "/viec/1/lai/"
    assert 'action="/viec/1/lai/"' in component("job", job=failed)


class FigureForm(forms.Form):
    value = forms.CharField(label="Số thẩm tra", error_messages={"required": "Chưa ghi số."})


def test_an_error_stands_where_its_input_says_it_does():
    form = FigureForm({})
    html = component("field_error", field=form["value"])
    described = re.search(r'aria-describedby="([^"]+)"', str(form["value"])).group(1)
    assert f'<div id="{described}">' in html
    assert "Chưa ghi số." in html


def test_a_summary_of_errors_leads_to_each_field_and_has_the_focus():
    html = component("error_summary", form=FigureForm({}), title="Chưa lưu được, còn 1 chỗ cần sửa")
    assert '<a href="#id_value">Số thẩm tra: Chưa ghi số.</a>' in html
    assert 'role="alert"' in html
    assert "autofocus" in html


def test_a_form_without_errors_has_no_summary():
    assert component("error_summary", form=FigureForm({"value": "1"}), title="x").strip() == ""


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "500", "csrf"])
def test_an_error_page_can_be_drawn_without_any_variable(name):
    html = render_to_string(f"errors/{name}.html")
    assert html.count("<h1>") == 1
    assert "Về Việc của tôi" in html
