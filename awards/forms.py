"""Forms of nominations: parsing and field errors. Whether a nomination may be is for the services to say."""

from django import forms

from campaigns.forms import MomentField
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from units.forms import CleanForm
from units.models import Person

from .eligibility import SHORTEST_ACHIEVEMENT
from .models import AwardForm, SubjectKind
from .selectors import forms_offered

LONGEST_ACHIEVEMENT = 10_000
EARLIEST_BIRTH = 1900

NAME_LABELS = {SubjectKind.INDIVIDUAL: "Họ và tên", SubjectKind.HOUSEHOLD: "Họ và tên chủ hộ"}
NEW_PERSON = ("full_name", "birth_year", "position", "residence")


class Words(forms.CharField):
    """Text cleaned before it is measured: a stray control character is dropped, not held against its writer."""

    def to_python(self, value):
        return super().to_python(clean_text(value) if isinstance(value, str) else value)


class YearField(forms.IntegerField):
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    default_error_messages = {"invalid": "Năm sinh viết bằng 4 chữ số, ví dụ 1980."}

    def clean(self, value):
        year = super().clean(value)
        if year is not None and not EARLIEST_BIRTH <= year <= clock.today().year:
            raise forms.ValidationError(f"Năm sinh từ {EARLIEST_BIRTH} đến {clock.today().year}.")
        return year


class AchievementField(Words):
    def __init__(self, **kwargs):
        super().__init__(
            label="Thành tích",
            required=False,
            max_length=LONGEST_ACHIEVEMENT,
            widget=forms.Textarea(attrs={"rows": 8}),
            help_text=f"Việc đã làm, kết quả, số liệu, thời gian. Cần ít nhất {SHORTEST_ACHIEVEMENT} ký tự khi trình.",
            error_messages={"max_length": "Thành tích dài %(show_value)d ký tự, tối đa %(limit_value)d. Rút gọn lại."},
            **kwargs,
        )


class FormField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            AwardForm.objects.none(),
            label="Hình thức khen thưởng",
            empty_label="Chọn hình thức",
            error_messages={"required": "Chọn một hình thức.", "invalid_choice": "Đợt này không xét hình thức đó."},
            **kwargs,
        )


class OpenForm(CleanForm):
    """A new nomination. For a collective the fields about a person are not asked."""

    needed_later = frozenset({"person", "achievement"})

    form = FormField()
    person = forms.ModelChoiceField(
        Person.objects.none(), label="Đã ghi tên ở đơn vị", required=False, empty_label="Chưa có, ghi bên dưới"
    )
    full_name = Words(max_length=120, required=False)
    birth_year = YearField(label="Năm sinh", required=False)
    position = Words(label="Chức vụ, nghề nghiệp", max_length=200, required=False)
    residence = Words(
        label="Nơi ở", max_length=200, required=False, help_text="Bản, xã; giúp phân biệt người trùng tên."
    )
    achievement = AchievementField()

    def __init__(self, *args, award_round, unit, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["form"].queryset = forms_offered(award_round, kind)
        if kind == SubjectKind.COLLECTIVE:
            for name in ("person", *NEW_PERSON):
                del self.fields[name]
            return
        self.fields["person"].queryset = Person.objects.filter(unit=unit, kind=kind)
        self.fields["full_name"].label = NAME_LABELS[kind]

    def clean(self):
        cleaned = super().clean()
        if self.kind == SubjectKind.COLLECTIVE or self.errors.keys() & {"person", "full_name"}:
            return cleaned
        if not (cleaned.get("person") or cleaned.get("full_name")):
            self.add_error("full_name", "Chọn người đã có ở trên, hoặc ghi họ tên.")
        elif cleaned.get("person") and cleaned.get("full_name"):
            self.add_error("full_name", "Đã chọn người ở trên. Bỏ chọn, hoặc để trống họ tên.")
        return cleaned

    @property
    def deed(self) -> dict:
        """The arguments of `services.nominations.open_nomination` that come from the person at the screen."""
        values = dict(self.cleaned_data)
        typed = {name: values.pop(name) for name in NEW_PERSON if name in values}
        return values | {"subject_kind": self.kind, "new_person": typed if typed.get("full_name") else None}


class ChangeForm(CleanForm):
    needed_later = frozenset({"achievement"})

    form = FormField()
    achievement = AchievementField()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, nomination, **kwargs):
        now = {name: getattr(nomination, name) for name in ("form", "achievement", "version")}
        super().__init__(*args, initial=now, **kwargs)
        self.fields["form"].queryset = forms_offered(nomination.round, nomination.subject_kind)


class RoundDatesForm(CleanForm):
    """Reads the two times; whether they make sense is for `services.catalogue.set_round_dates` to say."""

    opens_at = MomentField(label="Nhận từ")
    closes_at = MomentField(label="Nhận đến", help_text="Từ thời điểm này đơn vị không trình được đề nghị mới.")
