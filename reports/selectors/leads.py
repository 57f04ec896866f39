"""Which office leads which sector today, and who verifies in its place where it reports itself (ADR 0011)."""

from dataclasses import dataclass

from phongtho_thidua.lib import clock
from units.models import Duty, Mandate, Unit


@dataclass(frozen=True)
class Leads:
    of_sector: dict[str, Unit]
    standing: Unit | None

    def verifier(self, sector: str, unit_id: int) -> str:
        """The name of the office that verifies a figure of `unit_id` in `sector`."""
        lead = self.of_sector.get(sector)
        if lead and lead.pk != unit_id:
            return lead.name
        return self.standing.name if self.standing else "Phòng Nội vụ"


def leads() -> Leads:
    held = Mandate.objects.on(clock.today()).filter(duty__in=(Duty.SECTOR_LEAD, Duty.STANDING_OFFICE))
    rows = list(held.select_related("unit"))
    standing = next((row.unit for row in rows if row.duty == Duty.STANDING_OFFICE), None)
    return Leads({row.sector: row.unit for row in rows if row.duty == Duty.SECTOR_LEAD}, standing)
