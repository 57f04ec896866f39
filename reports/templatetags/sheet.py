"""What the form of a report repeats fifty times: drawn by templates it took half of the page's time."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from criteria.models import IndicatorKind
from criteria.scoring import AnswerKind
from units.templatetags.tt import icon

register = template.Library()

_INPUT = {  # how a value is typed: name, what is said beside it, attributes
    IndicatorKind.DATE: ("day", "ngày", ' placeholder="dd/mm/yyyy" inputmode="numeric"'),
    IndicatorKind.DOCUMENT: ("document", "số và ngày văn bản", ""),
}


@register.simple_tag
def options(empty: str, choices, chosen: str) -> SafeString:
    """The options of a select; `empty` is the words of none."""
    drawn = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    )
    return mark_safe(f'<option value="">{escape(empty)}</option>{drawn}')  # noqa: S308  escaped above


@register.simple_tag
def three_answers(line) -> SafeString:
    """The fieldset of a figure: a value, "not applicable" with its reason, "no data" with the day it is expected."""
    key, chosen = line.key, line.typed["answer"]
    radios = "".join(_radio(key, "answer", value, label, chosen) for value, label in AnswerKind.choices)
    reason = _labelled(line, "reason", "Lý do không áp dụng", "")
    day = _labelled(line, "expected_on", "Ngày dự kiến có số liệu", ' placeholder="dd/mm/yyyy" inputmode="numeric"')
    return mark_safe(  # noqa: S308  every part is escaped where it is drawn
        f'<input type="hidden" name="{key}-version" value="{line.figure.version}">'
        f'<fieldset class="tt-three" aria-labelledby="{key}-ten"><div class="tt-three__opts">{radios}</div>'
        f'<div class="tt-three__part tt-when-value">{_value(line)}</div>'
        f'<div class="tt-three__part tt-when-not_applicable"><div class="flex-grow-1">{reason}</div></div>'
        f'<div class="tt-three__part tt-when-no_data"><div>{day}</div></div></fieldset>'
    )


def _radio(key, name, value, label, chosen) -> str:
    checked = " checked" if value == chosen else ""
    return (
        f'<label><input class="form-check-input" type="radio" name="{key}-{name}" value="{value}"{checked}>'
        f"{escape(label)}</label>"
    )


def _labelled(line, name, words, attributes) -> str:
    label = f'<label class="form-label" for="{line.key}-{name}">{words}</label>'
    return label + _input(line, name, attributes) + _error(line, name)


def _value(line) -> str:
    key, indicator = line.key, line.indicator
    if indicator.kind == IndicatorKind.YES_NO:
        radios = "".join(_radio(key, "value", *one, line.typed["value"]) for one in (("1", "Có"), ("0", "Không")))
        return f'<div class="tt-three__opts" role="radiogroup" aria-labelledby="{key}-ten">{radios}</div>'
    name, said, attributes = _INPUT.get(indicator.kind, ("value", indicator.unit, ' inputmode="decimal"'))
    said, unit = escape(f"{indicator.name}, {said}"), escape(indicator.unit)
    drawn = _input(line, name, f'{attributes} aria-describedby="{key}-luu {key}-problem"')
    if name == "value":
        drawn = f'<div class="input-group tt-val">{drawn}<span class="input-group-text">{unit}</span></div>'
    label = f'<label class="visually-hidden" for="{key}-{name}">{said}</label>'
    return f'<div class="{"flex-grow-1" if name == "document" else ""}">{label}{drawn}{_error(line, name)}</div>'


def _input(line, name, attributes) -> str:
    wrong, named = (' aria-invalid="true"', " is-invalid") if line.errors[name] else ("", "")
    place = f"{line.key}-{name}"
    typed = escape(line.typed[name])
    return f'<input class="form-control{named}" id="{place}" name="{place}" value="{typed}"{attributes}{wrong}>'


def _error(line, name) -> str:
    words = line.errors[name]
    return f'<p class="tt-error">{icon("exclamation-circle-fill")}{escape(words)}</p>' if words else ""


@register.simple_tag
def trend(drawn) -> SafeString:
    """`selectors.trend.Trend` as a picture: lengths stand in attributes, values beside the points."""
    line = " ".join(f"{point.x},{point.y}" for point in drawn.points)
    last = drawn.points[-1]
    marks = "".join(_point(point, " class=tt-trend__now" if point is last else "") for point in drawn.points)
    aim = ""
    if drawn.aim_y is not None:
        words = f'<text x="8" y="12">{escape(drawn.aim)}</text>'
        aim = f'<line x1="8" y1="{drawn.aim_y}" x2="232" y2="{drawn.aim_y}"/>{words}'
    pattern = '<svg class="tt-trend" viewBox="0 0 240 92" role="img" aria-label="{}">{}<polyline points="{}"/>{}</svg>'
    return format_html(pattern, drawn.label, mark_safe(aim), line, mark_safe(marks))  # noqa: S308  escaped or numbers


def _point(point, now: str) -> str:
    value = f'<text x="{point.x}" y="{point.y - 8}" text-anchor="middle"{now}>{escape(point.value)}</text>'
    year = f'<text x="{point.x}" y="88" text-anchor="middle">{point.year}</text>'
    return f'<circle cx="{point.x}" cy="{point.y}" r="3.5"/>{value}{year}'
