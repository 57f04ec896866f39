"""Coming in, going out, and one's own account."""

from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from phongtho_thidua.lib import clock
from units.access import public, signed_in
from units.forms import NewPasswordForm, SignInForm
from units.models import Theme
from units.services import accounts


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request):
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        login(request, user)
        if user.must_change_password:
            accounts.spend_first_password(user=user)
            update_session_auth_hash(request, user)
        return redirect(_next(request))
    status = 422 if request.method == "POST" else 200
    return render(request, "units/sign_in.html", {"form": form, "next": request.GET.get("next", "")}, status=status)


def _next(request) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "units:my_work"


def locked_out(request, response=None, credentials=None, *args, **kwargs):
    """Axes calls this instead of answering itself: the time of day at which the door opens again."""
    until = clock.machine_now() + get_cool_off(request)
    return render(request, "units/locked_out.html", {"until": until}, status=429)


@signed_in
@require_POST
def sign_out(request):
    logout(request)
    return redirect("units:sign_in")


@signed_in
@sensitive_post_parameters("current", "new", "again")
@require_http_methods(["GET", "POST"])
def change_password(request):
    form = NewPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        accounts.choose_password(user=request.user, password=form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        messages.info(request, "Đã đặt mật khẩu mới. Các phiên làm việc khác đã kết thúc.")
        return redirect("units:my_work")
    status = 422 if request.method == "POST" else 200
    return render(request, "units/change_password.html", {"form": form}, status=status)


@signed_in
def profile(request):
    return render(request, "units/profile.html", {"duties": request.user.duties})


@signed_in
@require_POST
def theme(request):
    if request.POST.get("theme") in Theme.values:
        request.user.theme = request.POST["theme"]
        request.user.save(update_fields=["theme"])
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "units:my_work")
