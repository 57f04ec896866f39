"""What the movement's registrations say in a yearly summary: who registered, and which contents were chosen."""

from campaigns.models import Content
from campaigns.selectors.registrations import chosen_by_kind
from phongtho_thidua.lib.documents.model import Column, Number, Paragraph, Table
from phongtho_thidua.lib.sections import Section
from units.models import UnitKind

NOBODY = "Chưa có đơn vị nào đăng ký thi đua trên hệ thống."


def gather(period) -> dict:
    """Counted on the edition in force of each unit. Four queries."""
    kinds, chosen = chosen_by_kind(period)
    contents = Content.objects.filter(campaign=period.campaign_id)
    return {
        "year": period.year,
        "kinds": [
            {"kind": kind.label, "registered": kinds[kind][0], "expected": kinds[kind][1]}
            for kind in UnitKind
            if kind in kinds
        ],
        "contents": [{"code": one.code, "title": one.title, "units": chosen.get(one.code, 0)} for one in contents],
    }


def lay_out(data) -> list:
    registered = sum(row["registered"] for row in data["kinds"])
    expected = sum(row["expected"] for row in data["kinds"])
    if not registered:
        return [Paragraph.of(NOBODY)]
    opening = Paragraph.of(
        "Có ", Number(registered), " trên ", Number(expected),
        f" đơn vị đăng ký thi đua năm {data['year']}, chọn trong 11 nội dung của Kế hoạch (mục II.2).",
    )  # fmt: skip
    return [opening, _by_kind(data["kinds"], registered, expected), _by_content(data["contents"])]


def _by_kind(rows, registered, expected) -> Table:
    return Table(
        caption="Đơn vị đăng ký thi đua theo loại",
        columns=(
            Column("Loại đơn vị", width=5),
            Column("Đã đăng ký", kind="number", width=2),
            Column("Tổng số", kind="number", width=2),
        ),
        rows=tuple((row["kind"], Number(row["registered"]), Number(row["expected"])) for row in rows),
        total=("Tổng số", Number(registered), Number(expected)),
    )


def _by_content(rows) -> Table:
    return Table(
        caption="Nội dung thi đua được chọn",
        columns=(Column("Nội dung thi đua", width=7), Column("Số đơn vị chọn", kind="number", width=2)),
        rows=tuple((f"{row['code']}. {row['title']}", Number(row["units"])) for row in rows),
    )


SECTIONS = (Section("registrations", "Đăng ký thi đua", 15, frozenset({"yearly"}), gather, lay_out),)
