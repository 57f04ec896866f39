"""What holds for every answer: refusals told in words, no copies kept by the browser, first passwords changed first."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from phongtho_thidua.lib.workflow import StepRefused

_TOO_LARGE = "Chưa nhận được: một lần gửi nhiều nhất 64 MB. Quay lại, tải ít tệp hơn mỗi lần."


class LargestRequestMiddleware:
    """A body that is too large, or of which nobody says how large it is, is answered before a byte of it is read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return HttpResponse("Cần cho biết độ dài nội dung gửi lên.", content_type="text/plain", status=411)
        told = request.headers.get("Content-Length") or "0"
        if told.isascii() and told.isdigit() and int(told) > settings.LARGEST_REQUEST:
            return HttpResponse(_TOO_LARGE, content_type="text/plain; charset=utf-8", status=413)
        return self.get_response(request)


class RefusalMiddleware:
    """`StepRefused` from any deed is a 409 page in words; Django itself answers PermissionDenied with 403."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, StepRefused):
            return render(request, "errors/409.html", {"reason": str(exception)}, status=409)
        return None


class NoStoreMiddleware:
    """Pages of a signed-in person are not kept by browser or proxy: office machines are shared."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class FirstPasswordMiddleware:
    """Who came in with a first password sets a new one before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        allowed = (reverse("units:change_password"), reverse("units:sign_out"))
        if request.user.is_authenticated and request.user.must_change_password and request.path not in allowed:
            return redirect("units:change_password")
        return self.get_response(request)
