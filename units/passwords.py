"""What a password must be, and from where somebody tries one."""

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """Django's own Vietnamese translation has no words for it."""

    def get_error_message(self):
        return f"Mật khẩu này quá ngắn. Cần ít nhất {self.min_length} ký tự."


def client_address(request) -> str:
    """Whom the sign-in throttle counts: behind the proxy of production everybody's own address is the proxy's.

    `X-Real-IP` is set, never appended, by `deploy/nginx`; without a proxy anybody could send one, so it is ignored.
    """
    forwarded = request.META.get("HTTP_X_REAL_IP", "") if settings.PRODUCTION else ""
    return forwarded or request.META.get("REMOTE_ADDR", "")
