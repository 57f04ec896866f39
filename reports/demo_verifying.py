"""What the finance office has verified by 02/12/2024: most figures of two indicators agree, one differs, some wait."""

from decimal import Decimal

from phongtho_thidua.lib import clock
from reports.models import Verification
from reports.services import verification
from units.demo import Story, moment_of, people_of
from units.models import Duty, Mandate, Role, SectorCode

AT = "2024-11-29T14:10"
PLANNED, SPENT = "HT6.von_ke_hoach", "HT6.von_giai_ngan"
SOURCE = "Kho bạc Nhà nước, số liệu đến 28/11/2024"
NOTE = "Đơn vị tính cả tạm ứng chưa thu hồi."
ADVANCE = Decimal(25)  # million đồng that were paid in advance


def stories(year: int) -> list[Story]:
    return [_afternoon()] if year == int(AT[:4]) else []


def _afternoon() -> Story:
    yield moment_of(AT)
    office = Mandate.objects.on(clock.today()).get(duty=Duty.SECTOR_LEAD, sector=SectorCode.FINANCE).unit
    lead = people_of(office, Role.OFFICER)[0]
    waiting = Verification.objects.to_judge(lead).filter(figure__value__gt=ADVANCE, figure__report__period__year=AT[:4])
    waiting = waiting.select_related("figure__report").order_by("figure__report__unit__sort_key")
    planned, spent = (list(waiting.filter(figure__indicator__code=code)) for code in (PLANNED, SPENT))
    verification.agree_many(picks=[(row, row.version) for row in (*planned, *spent[1:4])], by=lead)
    for row in spent[:1]:
        found = row.figure.value - ADVANCE
        verification.differ(verification=row, value=found, source=SOURCE, note=NOTE, by=lead)
