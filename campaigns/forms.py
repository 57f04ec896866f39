from django import forms

from units.forms import CleanForm


class MomentField(forms.DateTimeField):
    def __init__(self, **kwargs):
        wrong = "Giờ và ngày viết theo dạng 17:00 13/12/2024."
        super().__init__(error_messages={"required": wrong, "invalid": wrong}, **kwargs)


class PeriodDatesForm(CleanForm):
    """Reads the three times; whether they make sense is for `services.set_period_dates` to say."""

    opens_at = MomentField(label="Mở lúc")
    due_at = MomentField(label="Hạn nộp", help_text="Nộp từ thời điểm này trở đi là quá hạn.")
    locks_at = MomentField(label="Khóa lúc", help_text="Từ thời điểm này không nộp được nữa.")
