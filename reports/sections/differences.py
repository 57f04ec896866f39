"""The annex of differences: where the recognised figure is not the reported one, who said so and from which source."""

from campaigns.models import Period
from phongtho_thidua.lib.documents.model import Annex, Block, Column, Paragraph, Row, Table
from phongtho_thidua.lib.vietnamese import sort_key
from reports.sections.cells import kept_together, outcome_head, value_text
from reports.sections.figures import printed_answer
from reports.selectors.summary import Difference, Said, differences, standings

TITLE = "Chênh lệch giữa số báo cáo và số công nhận"
_KEY = (
    "Số báo cáo do đơn vị nộp; số thẩm tra do cơ quan chủ trì lĩnh vực ghi; số công nhận do Phòng Nội vụ quyết định "
    "khi chấp nhận báo cáo. Báo cáo tổng hợp dùng số công nhận."
)


def gather(period: Period) -> dict:
    names = {one.unit.pk: one.short_name for one in standings(period)}
    rows = [_row(one, names[one.unit_id]) for one in differences(period)]
    return {"year": period.year, "rows": sorted(rows, key=lambda row: sort_key(row["unit"]))}


def _row(one: Difference, unit: str) -> dict:
    return outcome_head(one.indicator) | {
        "unit": unit,
        "report": one.report_id,
        "measure": one.indicator.unit,
        "reported": _kept(one, one.reported),
        "verified": _kept(one, one.verified) if one.verified else None,
        "verified_by": one.verified_by,
        "recognised": _kept(one, one.recognised),
        "recognised_by": one.recognised_by,
        "source": one.source,
    }


def _kept(one: Difference, said: Said) -> list:
    answer, value, day, document = said
    return [answer, value_text(one.indicator, value, day, document)]


def lay_out(data: dict) -> list[Annex]:
    if not data["rows"]:
        return []
    return [Annex(f"{TITLE} năm {data['year']}", (Paragraph.of(_KEY), _table(data["rows"])))]


def _table(rows: list[dict]) -> Block:
    return Table(
        caption=TITLE,
        columns=(
            Column("Đơn vị", width=4),
            Column("Chỉ tiêu", width=8),
            Column("Số báo cáo", kind="number", width=3),
            Column("Số thẩm tra", kind="number", width=3),
            Column("Số công nhận", kind="number", width=3),
            Column("Người thẩm tra, người công nhận", width=5),
            Column("Nguồn", width=7),
        ),
        rows=tuple(map(_printed, rows)),
        dense=True,
    )


def _printed(row: dict) -> Row:
    people = dict.fromkeys(name for name in (row["verified_by"], row["recognised_by"]) if name)
    values = (printed_answer(row[which], row) for which in ("reported", "verified", "recognised"))
    measure = f", {row['measure']}" if row["measure"] else ""
    indicator = f"{row['code'].partition('.')[0]}. {row['name']}{measure}"
    said = (value or "–" for value in values)
    return (kept_together(row["unit"]), indicator, *said, "; ".join(people), row["source"])
