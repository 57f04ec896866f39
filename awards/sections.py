"""What awards say in a yearly summary: nominations by form and recipient, and who was found eligible."""

from collections import Counter

from awards.models import AwardForm, AwardRound, Nomination, NominationState, SubjectKind
from phongtho_thidua.lib.documents.model import Annex, Column, Number, Paragraph, Table
from phongtho_thidua.lib.sections import Section
from phongtho_thidua.lib.vietnamese import sort_key

_YEARLY = frozenset({"yearly"})
_COUNTED = {
    "eligible": NominationState.ELIGIBLE,
    "not_eligible": NominationState.NOT_ELIGIBLE,
    "waiting": NominationState.SUBMITTED,
    "returned": NominationState.RETURNED,
}
_WORDS = {
    "eligible": "đủ điều kiện",
    "not_eligible": "không đủ điều kiện",
    "waiting": "chờ xem xét",
    "returned": "trả lại bổ sung",
}
NO_ROUND = "Chưa có đợt khen thưởng của năm."
NOTHING = "Chưa có đề nghị khen thưởng nào được trình."
NOT_DECIDED = (
    "Đủ điều kiện là kết luận của cơ quan thường trực khi xét đề nghị; khen thưởng do người có thẩm quyền quyết định."
)


def gather(period) -> dict:
    """Per form and recipient: nominated, and what became of it; drafts are in none of the counts. Three queries."""
    rounds = AwardRound.objects.filter(period=period)
    nominations = Nomination.objects.filter(round__in=rounds)
    found = Counter(nominations.values_list("form", "subject_kind", "state").order_by())
    forms = AwardForm.objects.filter(pk__in={form for form, _, _ in found})
    rows = [_row(form, kind, found) for form in forms for kind in SubjectKind]
    return {
        "year": period.year,
        "rounds": [one.name for one in rounds],
        "rows": [row for row in rows if row["nominated"]],
    }


def _row(form, kind, found) -> dict:
    counts = {name: found[form.pk, kind.value, state.value] for name, state in _COUNTED.items()}
    return {"form": form.name, "kind": kind.label, "nominated": sum(counts.values())} | counts


def lay_out(data) -> list:
    if not data["rounds"]:
        return [Paragraph.of(NO_ROUND)]
    if not data["rows"]:
        return [Paragraph.of(NOTHING)]
    total = {name: sum(row[name] for row in data["rows"]) for name in ("nominated", *_COUNTED)}
    found = [(Number(total[name]), f" {words}") for name, words in _WORDS.items() if total[name]]
    said = [run for place, pair in enumerate(found) for run in (", " if place else ": ", *pair)]
    opening = Paragraph.of("Các đơn vị trình ", Number(total["nominated"]), " đề nghị khen thưởng", *said, ".")
    return [opening, _table(data, total), Paragraph.of(NOT_DECIDED)]


def _table(data, total) -> Table:
    rows = tuple((row["form"], row["kind"], *_figures(row)) for row in data["rows"])
    return Table(
        caption=f"Đề nghị khen thưởng năm {data['year']} theo hình thức và đối tượng",
        columns=(
            Column("Hình thức khen thưởng", width=5),
            Column("Đối tượng", width=3),
            Column("Đề nghị", kind="number", width=2),
            Column("Đủ điều kiện", kind="number", width=2),
            Column("Không đủ điều kiện", kind="number", width=2),
            Column("Chờ xem xét", kind="number", width=2),
            Column("Trả lại bổ sung", kind="number", width=2),
        ),
        rows=rows,
        total=("Tổng số", None, *_figures(total)),
    )


def _figures(row) -> tuple[Number, ...]:
    return tuple(Number(row[name]) for name in ("nominated", *_COUNTED))


def gather_eligible(period) -> dict:
    """Everybody found eligible, in the order of forms, recipients and units. One query."""
    rows = Nomination.objects.filter(round__period=period, state=NominationState.ELIGIBLE).with_subjects()
    return {"year": period.year, "rows": [_named(row) for row in sorted(rows, key=_place)]}


def _place(row):
    kinds = list(SubjectKind)
    return row.form.order, kinds.index(row.subject_kind), sort_key(row.unit.name), _subject_key(row), row.pk


def _subject_key(row) -> str:
    """Units by the full name that is printed, people by their given name."""
    return sort_key(row.subject_unit.name) if row.subject_unit else row.subject.sort_key


def _named(row) -> dict:
    return {
        "form": row.form.name,
        "kind": row.get_subject_kind_display(),
        "subject": str(row.subject),
        "about": _about(row.person),
        "unit": row.unit.name,
    }


def _about(person) -> str:
    if person is None:
        return ""
    return "; ".join(part for part in (person.position, person.residence) if part)


def lay_out_eligible(data) -> list:
    if not data["rows"]:
        return []
    table = Table(
        caption="",
        columns=(
            Column("Số TT", kind="number"),
            Column("Tên tập thể, cá nhân, hộ gia đình", width=5),
            Column("Chức vụ, nơi ở", width=5),
            Column("Đơn vị đề nghị", width=5),
            Column("Hình thức khen thưởng", width=5),
        ),
        rows=tuple(
            (Number(place), row["subject"], row["about"], row["unit"], row["form"])
            for place, row in enumerate(data["rows"], start=1)
        ),
        note=NOT_DECIDED,
    )
    return [Annex(f"Danh sách đủ điều kiện khen thưởng năm {data['year']}", (table,))]


SECTIONS = (
    Section("awards", "Khen thưởng", 60, _YEARLY, gather, lay_out),
    Section("eligible", "Danh sách đủ điều kiện khen thưởng", 95, _YEARLY, gather_eligible, lay_out_eligible),
)
