"""Forms of a report: one answer each, cleaned and judged by what its indicator asks for. No deeds."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from criteria.models import IndicatorKind
from criteria.scoring import AnswerKind, Grade
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text, format_day, format_number, parse_number
from reports.models import Entry, Figure
from reports.models.report import SHORTEST_EXEMPTION
from units.forms import DayField

SHORTEST_REASON = 10  # "Xã không có" is reason enough for one figure
LONGEST_NARRATIVE = 8_000
MOST_DIGITS = 11  # before the comma: with four after it SQLite, which keeps floats, still gives back every digit

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
            self.add_error("narrative", _reason_missing(SHORTEST_EXEMPTION))
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

    def __init__(self, data=None, *, figure: Figure):
        super().__init__(data, prefix=figure.key)
        self.figure = figure

    def clean_value(self):
        typed = self.cleaned_data["value"]
        return _number(typed, self.figure.indicator) if typed else None

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
                    self.add_error("reason", _reason_missing(SHORTEST_REASON))
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
        for name in set(self.errors) - judged[chosen] - {"answer"}:
            del self.errors[name]
            self.cleaned_data[name] = getattr(self.figure, name)

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
        }


def _reason_missing(shortest: int) -> str:
    return f"Chưa ghi lý do. Cần ít nhất {shortest} ký tự để người nhận hiểu."


def _number(typed: str, indicator) -> Decimal:
    try:
        number = parse_number(typed)
    except ValueError as refusal:
        raise ValidationError(str(refusal)) from None
    if number < 0:
        raise ValidationError(f"“{typed}”: số liệu này không nhỏ hơn 0.")
    if number.adjusted() >= MOST_DIGITS:
        raise ValidationError(f"Số quá lớn: nhiều nhất {MOST_DIGITS} chữ số trước dấu phẩy.")
    if indicator.kind == IndicatorKind.YES_NO and number not in (0, 1):
        raise ValidationError("Chọn Có hoặc Không.")
    return _refuse_decimals(number, typed, indicator.decimals)


def _refuse_decimals(number: Decimal, typed: str, most: int) -> Decimal:
    if number == round(number, most):
        return number
    if most == 0:
        raise ValidationError(f"“{typed}”: chỉ tiêu này ghi số nguyên, không có phần thập phân.")
    raise ValidationError(f"“{typed}”: chỉ tiêu này nhận nhiều nhất {most} chữ số sau dấu phẩy.")


class StepForm(forms.Form):
    """A step taken from the page: its name, the version that was seen, a reason where one is asked for."""

    step = forms.CharField(max_length=30)
    version = forms.IntegerField(required=False)
    note = WordsField(longest=2_000)
