"""Tags and filters of every page; registered as a builtin, so no template loads them."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import format_html

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import ICONS, Tone
from phongtho_thidua.lib.vietnamese import format_number
from phongtho_thidua.lib.workflow import Choice

register = template.Library()

MESSAGE_TONES = {"success": Tone.DONE, "warning": Tone.WAIT, "error": Tone.STOP}
NO_BREAK_SPACE = "\u00a0"
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


@register.simple_tag
def icon(name: str):
    """An icon beside words: hidden from screen readers, so the words must say it all."""
    return _drawn_icon(name)


@cache  # a list draws hundreds, of some thirty names
def _drawn_icon(name: str):
    return format_html(
        '<svg class="tt-icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("vendor/icons.svg"), name
    )


@register.simple_tag
def status(tone: str, words: str, icon: str = "", *, bare: bool = False):
    """`{% status "wait" "Đang thẩm tra" %}`: a state as icon, words and tone together.

    `icon` replaces the tone's own, `bare=True` drops the ground in tables. Drawn here and not by a template, which
    took a quarter of the time of a long list.
    """
    ground = " tt-status--bare" if bare else ""
    drawn = _drawn_icon(icon or ICONS[Tone(tone)])
    return format_html('<span class="tt-status{}" data-tone="{}">{}{}</span>', ground, tone, drawn, words)


@register.simple_tag
def choice(key: str, part: str, value: str, words: str, chosen: str):
    """One radio button of the answer `key`; `chosen` is the value that is checked."""
    checked = " checked" if value == chosen else ""
    pattern = '<label><input class="form-check-input" type="radio" name="{}-{}" value="{}"{}>{}</label>'
    return format_html(pattern, key, part, value, checked, words)


@register.filter
def tone_icon(tone: str) -> str:
    return ICONS[Tone(tone)]


@register.filter
def tone(level_tag: str) -> str:
    """The tone of a message of Django's messages framework; plain information is idle."""
    return MESSAGE_TONES.get(level_tag, Tone.IDLE)


@register.filter
def nb(name: str) -> str:
    """A name of a unit or person that no line end may break."""
    return str(name).replace(" ", NO_BREAK_SPACE)


@register.filter
def number(value: Decimal | int | None, decimals: int | None = None) -> str:
    """`{{ 1234567.5|number }}` is 1.234.567,5; `{{ 92|number:1 }}` is 92,0; None is empty."""
    return format_number(value, decimals)


@register.filter
def or_blank(value) -> str:
    """An old or new value in a history: zero is a value, nothing is said to be nothing."""
    return "(trống)" if value in (None, "") else str(value)


@register.filter
def vn_date(moment: date | datetime | None) -> str:
    return _local(moment).strftime("%d/%m/%Y") if moment else ""


@register.filter
def weekday(moment: date | datetime) -> str:
    return WEEKDAYS[_local(moment).weekday()]


@register.filter
def vn_time(moment: datetime | None) -> str:
    return _local(moment).strftime("%H:%M") if moment else ""


@register.filter
def short_date(moment: date | datetime | None) -> str:
    """20/12 within the current business year, else 20/12/2024."""
    if not moment:
        return ""
    day = _local(moment)
    return day.strftime("%d/%m" if day.year == clock.today().year else "%d/%m/%Y")


@register.filter
def short_moment(moment: datetime | None) -> str:
    """10:42, 18/12: a time in a history."""
    return f"{vn_time(moment)}, {short_date(moment)}" if moment else ""


@register.filter
def primary_step(choices: list[Choice]) -> str:
    """The name of the one step that gets the primary button: the first that is allowed, harmless and asks nothing."""
    plain = (c.step.name for c in choices if c.allowed and not (c.step.danger or c.step.needs_note))
    return next(plain, "")


@register.filter
def page_span(page: Page) -> str:
    """`31 đến 60 trên 174`: which rows of a list this page shows."""
    total = format_number(page.paginator.count)
    return f"{format_number(page.start_index())} đến {format_number(page.end_index())} trên {total}"


def _local(moment: date | datetime) -> date | datetime:
    """A moment as its Vietnamese date and time; a plain date stays what it is."""
    return clock.local(moment) if isinstance(moment, datetime) else moment
