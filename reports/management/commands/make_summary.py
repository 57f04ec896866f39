"""`manage.py make_summary 2024 --pdf a.pdf --docx a.docx --xlsx a.xlsx`: the same documents without browser, worker."""

from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from campaigns.models import Period
from reports.documents import making
from reports.models import Face


class Command(BaseCommand):
    help = "Lập báo cáo tổng hợp của một năm ra tệp PDF, Word, Excel; không lưu dự thảo trong hệ thống."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="năm báo cáo, ví dụ 2024")
        for face in Face:
            parser.add_argument(f"--{face.value}", type=Path, metavar="TỆP", help=f"nơi ghi bản {face.label}")

    def handle(self, *, year, **options):
        wanted = {face: options[face.value] for face in Face if options[face.value]}
        if not wanted:
            raise CommandError("Chưa chọn bản nào để ghi: thêm --pdf, --docx hoặc --xlsx và tên tệp.")
        period = _period(year)
        for path in wanted.values():
            _refuse_unwritable(path)
        made = making.make(period.pk, Printed(self.stdout))
        for face, path in wanted.items():
            _write(path, made.files[face])
            self.stdout.write(f"Đã ghi {path}")


class Printed:
    """Progress on a terminal: a line for each step that is finished."""

    def __init__(self, out):
        self.out = out
        self.titles = []
        self.done = 0

    def plan(self, titles):
        self.titles = titles

    @contextmanager
    def step(self, title):
        yield
        self.done += 1
        self.out.write(f"[{self.done}/{len(self.titles)}] {title}")


def _period(year: int) -> Period:
    period = Period.objects.filter(year=year).first()
    if period is None:
        known = Period.objects.order_by("year").values_list("year", flat=True)
        years = ", ".join(map(str, known)) or "không có, chạy manage.py load_plan trước"
        raise CommandError(f"Không có kỳ báo cáo năm {year}. Các năm có kỳ báo cáo: {years}.")
    return period


def _refuse_unwritable(path: Path) -> None:
    """Before the long work, not after it."""
    existed = path.exists()
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise CommandError(f"Không ghi được vào {path}: {error.strerror}.") from None
    if not existed:
        path.unlink()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"Không ghi được vào {path}: {error.strerror}.") from None
