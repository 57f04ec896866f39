"""The fields of a report, to be filled in and to be read: drawn by templates they took two thirds of the page's time.

Every word of a person goes through `escape`; what is rare, remarks and late drafts, stays a template.
"""

from functools import cache
from html import escape

from django import template
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from reports.templatetags.evidence import proofs_beside
from reports.templatetags.sheet import options, three_answers, trend
from units.templatetags.tt import icon, nb, status, vn_date

register = template.Library()
NO_GRADE = "chưa tự đánh giá"


@register.simple_tag(takes_context=True)
def form_block(context, block) -> SafeString:
    """One criterion to be answered: question, figures, own words and grade. What is not open is read only."""
    code = escape(block.criterion.code)
    hints = f'<div class="tt-field__side">{_hints(block)}</div>' if block.hints else ""
    lines = "".join(_figure(context, block, line) if line.figure else _ratio(context, line) for line in block.lines)
    return _safe(
        f'<section class="tt-block" id="{code}" aria-labelledby="{code}-ten"><div class="tt-field">'
        f'{block_mark(block)}<div class="tt-field__ask">{question(block)}</div>{hints}</div>'
        f"{lines}{_words(context, block)}</section>"
    )


@register.simple_tag
def block_mark(block) -> SafeString:
    """The number of a criterion with its state."""
    tone, sign, words = block.mark
    code, hidden = escape(block.criterion.code), f'<span class="visually-hidden">{words}</span>'
    return _safe(f'<div class="tt-field__no" data-tone="{tone}">{code}<br>{icon(sign)}{hidden}</div>')


@register.simple_tag
def question(block) -> SafeString:
    """Our short sentence, the official wording behind it."""
    criterion = block.criterion
    code, title = escape(criterion.code), escape(criterion.title)
    return _safe(
        f'<h3 class="visually-hidden" id="{code}-ten">{code}. {title}</h3>'
        f'<details class="tt-crit"><summary><span class="tt-strong">{title}</span> <span class="tt-more">'
        '<span class="tt-more--closed">Xem nguyên văn</span><span class="tt-more--open">Thu gọn</span>'
        f'<span class="visually-hidden"> tiêu chí {code}</span></span></summary>'
        f'<p class="tt-crit__text">“{escape(criterion.wording)}” '
        f'<span class="tt-nb">(Kế hoạch, mục {escape(criterion.clause)})</span></p></details>'
    )


@register.simple_tag(takes_context=True)
def side(context, line) -> SafeString | str:
    """Last year, what the unit registered, the targets and how the figure stands to them, its trend, guidance."""
    if not line.has_side:
        return ""
    told = "".join(f"<div><dt>{escape(term)}</dt><dd>{words}</dd></div>" for term, words in _told(context, line))
    judged = "".join(
        f"<p>{status(aim.tone, aim.status, bare=True)}<br>{escape(aim.sentence)}</p>" for aim in line.aims if aim.status
    )
    return _safe(
        f'<div class="tt-field__side">{f"""<dl class="tt-dl">{told}</dl>""" if told else ""}{judged}'
        f"{trend(line.trend) if line.trend else ''}{_hints(line)}{_guidance(context, line.indicator)}</div>"
    )


def _told(context, line):
    if line.before:
        yield f"Năm {context['last_year']}", escape(line.before)
    if line.promised:
        note = f' <span class="tt-xs tt-muted">{escape(line.promised.note)}</span>' if line.promised.note else ""
        yield f"Đăng ký {context['report'].period.year}", f"{escape(line.promised.words)}{note}"
    for aim in line.aims:
        yield f"Đích {aim.whose}", escape(aim.goal)


def _guidance(context, indicator) -> str:
    if not (context["may_edit"] and indicator.guidance):
        return ""
    summary = f'<summary>Cách ghi<span class="visually-hidden">: {escape(indicator.name)}</span></summary>'
    return f'<details class="tt-help">{summary}<p>{escape(indicator.guidance)}</p></details>'


def _hints(part) -> str:
    """Guidance of the sector's lead office, or a question and its answer."""
    return "".join(map(_hint, part.hints))


def _hint(hint) -> str:
    title = "Đã hỏi, đã trả lời" if hint.question else "Hướng dẫn"
    asked = f'<p class="tt-muted">Hỏi: {linebreaksbr(hint.question)}</p>' if hint.question else ""
    source = f"{escape(hint.document)}. " if hint.document else ""
    who = f'<p class="tt-xs tt-muted">{source}{escape(nb(hint.by))}, {vn_date(hint.at)}</p>'
    said = f"{asked}<p>{linebreaksbr(hint.text)}</p>{who}"
    return f'<details class="tt-help" open><summary>{title}</summary>{said}</details>'


def _ratio(context, line) -> str:
    """Computed from two figures above it, text and never a field."""
    words = f'<b class="tt-strong" id="{line.key}">{escape(line.words)}</b>'
    ask = f'<p class="tt-small">{escape(line.indicator.name)}, tự tính: {words}</p>'
    return (
        '<div class="tt-field tt-field--part tt-ratio">'
        f'<div class="tt-field__ask">{ask}</div>{side(context, line)}</div>'
    )


def _figure(context, block, line) -> str:
    """One figure with its three answers; a closed one beside an open one is read only."""
    key, tone = line.key, ' data-tone="stop"' if line.figure.reopened else ""
    remarks = _each(context, "remark", line.remarks)
    answer = _open_figure(context, block, line) if line.is_open else _closed_figure(context, line)
    return (
        f'<div class="tt-field tt-field--part tt-figure" id="{key}"{tone}>'
        f'<div class="tt-field__ask"><h4 id="{key}-ten">{escape(line.indicator.name)}</h4>{remarks}</div>'
        f"{side(context, line)}{answer}</div>"
    )


def _open_figure(context, block, line) -> str:
    key, name = line.key, line.indicator.name
    return (
        f"{_field(context['figures_url'], line)}{three_answers(line)}{_error(line.errors['version'])}"
        f'<p class="tt-small tt-toned tt-strong tt-problem" data-tone="wait" role="status" id="{key}-problem">'
        f"{escape(' '.join(line.warnings))}</p>"
        f'<div class="tt-explain"><label class="form-label" for="{key}-explanation">Giải thích, nguyên nhân</label>'
        f'<textarea class="form-control" id="{key}-explanation" name="{key}-explanation" rows="2" maxlength="500"'
        f' placeholder=" " aria-describedby="{key}-problem {key}-luu">{escape(line.typed["explanation"])}</textarea>'
        '<p class="form-text">Ít nhất 20 ký tự; đi theo số liệu đến người thẩm tra và bản in.</p></div>'
        f"{_saved(key)}{proofs_beside(line, name, context['proof_url'])}{_each(context, 'draft', line.late)}"
        f"{_ask_about(f'{block.criterion.pk}/?chi-tieu={line.indicator.pk}', name)}</div>"
    )


def _closed_figure(context, line) -> str:
    given = f'<p class="tt-given">{escape(line.words or "Chưa trả lời")}</p>'
    explained = f'<p class="tt-small">Giải thích: {escape(line.explanation)}</p>' if line.explanation else ""
    beside = f"{proofs_beside(line, line.indicator.name)}{_each(context, 'draft', line.late)}"
    return f'<div class="tt-field__answer">{given}{explained}{beside}</div>'


def _words(context, block) -> str:
    """What the unit says in its own words, and its grade; last year's beside it."""
    tone = ' data-tone="stop"' if block.entry.reopened else ""
    asked = "".join(f'<div class="tt-field__ask">{_each(context, "remark", [one])}</div>' for one in block.remarks)
    answer = _open_words(context, block) if block.is_open else _closed_words(context, block)
    return (
        f'<div class="tt-field tt-field--part" id="{block.entry.key}"{tone}>'
        f"{asked}{_words_before(context, block)}{answer}</div>"
    )


def _closed_words(context, block) -> str:
    proofs = proofs_beside(block, block.criterion.code)
    return f'<div class="tt-field__answer">{given_words(context, block)}{proofs}</div>'


def _words_before(context, block) -> str:
    if not block.before:
        return ""
    told, words = grade_before(context, block), ""
    if block.before.narrative:
        hidden = f'<span class="visually-hidden"> của {escape(block.criterion.code)}</span>'
        words = (
            f'<details class="tt-help"><summary>Kết quả năm trước{hidden}</summary>'
            f'<p id="{block.entry.key}-truoc" class="tt-prewrap">{escape(block.before.narrative)}</p></details>'
        )
    return f'<div class="tt-field__side">{told}{words}</div>'


@register.simple_tag(takes_context=True)
def grade_before(context, block) -> SafeString:
    grade = escape(block.before.get_grade_display() or NO_GRADE)
    return _safe(f'<dl class="tt-dl"><div><dt>Năm {context["last_year"]}</dt><dd>{grade}</dd></div></dl>')


def _open_words(context, block) -> str:
    key, code, typed = block.entry.key, block.criterion.code, block.typed
    checked = " checked" if typed["exempt"] else ""
    grades = options("Chọn mức", context["grades"], typed["grade"])
    return (
        f"{_field(context['entries_url'], block)}"
        f'<input type="hidden" name="{key}-version" value="{block.entry.version}">'
        f"<div>{_narrative(block)}{''.join(map(_error, block.errors.values()))}{_copy(context, block)}</div>"
        '<label class="tt-line1 tt-small"><input class="form-check-input m-0" type="checkbox"'
        f' name="{key}-exempt" id="{key}-exempt" value="on"{checked}>'
        "Tiêu chí này không liên quan đến đơn vị (ghi lý do ở trên)</label>"
        f'<div class="tt-row tt-grade"><label class="form-label m-0" for="{key}-grade">Tự đánh giá</label>'
        f'<select class="form-select w-auto" name="{key}-grade" id="{key}-grade">{grades}</select></div>'
        f"{_saved(key)}{proofs_beside(block, code, context['proof_url'])}{_each(context, 'draft', block.late)}"
        f"{_ask_about(f'{block.criterion.pk}/', code)}</div>"
    )


def _narrative(block) -> str:
    key, wrong = block.entry.key, block.errors["narrative"]
    invalid, marked = (" is-invalid", ' aria-invalid="true"') if wrong else ("", "")
    hidden = f'<span class="visually-hidden"> {escape(block.criterion.code)}</span>'
    return (
        f'<label class="form-label" for="{key}-narrative">Kết quả thực hiện{hidden}</label>'
        f'<textarea class="form-control{invalid}" id="{key}-narrative" name="{key}-narrative" rows="3"'
        f' aria-describedby="{key}-luu"{marked}>{escape(block.typed["narrative"])}</textarea>'
    )


def _copy(context, block) -> str:
    if not (block.before and block.before.narrative):
        return ""
    key, code = block.entry.key, escape(block.criterion.code)
    kept = f'<span class="tt-small tt-muted">Giữ nguyên như năm {context["last_year"]}</span>'
    return (
        f'<p class="tt-row"><button class="btn btn-text btn-sm" type="button" hidden data-copy="{key}-truoc">'
        f'Chép kết quả năm trước<span class="visually-hidden"> của {code}</span></button>'
        f"{kept if block.is_unchanged else ''}</p>"
    )


def _field(root: str, part) -> str:
    answer = part.answer
    return (
        f'<div class="tt-field__answer" data-field data-key="{answer.key}" data-version="{answer.version}"'
        f' data-url="{root}{answer.pk}/">'
    )


def _saved(key: str) -> str:
    return f'<span class="tt-save" id="{key}-luu" role="status"></span>'


def _error(words: str) -> str:
    return f'<p class="tt-error">{icon("exclamation-circle-fill")}{escape(words)}</p>' if words else ""


def _ask_about(place: str, name: str) -> str:
    hidden = f'<span class="visually-hidden">: {escape(name)}</span>'
    return f'<p class="tt-small"><a href="{_ask_root()}{place}">Hỏi về mục này{hidden}</a></p>'


@cache
def _ask_root() -> str:
    """The address is resolved once and not fifteen times a page."""
    return reverse("campaigns:ask", args=[0]).removesuffix("0/")


@register.simple_tag(takes_context=True)
def given_words(context, block) -> SafeString:
    """What the unit says on a criterion, to be read."""
    entry, drawn = block.entry, []
    if not entry.applies:
        drawn.append(f"<p>{status('idle', 'Không liên quan đến đơn vị', 'slash-circle')}</p>")
    if entry.grade:
        grade = f'<b class="tt-strong">{escape(entry.get_grade_display())}</b>'
        drawn.append(f'<p class="tt-small tt-muted">Tự đánh giá: {grade}</p>')
    if entry.narrative:
        drawn.append(f"<p>{linebreaksbr(entry.narrative)}</p>")
    if block.is_unchanged:
        said = f"Giữ nguyên như năm {context['last_year']}"
        drawn.append(f'<p class="tt-small tt-line1">{icon("info-circle")}{said}</p>')
    return _safe("".join(drawn) + _each(context, "draft", block.late))


@register.simple_tag(takes_context=True)
def pick(context, part, name: str) -> SafeString | str:
    """Ticks one answer to be returned; belongs to the form of give_back.html."""
    if not context["may_return"] or part.answer is None or part.answer.reopened:
        return ""
    key = part.answer.key
    checked = " checked" if key in context["picked"] else ""
    hidden = f'<span class="visually-hidden">: {escape(name)}</span>'
    return _safe(
        '<label class="tt-line1 tt-small"><input class="form-check-input m-0" type="checkbox" form="tra-lai"'
        f' name="cho" value="{key}"{checked}>Trả lại chỗ này{hidden}</label>'
    )


_RARE = {"remark": "reports/remark.html", "draft": "reports/late_draft.html"}


def _each(context, name: str, rows) -> str:
    """Each of `rows` by its template, which knows it as `name`."""
    drawn = []
    for row in rows:
        with context.push(**{name: row}):
            drawn.append(context.template.engine.get_template(_RARE[name]).render(context))
    return "".join(drawn)


def _safe(drawn: str) -> SafeString:
    return mark_safe(drawn)  # noqa: S308  every word is escaped where it is drawn
