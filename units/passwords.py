"""What a password must be, said in Vietnamese where Django's own translation has no words for it."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    def get_error_message(self):
        return f"Mật khẩu này quá ngắn. Cần ít nhất {self.min_length} ký tự."
