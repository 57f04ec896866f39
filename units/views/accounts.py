"""Accounts, kept by the administrator, who has no power over reports, votes or decisions."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from units import audit
from units.access import needs
from units.forms import AccountForm, RoleForm
from units.models import Membership, User
from units.services import accounts as deeds

for_admins = needs("units.manage_accounts", "Chỉ quản trị viên cấp và khóa tài khoản.")


@for_admins
def accounts(request):
    rows = User.objects.visible_to(request.user).prefetch_related("memberships__unit")
    page = Paginator(rows, 50).get_page(request.GET.get("trang"))
    return render(request, "units/accounts.html", {"page": page})


@for_admins
@require_http_methods(["GET", "POST"])
@sensitive_variables("password")
def add_account(request):
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, password = deeds.open_account(**form.cleaned_data, by=request.user)
        return render(request, "units/first_password.html", {"account": user, "password": password})
    context = {
        "form": form,
        "title": "Mở tài khoản",
        "button": "Mở và cấp mật khẩu tạm",
        "back_url": reverse("units:accounts"),
        "back_label": "Tài khoản",
    }
    return render(request, "form_page.html", context, status=422 if form.errors else 200)


@for_admins
def account(request, pk):
    row = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    context = {"account": row, "posts": row.memberships.all(), "form": RoleForm(), "history": audit.history_of(row)}
    return render(request, "units/account.html", context)


@for_admins
@require_POST
def give_role(request, pk):
    row = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        deeds.give_role(user=row, by=request.user, **form.cleaned_data)
        return redirect("units:account", pk)
    context = {"account": row, "posts": row.memberships.all(), "form": form, "history": audit.history_of(row)}
    return render(request, "units/account.html", context, status=422)


@for_admins
@require_POST
def end_role(request, pk):
    post = get_object_or_404(Membership, pk=pk, user__in=User.objects.visible_to(request.user), valid_to=None)
    deeds.end_role(post=post, by=request.user)
    return redirect("units:account", post.user_id)


@for_admins
@require_POST
@sensitive_variables("password")
def issue_password(request, pk):
    row = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    password = deeds.issue_password(user=row, by=request.user)
    return render(request, "units/first_password.html", {"account": row, "password": password})


@for_admins
@require_POST
def set_active(request, pk):
    row = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    deeds.set_active(user=row, active=request.POST.get("active") == "1", by=request.user)
    messages.info(request, "Đã mở lại tài khoản." if row.is_active else "Đã khóa tài khoản.")
    return redirect("units:account", pk)
