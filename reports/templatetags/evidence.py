"""Chips of evidence beside an answer; drawn here and not by a template, because a page has sixty places for them."""

from django import template
from django.utils.html import format_html, format_html_join

from criteria.scoring import AnswerKind
from units.templatetags.tt import icon

register = template.Library()

_NOTHING = format_html('<p class="tt-small tt-muted">{}</p>', "Chưa có minh chứng")


@register.simple_tag
def proofs(chips, name: str):
    """The chips of one answer as a list; nothing when there are none."""
    if not chips:
        return ""
    rows = format_html_join("", "<li>{}{}{}</li>", ((icon(chip.icon), _name(chip), _about(chip)) for chip in chips))
    return format_html('<ul class="tt-proof" aria-label="Minh chứng của {}">{}</ul>', name, rows)


def _name(chip):
    if not chip.url:
        return format_html("<b>{}</b>", chip.title)
    return format_html('<a href="{}" rel="noopener noreferrer" title="{}">{}</a>', chip.url, chip.title, chip.title)


def _about(chip):
    return format_html("<span>{}</span>", chip.about) if chip.about else ""


@register.simple_tag
def proofs_beside(part, name: str, url: str = ""):
    """The chips of a Line or Block of the sheet, or that a figure has none; with `url` the way to add more."""
    words = _NOTHING if getattr(part.answer, "answer", "") == AnswerKind.VALUE else ""
    more = _more(part, name, url) if url and part.is_open else ""
    if not (part.evidence or words or more):
        return ""
    if not part.evidence:
        return format_html('<div class="tt-row tt-proofs">{}{}</div>', words, more)
    return format_html('<div class="tt-proofs">{}{}</div>', proofs(part.evidence, name), more)


def _more(part, name, url):
    words = "Thêm, bỏ minh chứng…" if part.evidence else "Thêm minh chứng…"
    pattern = '<a class="btn btn-text btn-sm" href="{}{}/">{}{}<span class="visually-hidden"> {}</span></a>'
    return format_html(pattern, url, part.answer.key, icon("paperclip"), words, name)


@register.filter
def proof_names(chips) -> str:
    """`Biên bản nghiệm thu.pdf; Báo cáo quyết toán, 214/BC-UBND`: for paper, where nothing can be opened."""
    return "; ".join(f"{chip.title}, {chip.about}" if chip.about and not chip.url else chip.title for chip in chips)
