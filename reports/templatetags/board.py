"""The rows of the board: drawn by a template, sixty of them took most of the time of the page."""

from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from units.templatetags.tt import nb, status

register = template.Library()


@register.simple_tag
def board_rows(rows, year: int, chosen) -> SafeString:
    """One unit a row; a name leads to the report only where the reader may read it."""
    reports, paper = _root("reports:report", 0), _root("reports:enter_paper", year, 0)
    drawn = "".join(_row(row, reports, paper, is_chosen=row.unit.pk in chosen) for row in rows)
    return mark_safe(drawn)  # noqa: S308  every word is escaped where it is drawn


def _root(name: str, *args) -> str:
    """An address without the id at its end, resolved once and not for each row."""
    return reverse(name, args=args).removesuffix("0/")


def _row(row, reports: str, paper: str, *, is_chosen: bool) -> str:
    pk, name, report = row.unit.pk, escape(row.unit.short_name), row.report
    shown = escape(nb(row.unit.short_name))
    if report and (report.is_handed_in or report.entered_by_id):
        shown = f'<a href="{reports}{report.pk}/">{shown}</a>'
    box = (
        f'<input class="form-check-input" type="checkbox" name="don-vi" value="{pk}"'
        f' aria-label="Chọn {name}"{" checked" if is_chosen else ""}>'
    )
    answered = f"{row.answered} trên {row.asked}" if report else "–"
    judged = f"{row.done} trên {row.offices}" if row.offices else "–"
    return (
        f'<tr id="don-vi-{pk}"><td><label class="tt-pick">{box}</label></td>'
        f'<th scope="row" class="tt-name">{shown}</th><td>{status(row.tone, row.words, row.icon, bare=True)}</td>'
        f'<td class="tt-num tt-off">{answered}</td><td class="tt-num tt-off">{judged}</td>'
        f'<td class="tt-line"><span class="tt-nb">{row.when}</span>{_notes(row, name, paper)}</td></tr>'
    )


def _notes(row, name: str, paper: str) -> str:
    """How late or by when; and the way to enter on paper what a unit has not begun."""
    note = f'<span class="tt-table__sub">{escape(row.note)}</span>' if row.note else ""
    if row.report:
        return note
    words = f'Nhập thay<span class="visually-hidden"> cho {name}</span>'
    return f'{note}<span class="tt-table__sub"><a href="{paper}{row.unit.pk}/">{words}</a></span>'
