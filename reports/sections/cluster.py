"""The report of a cluster: its members' accepted results side by side, and the paper they are printed on.

`gather` reads, and its answer is what a handed-in report keeps; `paper_of` draws that and the lead's own words.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import count

from django.conf import settings

from campaigns.models import Period
from criteria.models import AUDIENCE_OF_KIND, Audience, Criterion, Indicator
from criteria.scoring import Aggregation, Answer, AnswerKind, Total, combine
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents.model import (
    Annex,
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Letterhead,
    Number,
    Paragraph,
    Signature,
    Table,
    Text,
    paragraphs,
    roman,
)
from phongtho_thidua.lib.sections import one_reading
from phongtho_thidua.lib.vietnamese import format_day
from reports.models import ClusterReport, Ranking
from reports.sections import grades
from reports.sections.cells import derived, kept_together, outcome_data, printed_total, value_text
from reports.sections.figures import printed_answer
from reports.selectors.cluster import Member, members_of
from reports.selectors.summary import Answers, Outcome, answers_by_unit, criteria_of
from units.models import Cluster, Duty, Mandate

METHOD = (
    "Số liệu lấy từ các báo cáo đã được chấp nhận, theo số được công nhận. Tỷ lệ chung của khối là tổng tử số chia "
    "tổng mẫu số, không phải trung bình cộng các tỷ lệ."
)
_BLANK = ("", None, None, "")


def gather(cluster: Cluster, period: Period) -> dict:
    """Plain JSON data. The number of queries does not depend on the number of members."""
    with one_reading():
        return _gathered(cluster, period)


def _gathered(cluster: Cluster, period: Period) -> dict:
    members, answers = members_of(cluster, period), answers_by_unit(period)
    told = [(one, answers[one.unit.pk]) for one in members if one.unit.pk in answers]
    return {
        "cluster": cluster.name,
        "source": cluster.source,
        "year": period.year,
        "day": clock.local(period.due_at).date().isoformat(),
        "head": _head(cluster, period),
        "members": [_member(one, period) for one in members],
        "units": [one.short_name for one, _ in told],
        "criteria": [_criterion(one, told) for one in criteria_of(period) if _concerns(one, told)],
        "grades": {"year": period.year, "tables": [_grades(audience, told, period) for audience in Audience]},
        "ranking": _ranking(cluster, period),
    }


def _head(cluster: Cluster, period: Period) -> dict:
    office = Mandate.objects.on(clock.today()).filter(duty=Duty.STANDING_OFFICE).select_related("unit").first()
    campaign = period.campaign
    return {
        "parent": campaign.issuer,
        "place": campaign.issuer.rpartition("huyện ")[2],
        "movement": campaign.title,
        "office": office.unit.name_on(clock.today()) if office else "",
        "sample": settings.SAMPLE_DATE is not None or cluster.is_sample,
    }


def _member(member: Member, period: Period) -> dict:
    first = member.report.first_submitted_at if member.report else None
    return {
        "name": member.name,
        "short_name": member.short_name,
        "role": member.row.get_role_display(),
        "state": member.report.get_state_display() if first else "Chưa nộp",
        "accepted": member.is_accepted,
        "first_submitted_at": clock.local(first).isoformat() if first else None,
        "in_time": member.was_in_time(period),
    }


Told = list[tuple[Member, Answers]]


def _concerns(criterion: Criterion, told: Told) -> bool:
    return any(criterion.pk in answers.grades for _, answers in told)


def _criterion(criterion: Criterion, told: Told) -> dict:
    rows = [(one, [_cell(one, member, answers) for member, answers in told]) for one in criterion.indicators.all()]
    asked = [(one, cells) for one, cells in rows if any(cell is not None for cell in cells)]
    return {
        "code": criterion.code,
        "title": criterion.title,
        "indicators": [
            outcome_data(one, _outcome(one, told)) | {"cells": cells} for one, cells in asked
        ],
    }  # fmt: skip


def _is_asked(indicator: Indicator, member: Member) -> bool:
    return any(asking.unit_kind == member.unit.kind for asking in indicator.askings.all())


def _cell(indicator: Indicator, member: Member, answers: Answers) -> list | None:
    """[answer, text, ""] as in the annex of a summary; None where the unit is not asked."""
    if not _is_asked(indicator, member):
        return None
    answer, value = derived(indicator, answers.figures)
    if answer != AnswerKind.VALUE:
        return [answer, "", ""]
    _, _, day, document, *_ = answers.figures.get(indicator.pk, _BLANK)
    return [answer, value_text(indicator, value, day, document), ""]


def _outcome(indicator: Indicator, told: Told) -> Outcome:
    """What the members come to together; who was not asked is not counted."""
    asked = [answers.figures for member, answers in told if _is_asked(indicator, member)]
    days = [one[2] for figures in asked if (one := figures.get(indicator.pk, _BLANK))[0] == AnswerKind.VALUE and one[2]]
    said = [answer for figures in asked if (answer := _answer(indicator, figures))]
    if indicator.aggregation == Aggregation.LATEST:
        counts = combine(Aggregation.SUM, said)
        total = Total(None, counts.given, counts.not_applicable, counts.no_data)
    else:
        total = combine(indicator.aggregation, said)
    return Outcome(total, len(asked), max(days, default=None))


def _answer(indicator: Indicator, figures: dict[int, tuple]) -> Answer | None:
    kind, value = derived(indicator, figures)
    if not kind:
        return None
    if kind != AnswerKind.VALUE:
        return Answer(AnswerKind(kind))
    if indicator.is_derived:
        top, base = (figures[part][1] for part in (indicator.numerator_id, indicator.denominator_id))
        return Answer.of(top, base)
    return Answer.of(Decimal(1) if value is None else value)  # a day or a document counts as given


def _grades(audience: Audience, told: Told, period: Period) -> dict:
    criteria = [one for one in criteria_of(period) if one.audience == audience]
    rows = [
        [member.short_name, [answers.grades.get(one.pk, "") for one in criteria]]
        for member, answers in told
        if AUDIENCE_OF_KIND[member.unit.kind] == audience
    ]
    return {"audience": audience.label, "codes": [one.code for one in criteria], "rows": rows}


def _ranking(cluster: Cluster, period: Period) -> list[dict]:
    rows = Ranking.objects.filter(cluster=cluster, period=period).select_related("unit")
    return [
        {"place": one.place, "unit": one.unit.short_name, "points": str(one.points), "path": one.path} for one in rows
    ]


def paper_of(report: ClusterReport, data: dict, *, reference: str = "") -> Document:
    """The report in the layout of official papers (Nghị định 30/2020/NĐ-CP), as a draft until it is handed in."""
    head = data["head"]
    signed = report.submitted_by.full_name if report.submitted_by else ""
    return Document(
        subject=f"Kết quả thực hiện Phong trào thi đua “{head['movement']}” năm {data['year']} của {data['cluster']}",
        letterhead=Letterhead(head["parent"], data["cluster"]),
        symbol="BC-KTĐ",
        place=head["place"],
        day=clock.local(report.submitted_at).date() if report.submitted_at else None,
        addressees=(head["office"],),
        bases=(f"Căn cứ {data['source']}",) if data["source"] else (),
        blocks=tuple(_body(report, data)),
        annexes=tuple(_annexes(data)),
        signature=Signature((f"TM. {data['cluster']}", "Trưởng khối"), signed),
        distribution=(head["office"], "Các đơn vị thành viên", "Lưu: VT"),
        sample=head["sample"],
        reference=reference,
    )


def _body(report: ClusterReport, data: dict):
    parts = (
        ("Hoạt động của khối", _written(report.activity)),
        ("Tình hình báo cáo của thành viên", _members(data)),
        ("Kết quả chung của khối", _results(data)),
        ("Xếp hạng", _ranked(data["ranking"])),
        ("Đánh giá chung", _written(report.assessment)),
        ("Kiến nghị", paragraphs(report.proposals)),
    )
    numbers = count(1)
    for title, blocks in parts:
        if blocks:
            yield Heading(f"{roman(next(numbers))}. {title}")
            yield from blocks


def _written(text: str) -> tuple[Block, ...]:
    return paragraphs(text) or (Paragraph.of("(Trưởng khối chưa viết phần này.)"),)


def _members(data: dict) -> list[Block]:
    rows = data["members"]
    missing = [row["name"] for row in rows if not row["accepted"]]
    opening = Paragraph.of("Khối có ", Number(len(rows)), " đơn vị, ", Number(len(rows) - len(missing)),
                           " đơn vị có báo cáo năm được chấp nhận.")  # fmt: skip
    named = [Paragraph.of("Chưa có báo cáo được chấp nhận:"), Bullets.of(*missing)] if missing else []
    return [opening, *named, _list_of_members(rows)]


def _list_of_members(rows: list[dict]) -> Table:
    columns = (
        Column("Số TT", kind="number", width=2),
        Column("Đơn vị", width=11),
        Column("Vai trò", width=5),
        Column("Báo cáo năm", width=7),
        Column("Nộp lần đầu", width=6),
        Column("Thời hạn", width=4),
    )
    return Table("Thành viên của khối và báo cáo năm", columns, tuple(_listed(*pair) for pair in enumerate(rows, 1)))


def _listed(number: int, row: dict) -> tuple:
    first = row["first_submitted_at"] and datetime.fromisoformat(row["first_submitted_at"])
    when = f"{first:%H:%M} {format_day(first)}" if first else ""
    in_time = {True: "Đúng hạn", False: "Nộp muộn", None: ""}[row["in_time"]]
    return (Number(number), row["name"], row["role"], row["state"], when, in_time)


def _results(data: dict) -> list[Block]:
    rows = [
        (one["code"], indicator["name"], _total(indicator), indicator["unit"], _base(indicator))
        for one in data["criteria"]
        for indicator in one["indicators"]
    ]
    if not rows:
        return [Paragraph.of("Chưa có thành viên nào có báo cáo được chấp nhận, nên chưa có số liệu chung.")]
    columns = (
        Column("Mã", width=2),
        Column("Chỉ tiêu", width=12),
        Column("Kết quả", kind="number", width=4),
        Column("Đơn vị tính", width=4),
        Column("Có số liệu", width=4),
    )
    note = "Cột cuối: số đơn vị có số liệu trên số đơn vị được hỏi, trong các báo cáo được chấp nhận."
    return [Paragraph.of(METHOD), Table("Kết quả chung theo chỉ tiêu", columns, tuple(rows), note=note)]


def _base(indicator: dict) -> str:
    return f"{indicator['given']} trên {indicator['asked']}"


def _total(indicator: dict) -> Text:
    """The figure without a link: where it comes from stands in the annex of the same paper."""
    shown = printed_total(indicator)
    return replace(shown, ref="") if isinstance(shown, Number) else shown


def _ranked(ranking: list[dict]) -> list[Block]:
    if not ranking:
        return []
    columns = (
        Column("Thứ hạng", kind="number", width=2),
        Column("Đơn vị", width=4),
        Column("Tổng điểm", kind="number", width=2),
        Column("Cách xếp", width=10),
    )
    rows = tuple(
        (
            Number(one["place"]),
            one["unit"],
            Number(Decimal(format(Decimal(one["points"]).normalize(), "f"))),
            " ".join(one["path"]),
        )
        for one in ranking
    )
    return [Table("Xếp hạng theo điểm được công nhận", columns, rows)]


def _annexes(data: dict) -> list[Annex]:
    graded = {**data["grades"], "tables": [one for one in data["grades"]["tables"] if one["rows"]]}
    tables = tuple(_figures(one, data["units"]) for one in data["criteria"] if one["indicators"])
    figures = [Annex(f"Số liệu của từng thành viên năm {data['year']}", tables)] if tables else []
    return [*grades.lay_out(graded), *figures]


def _figures(criterion: dict, units: list[str]) -> Table:
    indicators = criterion["indicators"]
    rows = (
        (kept_together(unit), *(printed_answer(one["cells"][place], one) for one in indicators))
        for place, unit in enumerate(units)
    )
    return Table(
        caption=f"{criterion['code']}: {criterion['title']}",
        columns=(Column("Đơn vị", width=4), *(_column(one) for one in indicators)),
        rows=tuple(row for row in rows if any(cell is not None for cell in row[1:])),
        total=("Cộng", *(_total(one) for one in indicators)),
        dense=True,
    )


def _column(indicator: dict) -> Column:
    return Column(indicator["name"], indicator["unit"], kind="number", width=3)
