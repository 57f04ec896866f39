"""The letter that urges who has not reported (công văn đôn đốc), with the list of this moment; the board as a table."""

from collections.abc import Collection
from dataclasses import replace

from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents.model import Annex, Column, Document, Letterhead, Number, Paragraph, Signature, Table
from phongtho_thidua.lib.vietnamese import format_day, official_day
from reports.documents.snapshot import head_of
from reports.selectors.board import Board, Row
from reports.selectors.timeliness import HANDED_IN, LABELS, MISSING, Punctuality

MANY = 12  # more addressees than these stand in the annex


def urged(board: Board, units: Collection[int] = ()) -> list[Row]:
    """Whom the letter is for: of `units` who has not handed in, else everybody overdue."""
    if units:
        return [row for row in board.rows if row.unit.pk in units and row.punctuality in MISSING]
    return [row for row in board.rows if row.punctuality == Punctuality.OVERDUE]


def reminder_letter(board: Board, rows: list[Row]) -> Document:
    """After Nghị định 30/2020/NĐ-CP: number, day and signature are left for the office."""
    names = tuple(row.unit.name for row in rows)
    many = len(names) > MANY
    paper = _paper(board.period)
    blocks = (*_words(board, rows), *(() if many else (_list_of(rows),)), _closing(board, paper.letterhead.issuer))
    return replace(
        paper,
        kind_name="",
        subject=f"đôn đốc nộp báo cáo Phong trào thi đua năm {board.period.year}",
        addressees=("Các đơn vị có tên trong Phụ lục",) if many else names,
        blocks=blocks,
        annexes=(Annex("Danh sách đơn vị chưa nộp báo cáo", (_list_of(rows),), landscape=False),) if many else (),
    )


def _paper(period: Period) -> Document:
    head = head_of(period)
    return Document(
        subject="",
        letterhead=Letterhead(head["parent"], head["issuer"]),
        blocks=(),
        symbol=head["symbol"].removeprefix("BC-"),
        place=head["place"],
        signature=Signature(tuple(head["authority"])),
        distribution=("Như trên", *(line for line in head["distribution"] if line.startswith(("Lãnh đạo", "Lưu")))),
        sample=head["sample"],
    )


def _words(board: Board, rows: list[Row]):
    period, now = board.period, clock.now()
    handed_in = sum(row.punctuality in HANDED_IN for row in board.rows)
    due = clock.local(period.due_at)
    yield Paragraph.of(
        f"Thực hiện Kế hoạch của {period.campaign.issuer} (mục VI.5), các đơn vị báo cáo kết quả Phong trào thi đua "
        f"“{period.campaign.title}” năm {period.year} trước {due:%H:%M} {official_day(due)}."
    )
    yield Paragraph.of(
        f"Đến {now:%H:%M} {official_day(now)} có ", Number(handed_in), " trên ", Number(len(board.rows)),
        " đơn vị đã nộp. ", Number(len(rows)), " đơn vị có tên dưới đây chưa nộp.",
    )  # fmt: skip


def _closing(board: Board, issuer: str) -> Paragraph:
    locks = clock.local(board.period.locks_at)
    if clock.now() < locks:
        ask = f"hoàn thành và nộp báo cáo trên hệ thống trước {locks:%H:%M} {official_day(locks)}, khi kỳ báo cáo khóa"
    else:
        ask = "xin gia hạn trên hệ thống, hoàn thành và nộp báo cáo"
    return Paragraph.of(f"Đề nghị thủ trưởng các đơn vị chỉ đạo {ask}. Vướng mắc liên hệ {issuer}.")


def _list_of(rows: list[Row]) -> Table:
    columns = (
        Column("Số TT", kind="number", width=2),
        Column("Đơn vị", width=10),
        Column("Tình trạng", width=6),
        Column("Hạn nộp", width=5),
        Column("Đã nhắc", width=5),
    )
    return Table("", columns, tuple(_urged_row(place, row) for place, row in enumerate(rows, 1)))


def _urged_row(place: int, row: Row) -> tuple:
    due = clock.local(row.case.due_at)
    return Number(place), row.unit.name, row.words, f"{due:%H:%M} {format_day(due)}", _reminded(row)


def _reminded(row: Row) -> str:
    if not row.reminded:
        return "Chưa nhắc"
    return f"{row.reminded.times} lần, gần nhất {format_day(clock.local(row.reminded.last_at))}"


def board_table(board: Board, rows: list[Row]) -> Document:
    """The board as it is shown, for Excel."""
    now = clock.now()
    columns = (
        Column("Số TT", kind="number", width=2),
        Column("Đơn vị", width=10),
        Column("Loại", width=6),
        Column("Khối thi đua", width=6),
        Column("Trạng thái", width=5),
        Column("Thời hạn", width=5),
        Column("Tiêu chí đã trả lời", kind="number", width=3),
        Column("Tiêu chí phải trả lời", kind="number", width=3),
        Column("Phòng đã thẩm tra", kind="number", width=3),
        Column("Phòng phải thẩm tra", kind="number", width=3),
        Column("Nộp lần đầu", width=5),
        Column("Hạn nộp", width=5),
        Column("Đã nhắc", width=5),
    )
    table = Table("Tiến độ theo đơn vị", columns, tuple(_board_row(place, row) for place, row in enumerate(rows, 1)))
    return replace(
        _paper(board.period),
        kind_name="BẢNG THEO DÕI",
        subject=f"Tiến độ nộp báo cáo năm {board.period.year}, lúc {now:%H:%M} ngày {format_day(now)}",
        blocks=(Paragraph.of(f"{board.sentence}."), table),
        distribution=(),
    )


def _board_row(place: int, row: Row) -> tuple:
    first = row.report and row.report.first_submitted_at
    when = f"{clock.local(first):%H:%M} {format_day(clock.local(first))}" if first else ""
    due = clock.local(row.case.due_at)
    counts = map(Number, (row.answered, row.asked, row.done, row.offices))
    return (
        Number(place),
        row.unit.name,
        row.unit.get_kind_display(),
        row.cluster.name if row.cluster else "",
        row.words,
        LABELS[row.punctuality],
        *counts,
        when,
        f"{due:%H:%M} {format_day(due)}",
        _reminded(row),
    )
