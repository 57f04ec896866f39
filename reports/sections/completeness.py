"""Who had to report, who did, in time or late, and who is missing: by name, so that nobody is silently left out."""

from collections import Counter
from datetime import datetime

from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents.model import Annex, Block, Bullets, Column, Number, Paragraph, Table, Text
from phongtho_thidua.lib.vietnamese import format_day
from reports.models import ReportState
from reports.selectors.summary import Standing, standings
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
    return {
        "year": period.year,
        "due_at": clock.local(period.due_at).isoformat(),
        "units": [_row(standing, period) for standing in standings(period)],
    }


def _row(standing: Standing, period: Period) -> dict:
    report = standing.report
    first = report.first_submitted_at if report else None
    return {
        "unit": standing.unit.pk,
        "name": standing.name,
        "kind": standing.unit.kind,
        "expected": standing.expected,
        "report": report.pk if report else None,
        "edition": report.edition if report else 0,
        "state": report.state if report else NOT_STARTED,
        "first_submitted_at": clock.local(first).isoformat() if first else None,
        "in_time": report.was_in_time(period) if report else None,
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
    ]


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
    counts = Counter(expected=0, handed_in=0, in_time=0, late=0, accepted=0, missing=0)
    for row in rows:
        absent = row["in_time"] is None
        counts.update(
            expected=1,
            handed_in=not absent,
            in_time=row["in_time"] is True,
            late=row["in_time"] is False,
            accepted=row["state"] == ReportState.ACCEPTED,
            missing=absent,
        )
    return counts


def _by_kind(expected: list[dict]) -> Table:
    kinds = [kind for kind in UnitKind if any(row["kind"] == kind for row in expected)]
    of_kind = {kind: [row for row in expected if row["kind"] == kind] for kind in kinds}
    return Table(
        caption="Tình hình nộp báo cáo theo loại đơn vị",
        columns=(
            Column("Loại đơn vị", width=6),
            *(Column(label, kind="number", width=3) for label in
              ("Phải báo cáo", "Đã nộp", "Đúng hạn", "Nộp muộn", "Đã chấp nhận", "Chưa nộp")),
        ),
        rows=tuple((kind.label, *_figures(rows)) for kind, rows in of_kind.items()),
        total=("Cộng", *_figures(expected)),
    )  # fmt: skip


def _figures(rows: list[dict]) -> tuple[Number, ...]:
    counts = _counts(rows)
    names = ("expected", "handed_in", "in_time", "late", "accepted", "missing")
    return tuple(Number(counts[name]) for name in names)


def _lists(rows: list[dict]) -> list[Block]:
    pending = [row for row in rows if row["state"] != ReportState.ACCEPTED]
    named = [
        ("Chưa nộp báo cáo", [row for row in pending if row["in_time"] is None]),
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


def _listed(place: int, row: dict) -> tuple:
    first = row["first_submitted_at"] and datetime.fromisoformat(row["first_submitted_at"])
    note = {True: "Đúng hạn", False: "Nộp muộn", None: ""}[row["in_time"]]
    return (
        Number(place),
        row["name"],
        UnitKind(row["kind"]).label,
        _WORDS[row["state"]],
        f"{first:%H:%M} {format_day(first)}" if first else "",
        note if row["expected"] else f"{note} (ngoài danh sách phải báo cáo)".strip(),
    )
