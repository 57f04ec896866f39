"""Forms of a report: one answer each, cleaned and judged by what its indicator asks for. No deeds."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from criteria.forms import read_number
from criteria.models import Criterion, IndicatorKind
from criteria.scoring import AnswerKind, Grade
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text, format_day, format_number, parse_number
from reports.models import Entry, Evidence, Figure, ScoreKind
from reports.models.report import SHORTEST_EXEMPTION
from reports.workflow import VERIFYING
from units.forms import CleanForm, DayField
from units.workflow import SHORTEST_NOTE, too_short

SHORTEST_REASON = 10  # "Xã không có" is reason enough for one figure
LONGEST_NARRATIVE = 8_000
MOST_POINT_DIGITS = 4  # before the comma, as the column of points holds

_PART_OF_KIND = {IndicatorKind.DATE: "day", IndicatorKind.DOCUMENT: "document"}


class WordsField(forms.CharField):
    """Text cleaned before it is judged, so that a stray control character is dropped and not complained about."""

    def __init__(self, *, longest, **kwargs):
        super().__init__(required=False, **kwargs)
        self.longest = longest

    def to_python(self, value):
        return clean_text(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if len(value) > self.longest:
            found, most = format_number(len(value)), format_number(self.longest)
            raise ValidationError(f"Dài {found} ký tự, nhiều nhất {most}. Rút gọn rồi lưu lại.")


class EntryForm(forms.Form):
    """What the unit says on one criterion. `exempt` is the page's word for "applies not"."""

    exempt = forms.BooleanField(required=False)
    narrative = WordsField(longest=LONGEST_NARRATIVE)
    grade = forms.ChoiceField(choices=[("", ""), *Grade.choices], required=False)

    def __init__(self, data=None, *, entry: Entry):
        super().__init__(data, prefix=entry.key)

    def clean(self):
        cleaned = super().clean()
        exempt, narrative = cleaned.pop("exempt", False), cleaned.get("narrative")
        if exempt and narrative is not None and len(narrative) < SHORTEST_EXEMPTION:
            self.add_error("narrative", too_short(SHORTEST_EXEMPTION))
        return cleaned | {"applies": not exempt}

    @staticmethod
    def typed(entry: Entry) -> dict[str, str]:
        """The stored answer in the words of the form."""
        return {"exempt": "" if entry.applies else "on", "narrative": entry.narrative, "grade": entry.grade}


class FigureForm(forms.Form):
    """One of three answers. Only the chosen one is judged; what stands under the others is kept when it can be."""

    answer = forms.ChoiceField(choices=AnswerKind, required=False)
    value = WordsField(longest=60)
    day = DayField(required=False)
    document = WordsField(longest=200)
    reason = WordsField(longest=500)
    expected_on = DayField(required=False)
    explanation = WordsField(longest=500)  # too short is kept and does not count: selectors.doubts.is_explained

    def __init__(self, data=None, *, figure: Figure):
        super().__init__(data, prefix=figure.key)
        self.figure = figure

    def clean_value(self):
        typed = self.cleaned_data["value"]
        return read_number(typed, self.figure.indicator) if typed else None

    def clean(self):
        cleaned = super().clean()
        chosen = cleaned.get("answer") or AnswerKind.VALUE  # a number typed without a choice is an answer
        self._forget_the_rest(chosen)
        match chosen:
            case AnswerKind.VALUE:
                given = cleaned.get(self.part)
                cleaned["answer"] = AnswerKind.VALUE if given not in (None, "") else ""
            case AnswerKind.NOT_APPLICABLE:
                if "reason" not in self.errors and len(cleaned["reason"]) < SHORTEST_REASON:
                    self.add_error("reason", too_short(SHORTEST_REASON))
            case AnswerKind.NO_DATA:
                self._judge_expected_day(cleaned)
        return cleaned

    @property
    def part(self) -> str:
        """The field that holds the value of this kind of indicator."""
        return _PART_OF_KIND.get(self.figure.indicator.kind, "value")

    def _forget_the_rest(self, chosen):
        """What is wrong under an answer that was not chosen is no error: the stored value stays instead."""
        judged = {
            AnswerKind.VALUE: {self.part},
            AnswerKind.NOT_APPLICABLE: {"reason"},
            AnswerKind.NO_DATA: {"expected_on"},
        }
        for name in set(self.errors) - judged[chosen] - {"answer", "explanation"}:
            del self.errors[name]
            self.cleaned_data[name] = getattr(self.figure, name)
        if self.add_prefix("explanation") not in self.data:  # was not asked for: a workbook, an old page
            self.cleaned_data["explanation"] = self.figure.explanation

    def _judge_expected_day(self, cleaned):
        if "expected_on" in self.errors:
            return
        if not cleaned["expected_on"]:
            self.add_error("expected_on", "Chưa ghi ngày dự kiến có số liệu.")
        elif cleaned["expected_on"] < clock.today():
            self.add_error("expected_on", f"Ngày dự kiến không trước hôm nay, {format_day(clock.today())}.")

    @staticmethod
    def typed(figure: Figure) -> dict[str, str]:
        """The stored answer in the words of the form; an answer not given yet stands ready for a value."""
        is_yes_no = figure.indicator.kind == IndicatorKind.YES_NO
        value = "" if figure.value is None else format_number(figure.value)
        return {
            "answer": figure.answer or AnswerKind.VALUE.value,
            "value": value if not is_yes_no or value == "" else str(int(figure.value)),
            "day": format_day(figure.day) if figure.day else "",
            "document": figure.document,
            "reason": figure.reason,
            "expected_on": format_day(figure.expected_on) if figure.expected_on else "",
            "explanation": figure.explanation,
        }


class StepForm(forms.Form):
    """A step taken from the page: its name, the version that was seen, a reason where one is asked for."""

    step = forms.CharField(max_length=30)
    version = forms.IntegerField(required=False)
    note = WordsField(longest=2_000)


class ClusterTextForm(forms.Form):
    """What the lead of a cluster writes in its report, and the version it was read in."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    activity = WordsField(
        longest=LONGEST_NARRATIVE, label="Hoạt động của khối", widget=forms.Textarea(attrs={"rows": 6})
    )
    assessment = WordsField(longest=LONGEST_NARRATIVE, label="Đánh giá chung", widget=forms.Textarea(attrs={"rows": 6}))
    proposals = WordsField(
        longest=LONGEST_NARRATIVE, label="Kiến nghị (không bắt buộc)", widget=forms.Textarea(attrs={"rows": 4})
    )


class NoteForm(forms.Form):
    """The reason of a deed that asks for nothing else."""

    note = WordsField(longest=2_000)


class ScoreItemForm(CleanForm):
    """A line of a score sheet. Points are typed the Vietnamese way."""

    kind = forms.ChoiceField(choices=ScoreKind, label="Loại điểm")
    criterion = forms.ModelChoiceField(
        Criterion.objects.none(),
        required=False,
        label="Tiêu chí của Kế hoạch",
        empty_label="Không gắn với tiêu chí",
        help_text="Điểm tiêu chí có gắn mới tính khi xét các đơn vị bằng điểm.",
    )
    name = forms.CharField(max_length=300, label="Nội dung chấm")
    most = forms.CharField(max_length=20, label="Điểm tối đa", widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    order = forms.IntegerField(min_value=1, max_value=999, label="Thứ tự")

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["criterion"].queryset = criteria

    def clean_most(self):
        return points_of(self.cleaned_data["most"])


class PointsForm(forms.Form):
    """The points of one unit on one line, with the version that was read."""

    value = WordsField(longest=20)
    document = WordsField(longest=200)
    note = WordsField(longest=1_000)
    version = forms.IntegerField(min_value=0)

    def clean_value(self):
        typed = self.cleaned_data["value"]
        return points_of(typed) if typed else None


def points_of(typed: str) -> Decimal:
    """Points as typed, with two decimals at most. Raises ValidationError with the sentence for the field."""
    try:
        number = parse_number(typed)
    except ValueError as refusal:
        raise ValidationError(str(refusal)) from None
    if number.adjusted() >= MOST_POINT_DIGITS:
        raise ValidationError(f"Số quá lớn: điểm có nhiều nhất {MOST_POINT_DIGITS} chữ số trước dấu phẩy.")
    if number != round(number, 2):
        raise ValidationError(f"“{typed}”: điểm nhận nhiều nhất 2 chữ số sau dấu phẩy.")
    return number


class ValueForm(CleanForm):
    """A value that an office sets beside the reported one, in the part that fits the kind of `indicator`."""

    value = WordsField(longest=60, label="Số liệu")
    day = DayField(required=False, label="Ngày")
    document = WordsField(longest=200, label="Số, ngày văn bản")
    source = WordsField(longest=300, label="Nguồn số liệu")
    note = WordsField(longest=2_000, label="Ghi chú")
    version = forms.IntegerField(required=False)
    needed_later = frozenset({"value", "day", "document", "source", "note", "reason", "due_on"})

    def __init__(self, data=None, *, indicator, **kwargs):
        super().__init__(data, **kwargs)
        self.indicator = indicator
        self.part = _PART_OF_KIND.get(indicator.kind, "value")

    @property
    def needs_value(self) -> bool:
        return True

    def clean_value(self):
        typed = self.cleaned_data["value"]
        return read_number(typed, self.indicator) if typed else None

    def clean(self):
        cleaned = super().clean()
        if self.needs_value and self.part not in self.errors and cleaned.get(self.part) in (None, ""):
            self.add_error(self.part, "Chưa ghi số liệu.")
        return cleaned

    def said(self) -> dict:
        """The value as the deeds take it: only the part that fits."""
        empty = {"value": None, "day": None, "document": ""}
        return empty | {self.part: self.cleaned_data[self.part]}


class JudgeForm(ValueForm):
    """What a lead decides on one figure; only what the chosen step needs is judged."""

    step = forms.ChoiceField(
        choices=[(name, step.label) for name, step in VERIFYING.items()],
        label="Kết quả thẩm tra",
        error_messages={"required": "Chưa chọn kết quả thẩm tra.", "invalid_choice": "Chưa chọn kết quả thẩm tra."},
    )
    reason = WordsField(longest=2_000, label="Lý do trả lại")
    due_on = DayField(required=False, label="Sửa và gửi lại trước 17:00 ngày")
    field_order = ("step",)

    @property
    def needs_value(self) -> bool:
        return self.cleaned_data.get("step") == "differ"

    def clean(self):
        cleaned = super().clean()
        step = cleaned.get("step")
        unused = {"differ": {"reason", "due_on"}}.get(step, {"value", "day", "document", "source", "note"})
        for name in unused & set(self.errors):
            del self.errors[name]
        if step == "return" and "due_on" not in self.errors and not cleaned.get("due_on"):
            self.add_error("due_on", "Chưa ghi hạn sửa.")
        return cleaned


class ReturnForm(forms.Form):
    """What an office asks back: why, and until when (17:00 of that day). Which answers, the page says beside them."""

    reason = WordsField(longest=2_000)
    due_on = DayField(error_messages={"required": "Chưa ghi hạn sửa.", "invalid": "Ngày viết theo dạng dd/mm/yyyy."})
    version = forms.IntegerField(required=False)

    def clean_reason(self):
        if len(self.cleaned_data["reason"]) < SHORTEST_NOTE:
            raise ValidationError(too_short())
        return self.cleaned_data["reason"]

    def clean_due_on(self):
        return clock.at(self.cleaned_data["due_on"], 17)


class UploadsField(forms.FileField):
    """Several files at once. What is in them is judged by the deed, not here."""

    MOST = 10

    class Widget(forms.ClearableFileInput):
        allow_multiple_selected = True

    def __init__(self, **kwargs):
        super().__init__(widget=self.Widget(attrs={"class": "form-control"}), allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        files = [super(UploadsField, self).clean(one, initial) for one in data or ()]
        if len(files) > self.MOST:
            raise ValidationError(f"Mỗi lần tải nhiều nhất {self.MOST} tệp.")
        return files


class EvidenceForm(CleanForm):
    """New pieces: files, or the number of a document, or a link; beside an answer also pieces that are there."""

    needed_later = frozenset({"files", "title", "document", "link", "pieces"})  # any of them is enough
    files = UploadsField(
        label="Tệp", required=False, max_length=1000, help_text="PDF, Word, Excel, ảnh JPG, PNG; mỗi tệp đến 20 MB."
    )
    title = forms.CharField(label="Tên văn bản hoặc trang", max_length=200, required=False)
    document = forms.CharField(label="Số, ngày văn bản", max_length=200, required=False)
    link = forms.URLField(
        label="Đường dẫn",
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=("http", "https"))],
        error_messages={"invalid": "Đường dẫn viết đủ, ví dụ https://laichau.gov.vn/van-ban/214."},
    )
    pieces = forms.ModelMultipleChoiceField(Evidence.objects.none(), label="Minh chứng đã có", required=False)

    def __init__(self, *args, pieces=None, **kwargs):
        super().__init__(*args, **kwargs)
        if pieces is None:
            del self.fields["pieces"]
        else:
            self.fields["pieces"].queryset = pieces

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(name) for name in ("files", "document", "link", "pieces")):
            raise ValidationError("Chưa chọn gì. Chọn tệp, hoặc ghi số văn bản, hoặc đường dẫn.")
        return cleaned


class EvidenceTitleForm(CleanForm):
    title = forms.CharField(label="Tên minh chứng", max_length=200)


class PaperForm(CleanForm):
    """The picture of a signed report. What is in it is judged by the deed, not here."""

    scan = forms.FileField(
        label="Bản giấy đã ký",
        allow_empty_file=True,
        help_text="Tệp PDF hoặc ảnh JPG, PNG, nhiều nhất 20 MB. Tệp lưu cùng báo cáo, đơn vị xem được.",
        error_messages={"required": "Chưa chọn tệp quét hoặc ảnh chụp bản giấy."},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
