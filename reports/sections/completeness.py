"""Who had to report, who did, in time or late, and who is missing: by name, so that nobody is silently left out."""

from collections import Counter
from datetime import datetime

from campaigns.models import Excusal, Extension, ExtensionState, Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents.model import Annex, Block, Bullets, Column, Number, Paragraph, Table, Text
from phongtho_thidua.lib.vietnamese import format_day
from reports.models import ReportState
from reports.selectors.summary import Standing, standings
from reports.selectors.timeliness import HANDED_IN, Punctuality, cases_of, punctuality_of
from units.models import UnitKind

NOT_STARTED = "not_started"
_METHOD = (
    "Số liệu và kết quả tự đánh giá dưới đây chỉ lấy từ các báo cáo đã được chấp nhận. Tỷ lệ chung của nhiều đơn vị là "
    "tổng tử số chia tổng mẫu số, không phải trung bình cộng các tỷ lệ."
)
_WORDS = {
    NOT_STARTED: "Chưa lập báo cáo",
    ReportState.DRAFT: "Đang lập",
    ReportState.RETURNED: "Trả lại để sửa",
    ReportState.SUBMITTED: "Đã nộp, chờ xem xét",
    ReportState.REVIEWING: "Đang xem xét",
    ReportState.ACCEPTED: "Đã chấp nhận",
}


def gather(period: Period) -> dict:
    timely = {case.unit.pk: case.punctuality for case in cases_of(period)}
    units = [_row(standing, timely.get(standing.unit.pk), period) for standing in standings(period)]
    names = {row["unit"]: row["name"] for row in units}
    return {
        "year": period.year,
        "due_at": clock.local(period.due_at).isoformat(),
        "units": units,
        "extensions": _extensions(period, names),
        "excusals": _excusals(period, names),
    }


def _extensions(period: Period, names: dict) -> list[dict]:
    rows = Extension.objects.for_period(period).select_related("unit", "asked_by", "decided_by").order_by("asked_at")
    return [
        {
            "name": names.get(row.unit_id, row.unit.name),
            "asked_by": row.asked_by.full_name,
            "asked_at": clock.local(row.asked_at).isoformat(),
            "reason": row.reason,
            "state": row.state,
            "until": clock.local(row.until).isoformat() if row.until else None,
            "decided_by": row.decided_by.full_name if row.decided_by else "",
            "answer": row.answer,
        }
        for row in rows
    ]


def _excusals(period: Period, names: dict) -> list[dict]:
    rows = Excusal.objects.for_period(period).select_related("unit", "by", "revoked_by").order_by("at")
    return [
        {
            "name": names.get(row.unit_id, row.unit.name),
            "reason": row.reason,
            "document": row.document,
            "by": row.by.full_name,
            "at": clock.local(row.at).isoformat(),
            "revoked_by": row.revoked_by.full_name if row.revoked_by else "",
            "revoked_why": row.revoked_why,
        }
        for row in rows
    ]


def _row(standing: Standing, punctuality: Punctuality | None, period: Period) -> dict:
    """`punctuality` None: a unit that reports without having to, judged by the deadline of the period."""
    report = standing.report
    first = report.first_submitted_at if report else None
    punctuality = punctuality or punctuality_of(report, period.due_at, period)
    return {
        "unit": standing.unit.pk,
        "name": standing.name,
        "kind": standing.unit.kind,
        "expected": standing.expected,
        "report": report.pk if report else None,
        "edition": report.edition if report else 0,
        "state": report.state if report else NOT_STARTED,
        "first_submitted_at": clock.local(first).isoformat() if first else None,
        "in_time": punctuality == Punctuality.ON_TIME if punctuality in HANDED_IN else None,
        "punctuality": punctuality.value,
    }


def lay_out(data: dict) -> list:
    expected = [row for row in data["units"] if row["expected"]]
    return [
        *_sentences(data, expected),
        _by_kind(expected),
        *_lists(data["units"]),
        Annex(
            f"Danh sách đơn vị và tình hình nộp báo cáo năm {data['year']}",
            (_list_of_units(data["units"]),),
            landscape=False,
        ),
        *_leeway(data),
    ]


def _leeway(data: dict) -> list[Annex]:
    """Every extension and excusal of the year; snapshots taken before there were any have neither."""
    tables = [
        make(data[name])
        for name, make in (("extensions", _extension_table), ("excusals", _excusal_table))
        if data.get(name)
    ]
    return [Annex("Gia hạn và miễn báo cáo", tuple(tables), landscape=False)] if tables else []


def _extension_table(rows: list[dict]) -> Table:
    columns = (Column("Đơn vị", width=8), Column("Xin gia hạn", width=6), Column("Lý do", width=12))
    columns += (Column("Gia hạn đến", width=6), Column("Người trả lời", width=6))
    return Table("Gia hạn nộp báo cáo", columns, tuple(_extension_row(row) for row in rows), dense=True)


def _extension_row(row: dict) -> tuple:
    answered = {ExtensionState.ASKED: "Chưa trả lời", ExtensionState.REFUSED: "Không gia hạn"}
    until = _moment(row["until"]) if row["until"] else answered[row["state"]]
    said = f"{row['decided_by']}: {row['answer']}" if row["answer"] else row["decided_by"]
    return row["name"], f"{row['asked_by']}, {_moment(row['asked_at'])}", row["reason"], until, said


def _excusal_table(rows: list[dict]) -> Table:
    columns = (Column("Đơn vị", width=8), Column("Văn bản", width=12), Column("Lý do", width=12))
    columns += (Column("Người ghi", width=6),)
    return Table("Miễn báo cáo", columns, tuple(_excusal_row(row) for row in rows), dense=True)


def _excusal_row(row: dict) -> tuple:
    undone = f". Đã hủy, {row['revoked_by']}: {row['revoked_why']}" if row["revoked_by"] else ""
    return row["name"], row["document"], row["reason"], f"{row['by']}, {_moment(row['at'])}{undone}"


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return f"{moment:%H:%M} {format_day(moment)}"


def _sentences(data: dict, expected: list[dict]) -> list[Block]:
    due = datetime.fromisoformat(data["due_at"])
    counts = _counts(expected)
    extra = len(data["units"]) - len(expected)
    lines = [
        Paragraph.of(
            f"Năm {data['year']} có ", Number(counts["expected"]),
            f" đơn vị phải báo cáo kết quả thực hiện Phong trào thi đua (Kế hoạch, mục VI.5); hạn nộp {due:%H:%M} "
            f"ngày {format_day(due)}. ", *_handed_in(counts), ".",
        ),
        Paragraph.of(_METHOD),
    ]  # fmt: skip
    if extra:
        lines.append(Paragraph.of("Ngoài danh sách phải báo cáo còn có ", Number(extra), " đơn vị gửi báo cáo."))
    return lines


def _handed_in(counts: Counter) -> list[Text]:
    """How far the reports have come, without the counts that are zero."""
    if not counts["handed_in"]:
        return ["Đến lúc chốt số liệu chưa có đơn vị nào nộp báo cáo"]
    said = ["Đến lúc chốt số liệu có ", Number(counts["handed_in"]), " trên ", Number(counts["expected"]),
            " đơn vị đã nộp"]  # fmt: skip
    if counts["late"] and counts["in_time"]:
        said += [", trong đó ", Number(counts["in_time"]), " đúng hạn, ", Number(counts["late"]), " nộp muộn"]
    else:
        said.append(", đều nộp muộn" if counts["late"] else ", đều đúng hạn")
    if not counts["accepted"]:
        return [*said, "; chưa có báo cáo nào được chấp nhận"]
    return [*said, "; ", Number(counts["accepted"]), " báo cáo đã được chấp nhận"]


def _counts(rows: list[dict]) -> Counter:
    """Every unit is handed in, excused or missing; handed in is in time or late."""
    counts = Counter(expected=0, handed_in=0, in_time=0, late=0, accepted=0, missing=0, excused=0)
    for row in rows:
        absent, excused = row["in_time"] is None, row.get("punctuality") == Punctuality.EXCUSED
        counts.update(
            expected=1,
            handed_in=not absent,
            in_time=row["in_time"] is True,
            late=row["in_time"] is False,
            accepted=row["state"] == ReportState.ACCEPTED,
            missing=absent and not excused,
            excused=excused,
        )
    return counts


def _by_kind(expected: list[dict]) -> Table:
    kinds = [kind for kind in UnitKind if any(row["kind"] == kind for row in expected)]
    of_kind = {kind: [row for row in expected if row["kind"] == kind] for kind in kinds}
    shown = _COLUMNS if _counts(expected)["excused"] else _COLUMNS[:-1]
    return Table(
        caption="Tình hình nộp báo cáo theo loại đơn vị",
        columns=(
            Column("Loại đơn vị", width=6),
            *(Column(label, kind="number", width=3) for _, label in shown),
        ),
        rows=tuple((kind.label, *_figures(rows, shown)) for kind, rows in of_kind.items()),
        total=("Cộng", *_figures(expected, shown)),
    )


_COLUMNS = (
    ("expected", "Phải báo cáo"),
    ("handed_in", "Đã nộp"),
    ("in_time", "Đúng hạn"),
    ("late", "Nộp muộn"),
    ("accepted", "Đã chấp nhận"),
    ("missing", "Chưa nộp"),
    ("excused", "Được miễn"),
)


def _figures(rows: list[dict], shown) -> tuple[Number, ...]:
    counts = _counts(rows)
    return tuple(Number(counts[name]) for name, _ in shown)


def _lists(rows: list[dict]) -> list[Block]:
    pending = [row for row in rows if row["state"] != ReportState.ACCEPTED]
    excused = [row for row in pending if row.get("punctuality") == Punctuality.EXCUSED]
    named = [
        ("Được miễn báo cáo", excused),
        ("Chưa nộp báo cáo", [row for row in pending if row["in_time"] is None and row not in excused]),
        ("Đã nộp, chưa được chấp nhận", [row for row in pending if row["in_time"] is not None]),
    ]
    items = [_named(label, found) for label, found in named if found]
    if not items:
        return [Paragraph.of("Tất cả đơn vị đã nộp và báo cáo đều đã được chấp nhận.")]
    return [Paragraph.of("Các đơn vị chưa có số liệu trong báo cáo này:"), Bullets.of(*items)]


def _named(label: str, rows: list[dict]) -> Paragraph:
    return Paragraph.of(f"{label} (", Number(len(rows)), " đơn vị): ", "; ".join(row["name"] for row in rows) + ".")


def _list_of_units(rows: list[dict]) -> Table:
    return Table(
        caption="",
        columns=(
            Column("Số TT", kind="number", width=2),
            Column("Đơn vị", width=13),
            Column("Loại", width=9),
            Column("Tình trạng", width=6),
            Column("Nộp lần đầu", width=7),
            Column("Thời hạn", width=5),
        ),
        rows=tuple(_listed(place, row) for place, row in enumerate(rows, 1)),
        dense=True,
    )


_NOTES = {True: "Đúng hạn", False: "Nộp muộn", None: ""}
_WAITING = {Punctuality.EXCUSED: "Được miễn", Punctuality.EXTENDED: "Được gia hạn"}


def _listed(place: int, row: dict) -> tuple:
    first = row["first_submitted_at"] and datetime.fromisoformat(row["first_submitted_at"])
    note = _NOTES[row["in_time"]] or _WAITING.get(row.get("punctuality"), "")
    return (
        Number(place),
        row["name"],
        UnitKind(row["kind"]).label,
        _WORDS[row["state"]],
        f"{first:%H:%M} {format_day(first)}" if first else "",
        note if row["expected"] else f"{note} (ngoài danh sách phải báo cáo)".strip(),
    )
