"""The cells of the matrix: drawn here and not by a template, which would take most of the time of the page."""

from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import mark_safe

from reports.models import VerificationState as V
from reports.selectors import matrix as cells
from units.templatetags.tt import nb

register = template.Library()

# state: (what the style sheet calls it, tone, icon)
_LOOKS = {
    V.WAITING: ("cho", "idle", "circle"),
    V.AGREES: ("khop", "done", "check-lg"),
    V.DIFFERS: ("khac", "wait", "not-equal"),
    V.RETURNED: ("tra", "stop", "arrow-return-left"),
    cells.CORRECTING: ("rong", "work", "pencil"),
    cells.OFF: ("rong", "idle", "slash-circle"),
    cells.NO_DATA: ("rong", "idle", "slash-circle"),
    cells.ABSENT: ("rong", "idle", "slash-circle"),
}
_ICON = '<svg class="tt-icon" aria-hidden="true"><use href="%s#%s"/></svg>'
_LINK = '<a class="tt-cell" href="%s%s#o" data-state="%s" data-tone="%s"%s>%s<span>%s %s</span></a>'
_STILL = '<span class="tt-cell" data-state="%s" data-tone="%s"><span>%s %s</span></span>'


@register.simple_tag
def matrix_rows(rows, base: str, current: int | None, on_phone: int, waiting):
    """One unit a row, with a box to choose it where cells wait.

    `base` is the address that a figure's id completes, `on_phone` the one column.
    """
    sprite = static("vendor/icons.svg")
    return mark_safe(  # noqa: S308  every word is escaped below
        "".join(
            f'<tr><th scope="row" class="tt-pin tt-name">{_head(row, waiting)}</th>'
            f"{_cells(row, base, current, on_phone, sprite)}</tr>"
            for row in rows
        )
    )


def _head(row, waiting) -> str:
    name = escape(nb(row.name))
    if not waiting:
        return f"<span>{name}</span>"
    if row.is_own:
        return f'<span class="tt-matrix__row tt-matrix__row--own">{name}</span>'
    box = f'<input class="form-check-input" type="checkbox" name="don-vi" value="{row.pk}" form="khop">'
    return f'<label class="tt-matrix__row">{box} {name}</label>'


def _cells(row, base, current, on_phone, sprite) -> str:
    return "".join(
        f"<td>{_drawn(cell, base, current, sprite)}</td>"
        if place == on_phone
        else f'<td class="tt-col-off">{_drawn(cell, base, current, sprite)}</td>'
        for place, cell in enumerate(row.cells)
    )


def _drawn(cell, base: str, current: int | None, sprite: str) -> str:
    if cell is None:
        return ""
    if cell.state == "ratio":
        return f'<span class="tt-cell tt-cell--calc"><b>{cell.words}</b></span>'
    look, tone, icon = _LOOKS[cell.state]
    drawn = _ICON % (sprite, icon)
    if cell.figure is None:
        return _STILL % (look, tone, drawn, cell.told)
    value = f"<b>{escape(cell.words)}</b>" if cell.words else ""
    mark = ' aria-current="true"' if cell.figure == current else ""
    mark += ' data-mine=""' if cell.mine else ""
    return _LINK % (base, cell.figure, look, tone, mark, value, drawn, escape(cell.told))


@register.filter
def tone_of(state: str) -> str:
    return _LOOKS[state][1]


@register.filter
def icon_of(state: str) -> str:
    return _LOOKS[state][2]
