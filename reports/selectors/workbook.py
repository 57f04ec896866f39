"""The workbook of a report: which named cell holds which answer, and in which words. Names stay when rows move."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from math import isfinite

from criteria.models import IndicatorKind
from criteria.scoring import AnswerKind, Grade
from phongtho_thidua.lib.vietnamese import LONGEST_TEXT, clean_text, fold, format_day, format_number
from reports.models import AnnualReport, Entry, Figure
from reports.models.report import HANDED_IN
from reports.selectors.sheet import Block

FORMAT = 1  # goes up when cells get other names or meanings
ABOUT = "HE_THONG"  # names the hidden sheet that says whose workbook this is

CONCERNS, CONCERNS_NOT = "Có", "Không liên quan"
YES, NO = "Có", "Không"

_PART = {IndicatorKind.DATE: "day", IndicatorKind.DOCUMENT: "document"}
_CHOICES = {
    "answer": {kind.value: kind.label for kind in AnswerKind},
    "grade": {grade.value: grade.label for grade in Grade},
    "exempt": {"": CONCERNS, "on": CONCERNS_NOT},
    "yes_no": {"1": YES, "0": NO},
}
_DAYS = ("day", "expected_on")
_EXCEL = Context(prec=15)  # the digits that Excel keeps of a number; the rest is dust of binary fractions

Content = str | Decimal | date | None


class Unreadable(ValueError):
    """The cell holds something that this field does not take; says what was read and what is needed."""


@dataclass(frozen=True)
class Item:
    """One answer in the workbook. `fields` is {field of its form: name of the cell}."""

    code: str
    answer: Entry | Figure
    fields: dict[str, str]

    @property
    def name(self) -> str:
        """What all names of this answer begin with: no dots, which spreadsheets read as they please."""
        return self.code.replace(".", "_")

    @property
    def code_cell(self) -> str:
        return f"{self.name}__ma"

    @property
    def form_field(self) -> str:
        """The field that a refusal of the whole answer points at."""
        return next(iter(self.fields))

    def options(self, field: str) -> dict[str, str]:
        """{form value: words} of a field that is chosen from a list; empty for the others."""
        if field == "value" and self.answer.indicator.kind == IndicatorKind.YES_NO:
            return _CHOICES["yes_no"]
        return _CHOICES.get(field, {})

    def is_number(self, field: str) -> bool:
        return field == "value" and not self.options(field)

    def is_day(self, field: str) -> bool:
        return field in _DAYS


def last_report_of(report: AnnualReport) -> AnnualReport | None:
    """What the same unit handed in for the year before."""
    rows = AnnualReport.objects.filter(unit=report.unit_id, state__in=HANDED_IN).select_related("period")
    return rows.filter(period__year=report.period.year - 1).first()


def items_of(blocks: Iterable[Block]) -> Iterator[Item]:
    """Every answer of the report, in the order of the sheets; ratios are computed and have no cell."""
    for block in blocks:
        yield entry_item(block)
        for line in block.lines:
            if line.figure:
                line.figure.indicator.criterion = block.criterion  # read already
                yield figure_item(line.figure)


def entry_item(block: Block) -> Item:
    code = block.criterion.code
    fields = {"narrative": f"{code}__ket_qua", "exempt": f"{code}__lien_quan", "grade": f"{code}__tu_danh_gia"}
    return Item(code, block.entry, fields)


def figure_item(figure: Figure) -> Item:
    """The cell of the value bears the code itself: HT6_von_ke_hoach."""
    code, kind = figure.indicator.code, figure.indicator.kind
    name = code.replace(".", "_")
    rest = {
        "answer": "__tra_loi",
        "reason": "__ly_do",
        "expected_on": "__du_kien",
        "explanation": "__giai_thich",
    }
    return Item(code, figure, {_PART.get(kind, "value"): name} | {field: name + end for field, end in rest.items()})


def digest_of(texts: dict[str, str]) -> str:
    """Tells whether somebody wrote in the cells of an answer since they were made."""
    data = json.dumps(texts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def shown(item: Item, field: str, text: str) -> Content:
    """What stands in the cell for `text`, the field's value in the words of its form."""
    if field == "answer" and not item.answer.answer:
        return None  # nobody has chosen yet
    if options := item.options(field):
        return options.get(text, "")
    if not text:
        return None
    if item.is_number(field):
        return Decimal(text.replace(".", "").replace(",", "."))
    return datetime.strptime(text, "%d/%m/%Y").date() if item.is_day(field) else text  # noqa: DTZ007


def read(item: Item, field: str, content) -> str:
    """The other way: what the form gets for `content` of a cell, of whatever type. Raises Unreadable."""
    if content is None or content == "":
        return _blank(field)
    if options := item.options(field):
        return _chosen(options, content)
    if item.is_day(field):
        return _day(content)
    return _plain(content) if item.is_number(field) else _words(content)


def _blank(field: str) -> str:
    return AnswerKind.VALUE.value if field == "answer" else ""


def _chosen(options: dict[str, str], content) -> str:
    typed = {True: YES, False: NO}.get(content) if isinstance(content, bool) else str(content)
    for value, words in options.items():
        if fold(words) == fold(typed):
            return value
    *most, last = options.values()
    raise Unreadable(f"“{_short(typed)}”: chọn {', '.join(most)} hoặc {last}.")


def _day(content) -> str:
    if isinstance(content, datetime | date):
        return format_day(content)
    if isinstance(content, str):
        return clean_text(content)
    raise Unreadable(f"“{_short(content)}” không phải là ngày. Ghi theo dạng dd/mm/yyyy, ví dụ 20/12/2024.")


def _plain(content) -> str:
    if isinstance(content, str):
        return clean_text(content)
    if _is_finite(content):
        return format_number(_EXCEL.create_decimal(str(content)))
    raise Unreadable(f"“{_short(content)}” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5.")


def _is_finite(content) -> bool:
    return isinstance(content, int | float | Decimal) and not isinstance(content, bool) and isfinite(content)


def _words(content) -> str:
    return _plain(content) if _is_finite(content) else clean_text(_short(content, LONGEST_TEXT))


def _short(content, longest: int = 60) -> str:
    """`content` as a person would read it in the cell, not longer than a sentence can bear."""
    if isinstance(content, bool):
        return str(content).upper()
    if isinstance(content, datetime | date):
        return format_day(content)
    text = clean_text(str(content))
    return text if len(text) <= longest else f"{text[:longest]}…"
