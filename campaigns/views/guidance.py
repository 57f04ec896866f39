"""Hướng dẫn and Hỏi đáp: what stands beside a field, written by its lead office, asked by those who fill it in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms import AnswerForm, HintForm, QuestionForm
from campaigns.models import Guidance, Question
from campaigns.selectors.guidance import desk_of, guided_by, questions_for
from campaigns.services import guidance as deeds
from criteria.models import Criterion
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import StepRefused
from units import audit
from units.access import needs, signed_in
from units.models import Unit

for_leads = needs("campaigns.open_guidance", deeds.ONLY_THE_LEAD)


@for_leads
def desk(request):
    return render(request, "campaigns/guidance.html", {"desk": desk_of(request.user)})


@for_leads
@require_http_methods(["GET", "POST"])
def add_hint(request, criterion_pk):
    criterion = get_object_or_404(Criterion.objects.visible_to(request.user).select_related("sector"), pk=criterion_pk)
    indicator = _indicator(request, criterion)
    if not request.user.has_perm("campaigns.give_guidance", criterion):
        raise PermissionDenied(deeds.ONLY_THE_LEAD)
    form = HintForm(request.POST or None, initial={"valid_from": clock.today()})
    about = {"criterion": criterion, "indicator": indicator}
    return _hint_page(request, form, about, lambda **told: deeds.give(**about, **told, by=request.user))


@for_leads
@require_http_methods(["GET", "POST"])
def edit_hint(request, pk):
    hint = _hint(request, pk)
    initial = {name: getattr(hint, name) for name in HintForm.base_fields}
    form = HintForm(request.POST or None, initial=initial)
    about = {"criterion": hint.criterion, "indicator": hint.indicator, "hint": hint}
    return _hint_page(request, form, about, lambda **told: deeds.change(hint=hint, **told, by=request.user))


@for_leads
@require_POST
def end_hint(request, pk):
    hint = deeds.end(hint=_hint(request, pk), by=request.user)
    messages.info(request, f"Đã kết thúc hướng dẫn cho {hint.subject}.")
    return redirect("campaigns:guidance")


@signed_in
def questions(request):
    rows = questions_for(request.user)
    waiting = [row for row in rows if row.answered_at is None]
    answered = [row for row in rows if row.answered_at is not None]
    return render(request, "campaigns/questions.html", {"waiting": waiting, "answered": answered})


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request, criterion_pk):
    criterion = get_object_or_404(Criterion.objects.visible_to(request.user).select_related("sector"), pk=criterion_pk)
    indicator = _indicator(request, criterion)
    units = Unit.objects.filter(pk__in=request.user.unit_ids)
    if not request.user.unit_ids:
        raise PermissionDenied(deeds.ONLY_UNITS)
    form = QuestionForm(request.POST or None, units=units)
    if form.is_valid():
        try:
            deeds.ask(criterion=criterion, indicator=indicator, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"Đã gửi câu hỏi về {criterion.code}. Câu trả lời hiện bên ô nhập và ở trang này.")
            return redirect("campaigns:questions")
    context = {"form": form, "criterion": criterion, "indicator": indicator}
    return render(request, "campaigns/question_ask.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def question(request, pk):
    row = _question(request, pk)
    form, status = AnswerForm(request.POST or None), 422
    if request.method == "POST" and not request.user.has_perm("campaigns.answer_question", row):
        raise PermissionDenied(deeds.ONLY_WHO_IS_ASKED)
    if form.is_valid():
        try:
            deeds.answer(question=row, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        except StepRefused as refusal:  # answered meanwhile: both answers are there to be read
            form.add_error(None, str(refusal))
            status, row = 409, _question(request, pk)
        else:
            messages.info(request, f"Đã trả lời về {row.subject}.")
            return redirect(row)
    context = {
        "question": row,
        "form": form,
        "may_answer": request.user.has_perm("campaigns.answer_question", row),
        "may_guide": request.user.has_perm("campaigns.give_guidance", row.criterion),
        "who": deeds.ONLY_WHO_IS_ASKED,
    }
    return render(request, "campaigns/question.html", context, status=status if form.errors else 200)


@signed_in
@require_POST
def turn_into_guidance(request, pk):
    row = _question(request, pk)
    deeds.turn_into_guidance(question=row, by=request.user)
    messages.info(request, f"Câu trả lời đã thành hướng dẫn cho {row.subject}.")
    return redirect(row)


def _hint_page(request, form, about, deed):
    if form.is_valid():
        try:
            hint = deed(**form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"Đã lưu hướng dẫn cho {hint.subject}.")
            return redirect("campaigns:guidance")
    hint = about.get("hint")
    context = about | {"form": form, "history": audit.history_of(hint) if hint else []}
    return render(request, "campaigns/guidance_form.html", context, status=422 if form.errors else 200)


def _hint(request, pk) -> Guidance:
    rows = Guidance.objects.visible_to(request.user).filter(criterion__in=guided_by(request.user))
    return get_object_or_404(rows.select_related("criterion__sector", "indicator"), pk=pk)


def _question(request, pk) -> Question:
    rows = Question.objects.visible_to(request.user)
    people = ("unit", "criterion__sector", "indicator", "asked_by", "answered_by", "guidance")
    return get_object_or_404(rows.select_related(*people), pk=pk)


def _indicator(request, criterion):
    """The one that `?chi-tieu=` names, None for the criterion as a whole."""
    wanted = request.GET.get("chi-tieu", "")
    return get_object_or_404(criterion.indicators, pk=wanted) if wanted.isascii() and wanted.isdigit() else None
