"""A sample report that Phòng Nội vụ enters from signed paper: the cooperative works far from the network."""

from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from campaigns.models import Period
from phongtho_thidua.lib import clock
from reports.services import answers
from reports.services.paper import enter_from_paper
from units.demo import Story, moment_of, people_of
from units.models import Duty, Mandate, Role, Unit

UNIT, YEAR = "mau-du-lich-sin-suoi-ho", 2024
_ENTERED = "2024-11-29T14:20"
_TOLD = "Hợp tác xã có 24 hộ làm du lịch cộng đồng, góp 12 triệu đồng và 36 ngày công sửa đường vào bản."


def stories(year: int) -> list[Story]:
    return [_story()] if year == YEAR else []


def _story() -> Story:
    moment = moment_of(_ENTERED)
    yield moment
    office = Mandate.objects.on(clock.today()).get(duty=Duty.STANDING_OFFICE).unit
    unit, period, clerk = Unit.objects.get(key=UNIT), Period.objects.get(year=YEAR), people_of(office, Role.OFFICER)[-1]
    report = enter_from_paper(unit=unit, period=period, scan=_scan(), by=clerk)
    yield moment + timedelta(minutes=6)
    entry = report.entries.select_related("criterion").order_by("criterion__order").first()
    entry.report = report
    said = {"applies": True, "grade": "good", "narrative": _TOLD}
    answers.save_entry(entry=entry, data=said, version=entry.version, by=clerk)


def _scan() -> ContentFile:
    """A page with lines where words would be: nobody's handwriting, nobody's seal."""
    page = Image.new("L", (620, 877), 250)
    pen = ImageDraw.Draw(page)
    for line in range(14):
        pen.line((70, 160 + 40 * line, 550 - 30 * (line % 3), 160 + 40 * line), fill=120, width=3)
    content = BytesIO()
    page.save(content, "PNG")
    return ContentFile(content.getvalue(), name="Báo cáo 2024, bản ký (mẫu).png")
