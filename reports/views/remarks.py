"""What offices ask back of a report and what becomes of it; the head's wish to take the whole report back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from phongtho_thidua.lib.workflow import NoteMissing
from reports.forms import ReturnForm, StepForm
from reports.services import remarks, withdrawals
from reports.views.annual import following_after, readable
from reports.views.page import page_of
from reports.views.whole import first_errors
from reports.workflow import STEPS
from units.access import signed_in

TOLD = {
    "reply": "Đã ghi lý do giữ nguyên.",
    "settle": "Đã xem lại, ý kiến này xong.",
    "drop": "Đã rút lại ý kiến.",
    "allow": "Đã cho rút báo cáo về.",
    "refuse": "Đã trả lời: không cho rút.",
}


@signed_in
@require_POST
def give_back(request, pk):
    row = readable(request, pk)
    if not request.user.has_perm("reports.return_report", row):
        raise PermissionDenied(STEPS["return"].who)
    following = following_after(request, row, ends="them" not in request.POST)
    errors = _ask_back(row, request)
    if errors:
        return _again(request, row, request.POST.get("o", "tra-lai"), errors)
    messages.info(request, f"{row.unit.name}: đã trả lại {len(request.POST.getlist('cho'))} chỗ để sửa.")
    return redirect(following)


def _ask_back(row, request) -> dict[str, str]:
    """What is wrong with it, by field; empty when it was done."""
    form, keys = ReturnForm(request.POST), request.POST.getlist("cho")
    if not form.is_valid():
        return first_errors(form)
    asked = {"reason": form.cleaned_data["reason"], "due_at": form.cleaned_data["due_on"]}
    try:
        remarks.ask_back(
            report=row, answers=_picked(row, keys), by=request.user, version=form.cleaned_data["version"], **asked
        )
    except ValidationError as refusal:
        return {field: told[0] for field, told in refusal.message_dict.items()}
    return {}


def _picked(row, keys) -> list:
    """The answers whose boxes were ticked, in the order of the form; what names none is left out."""
    entries = [one for one in row.entries.select_related("criterion") if one.key in keys]
    figures = [one for one in row.figures.select_related("indicator__criterion") if one.key in keys]
    placed = [((one.criterion.order, -1), one) for one in entries]
    placed += [((one.indicator.criterion.order, one.indicator.order), one) for one in figures]
    return [one for _, one in sorted(placed, key=lambda pair: pair[0])]


def _again(request, row, place, errors):
    """The page with what was typed, open where it was typed."""
    kept = {"at": place, "errors": errors, "picked": request.POST.getlist("cho"), "typed": request.POST}
    return render(request, "reports/report.html", page_of(request, row, kept=kept), status=422)


@signed_in
@require_POST
def follow(request, pk, remark_pk):
    row = readable(request, pk)
    remark = get_object_or_404(row.remarks.with_answers(), pk=remark_pk)
    asked = _asked(request, ("reply", "settle", "drop"))
    try:
        if asked["step"] == "reply":
            remarks.reply(remark=remark, text=asked["note"], by=request.user)
        else:
            deed = {"settle": remarks.settle, "drop": remarks.drop}[asked["step"]]
            deed(remark=remark, by=request.user, version=asked["version"])
    except NoteMissing as refusal:
        return _again(request, row, f"y-kien-{remark.pk}", {"note": str(refusal)})
    messages.info(request, TOLD[asked["step"]])
    return redirect(following_after(request, row, ends=False))


def _asked(request, steps) -> dict:
    form = StepForm(request.POST)
    if not form.is_valid() or form.cleaned_data["step"] not in steps:
        raise Http404
    return form.cleaned_data


@signed_in
@require_POST
def ask_withdrawal(request, pk):
    row = readable(request, pk)
    asked = _asked(request, ("ask",))
    try:
        withdrawals.ask(report=row, reason=asked["note"], by=request.user)
    except NoteMissing as refusal:
        return _again(request, row, "xin-rut", {"note": str(refusal)})
    messages.info(request, "Đã xin rút báo cáo. Phòng Nội vụ trả lời ở trang này.")
    return redirect(row)


@signed_in
@require_POST
def answer_withdrawal(request, pk, request_pk):
    row = readable(request, pk)
    wish = get_object_or_404(row.withdrawal_requests.select_related("report__period"), pk=request_pk)
    asked = _asked(request, ("allow", "refuse"))
    who = {"request": wish, "by": request.user, "version": asked["version"]}
    following = following_after(request, row, ends=asked["step"] == "allow")
    try:
        withdrawals.allow(**who) if asked["step"] == "allow" else withdrawals.refuse(**who, note=asked["note"])
    except NoteMissing as refusal:
        return _again(request, row, "khong-cho-rut", {"note": str(refusal)})
    messages.info(request, TOLD[asked["step"]])
    return redirect(following)
