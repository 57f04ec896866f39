from django import forms
from django.core.exceptions import ValidationError

from campaigns.models import Content, Inspection
from campaigns.selectors.registration import asked_of, beside
from campaigns.services.registration import MOST_WORKS
from criteria.forms import read_number
from criteria.models import IndicatorKind
from criteria.selectors import forms_for
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text, format_day, format_number
from units.forms import CleanForm, DayField
from units.models import Unit


class MomentField(forms.DateTimeField):
    def __init__(self, **kwargs):
        wrong = "Giờ và ngày viết theo dạng 17:00 13/12/2024."
        super().__init__(error_messages={"required": wrong, "invalid": wrong}, **kwargs)


class AskExtensionForm(CleanForm):
    """Why a unit asks for more time, and until which day; `units` are the asker's own that have to report."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị", empty_label=None)
    reason = forms.CharField(
        label="Lý do",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ít nhất 20 ký tự: việc gì chậm, vì sao, còn thiếu gì.",
    )
    wanted_on = DayField(label="Xin nộp trước 17:00 ngày")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, initial={"unit": units.first()}, **kwargs)
        self.fields["unit"].queryset = units


class AnswerExtensionForm(CleanForm):
    """One of two answers; what each of them needs is for the deed to say."""

    step = forms.ChoiceField(choices=[("grant", ""), ("refuse", "")])
    version = forms.IntegerField(required=False)
    until_on = DayField(label="Gia hạn đến 17:00 ngày", required=False)
    answer = forms.CharField(label="Trả lời", required=False)


class ExcuseForm(CleanForm):
    """A unit that need not report, and the document that says so."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị", empty_label="Chọn đơn vị")
    document = forms.CharField(label="Văn bản", max_length=200, help_text="Số, ngày, cơ quan ban hành.")
    reason = forms.CharField(
        label="Lý do", widget=forms.Textarea(attrs={"rows": 3}), help_text="Ít nhất 20 ký tự, đưa vào báo cáo tổng hợp."
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class RevokeForm(CleanForm):
    reason = forms.CharField(
        label="Lý do hủy", widget=forms.Textarea(attrs={"rows": 3}), help_text="Chỉ hủy khi ghi nhầm; dòng cũ vẫn còn."
    )


class PeriodDatesForm(CleanForm):
    """Reads the three times; whether they make sense is for `services.set_period_dates` to say."""

    opens_at = MomentField(label="Mở lúc")
    due_at = MomentField(label="Hạn nộp", help_text="Nộp từ thời điểm này trở đi là quá hạn.")
    locks_at = MomentField(label="Khóa lúc", help_text="Từ thời điểm này không nộp được nữa.")


def _long_text(label, *, rows=3, **kwargs):
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class PlanInspectionForm(CleanForm):
    """A visit to one unit: who goes, by which document, what for and when."""

    led_by = forms.ModelChoiceField(Unit.objects.none(), label="Cơ quan chủ trì", empty_label=None)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị được kiểm tra", empty_label="Chọn đơn vị")
    document = forms.CharField(label="Kế hoạch, quyết định", max_length=200, help_text="Số, ngày, cơ quan ban hành.")
    subject = forms.CharField(label="Nội dung kiểm tra", max_length=300)
    planned_on = DayField(label="Ngày dự kiến")
    team = _long_text("Thành phần đoàn", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["led_by"].queryset = Unit.objects.filter(pk__in=user.unit_ids).in_order()
        inspected = Unit.objects.expected_to_report(clock.today()).exclude(pk__in=user.unit_ids)
        self.fields["unit"].queryset = inspected.in_order()


class ChangeInspectionForm(PlanInspectionForm):
    """The same before the visit; who inspects whom stays."""

    led_by = unit = None
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, inspection: Inspection, **kwargs):
        names = ("document", "subject", "planned_on", "team", "version")
        initial = {name: getattr(inspection, name) for name in names}
        super(PlanInspectionForm, self).__init__(*args, initial=initial, **kwargs)


class InspectionResultForm(CleanForm):
    carried_out_on = DayField(label="Ngày kiểm tra")
    conclusion = _long_text("Kết luận", rows=5)
    version = forms.IntegerField(widget=forms.HiddenInput)


class FindingForm(CleanForm):
    """One finding on a criterion of the unit's form, or on one of its indicators."""

    about = forms.ChoiceField(label="Tiêu chí, chỉ tiêu")
    text = _long_text("Phát hiện")
    recommendation = _long_text("Kiến nghị", required=False, help_text="Để trống khi chỉ ghi nhận.")
    due_on = DayField(label="Thực hiện trước ngày", required=False, help_text="Cần khi có kiến nghị.")

    def __init__(self, *args, inspection: Inspection, **kwargs):
        super().__init__(*args, **kwargs)
        self.answers = {}
        choices = [("", "Chọn tiêu chí hoặc chỉ tiêu")]
        for criterion in forms_for(inspection.unit.kind, inspection.period.year):
            rows = [(f"c{criterion.pk}", f"{criterion.code}, cả tiêu chí", (criterion, None))]
            rows += [(f"i{one.pk}", f"{criterion.code}, {one.name}", (criterion, one)) for one in criterion.asked]
            self.answers |= {key: answer for key, _, answer in rows}
            choices.append((str(criterion), [(key, label) for key, label, _ in rows]))
        self.fields["about"].choices = choices

    def clean(self):
        """`about` becomes the criterion and the indicator that it names."""
        cleaned = super().clean()
        criterion, indicator = self.answers.get(cleaned.pop("about", ""), (None, None))
        return cleaned | {"criterion": criterion, "indicator": indicator}


# --- registration -----------------------------------------------------------------------------------------------------


class ContentsForm(CleanForm):
    contents = forms.ModelMultipleChoiceField(
        Content.objects.none(),
        label="Nội dung thi đua",
        required=False,
        error_messages={"invalid_choice": "Chọn trong các nội dung dưới đây.", "invalid_pk_value": "Chọn lại."},
    )

    def __init__(self, data=None, files=None, *, registration):
        super().__init__(data)
        self.fields["contents"].queryset = Content.objects.filter(campaign=registration.period.campaign_id)
        self.initial = {"contents": [one.pk for one in registration.contents.all()]}

    @property
    def chosen(self) -> set[int]:
        return {int(value) for value in self["contents"].value() or () if str(value).isdecimal()}

    @property
    def deed(self) -> dict:
        return {"contents": list(self.cleaned_data["contents"])}


class TargetField(forms.CharField):
    """The unit's own target for one indicator, as its kind is written: a Decimal, a date, or None when left empty."""

    def __init__(self, indicator, year):
        super().__init__(required=False, max_length=60, label=indicator.name)
        self.indicator, self.year = indicator, year

    def clean(self, value):
        typed = clean_text(super().clean(value))
        if not typed:
            return None
        if self.indicator.kind == IndicatorKind.DATE:
            return _in_year(DayField().clean(typed), self.year)
        return read_number(typed, self.indicator)


def _in_year(day, year):
    if day.year != year:
        raise ValidationError(f"Ngày phải trong năm {year}, từ 01/01/{year} đến 31/12/{year}.")
    return day


class TargetsForm(CleanForm):
    """Two fields for each indicator of the unit's form; an empty target promises nothing."""

    def __init__(self, data=None, files=None, *, registration):
        super().__init__(data)
        year = registration.period.year
        self.criteria = asked_of(registration.unit, year)
        self.beside = beside(registration.unit, year, self.criteria)
        self.indicators = {f"chi-tieu-{one.pk}": one for criterion in self.criteria for one in criterion.asked}
        for name, indicator in self.indicators.items():
            self.fields[name] = TargetField(indicator, year)
            self.fields[f"{name}-ghi-chu"] = forms.CharField(
                required=False, max_length=500, label=f"Ghi chú cho {indicator.name}"
            )
        self.initial = self._stored(registration)

    def _stored(self, registration) -> dict[str, str]:
        stored = {}
        for one in registration.promises.all():
            name = f"chi-tieu-{one.indicator_id}"
            stored |= {name: _typed(one), f"{name}-ghi-chu": one.note}
        return stored

    def clean(self):
        cleaned = super().clean()
        for name in self.indicators:
            if cleaned.get(f"{name}-ghi-chu") and name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, "Có ghi chú nhưng chưa ghi chỉ tiêu.")
        return cleaned

    @property
    def groups(self) -> list[tuple]:
        """By criterion: (indicator, field of the target, field of the note, what stands beside)."""
        return [
            (
                criterion,
                [
                    (one, self[f"chi-tieu-{one.pk}"], self[f"chi-tieu-{one.pk}-ghi-chu"], self.beside[one.code])
                    for one in criterion.asked
                ],
            )
            for criterion in self.criteria
        ]

    @property
    def deed(self) -> dict:
        said = ((one.code, self._said(name, one)) for name, one in self.indicators.items())
        return {"promises": {code: answer for code, answer in said if answer}}

    def _said(self, name, indicator) -> dict | None:
        given = self.cleaned_data[name]
        if given is None:
            return None
        is_day = indicator.kind == IndicatorKind.DATE
        note = self.cleaned_data[f"{name}-ghi-chu"]
        return {"value": None if is_day else given, "day": given if is_day else None, "note": note}


def _typed(promise) -> str:
    if promise.day:
        return format_day(promise.day)
    return format_number(promise.value)


class WorkForm(CleanForm):
    name = forms.CharField(label="Công trình, phần việc", max_length=300)
    content = forms.ChoiceField(label="Nội dung thi đua")
    due_on = DayField(label="Hoàn thành trước ngày")
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)

    def __init__(self, *args, contents, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year
        self.fields["content"].choices = [("", "Chọn nội dung"), *contents]
        self.fields["name"].error_messages["required"] = "Chưa ghi tên công trình, phần việc."
        self.fields["content"].error_messages["required"] = "Chưa chọn nội dung thi đua."
        self.fields["due_on"].error_messages["required"] = "Chưa ghi ngày hoàn thành."

    def clean_due_on(self):
        return _in_year(self.cleaned_data["due_on"], self.year)


_EMPTY_ROWS = 3
_WorkForms = forms.formset_factory(
    WorkForm, extra=_EMPTY_ROWS, max_num=MOST_WORKS, absolute_max=2 * MOST_WORKS, validate_max=True, can_delete=True
)


class WorksForm(_WorkForms):
    """The works in rows, some of them empty: what stays empty is no row, what is marked for removal goes."""

    def __init__(self, data=None, files=None, *, registration):
        names = ("name", "due_on", "note")
        works = [
            {name: getattr(one, name) for name in names} | {"content": one.content.code}
            for one in registration.works.all()
        ]
        chosen = {one.code for one in registration.contents.all()}
        contents = [
            (one.code, f"{one.code}. {one.title}" + ("" if one.code in chosen else " (chưa chọn)"))
            for one in Content.objects.filter(campaign=registration.period.campaign_id)
        ]
        super().__init__(
            data,
            initial=[work | {"due_on": format_day(work["due_on"])} for work in works],
            form_kwargs={"contents": contents, "year": registration.period.year},
            error_messages={"too_many_forms": f"Nhiều nhất {MOST_WORKS} công trình, phần việc."},
            prefix="viec",
        )

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Bỏ dòng này"

    @property
    def deed(self) -> dict:
        kept = (form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.cleaned_data)
        return {"works": [{name: row[name] for name in WorkForm.base_fields} for row in kept]}


class HintForm(CleanForm):
    """What a lead office tells those who fill in one field."""

    text = _long_text(
        "Hướng dẫn", rows=4, max_length=2_000, help_text="Ít nhất 20 ký tự. Một, hai câu là dễ đọc nhất bên ô nhập."
    )
    document = forms.CharField(
        label="Văn bản", max_length=200, required=False, help_text="Số, ngày, cơ quan ban hành, nếu có."
    )
    valid_from = DayField(label="Áp dụng từ ngày")


class QuestionForm(CleanForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label="Hỏi cho đơn vị", empty_label=None)
    text = _long_text("Câu hỏi", rows=4, max_length=2_000, help_text="Ít nhất 20 ký tự: việc cụ thể, vướng ở đâu.")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, initial={"unit": units.first()}, **kwargs)
        self.fields["unit"].queryset = units


class AnswerForm(CleanForm):
    text = _long_text(
        "Trả lời", rows=4, max_length=2_000, help_text="Ít nhất 20 ký tự. Mọi đơn vị điền ô này đều đọc được."
    )


class RegistrationDaysForm(CleanForm):
    """Whether the days make sense is for `services.registration.set_registration_days` to say."""

    registers_by = DayField(label="Đăng ký đến hết ngày", help_text="Đăng ký sau ngày này vẫn được nhận, ghi là muộn.")
    amends_until = DayField(label="Điều chỉnh đến hết ngày", help_text="Sau ngày này đơn vị không điều chỉnh được.")


class PlanFileForm(CleanForm):
    file = forms.FileField(label="Tệp kế hoạch", required=False)
    remove = forms.BooleanField(label="Bỏ tệp đang lưu", required=False)

    def __init__(self, data=None, files=None, *, registration):
        super().__init__(data, files)
        self.stored = registration.plan_file

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("file") and not cleaned.get("remove") and "file" not in self.errors:
            self.add_error("file", "Chưa chọn tệp.")
        return cleaned

    @property
    def deed(self) -> dict:
        return {"upload": self.cleaned_data["file"]}
