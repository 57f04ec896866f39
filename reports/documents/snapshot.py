"""The frozen view: every section gathered in one repeatable-read transaction, kept as canonical JSON with its hash."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from campaigns.models import Campaign, Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.sections import one_reading, sections_of
from reports.models import AnnualReport, SummaryKind
from units.models import Duty, Mandate, Unit

FORMULA_VERSION = 2  # goes up with every change of how a figure is made out of reports

# Who hears of the report, in the shape of the plan's own list.
_DISTRIBUTION = (
    "TT. Huyện ủy",
    "TT. HĐND huyện",
    "Lãnh đạo UBND huyện",
    "Thành viên Hội đồng TĐKT huyện",
    "Các cơ quan, ban, ngành, đoàn thể huyện",
    "UBND các xã, thị trấn",
)


def canonical(data: dict) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def still_data() -> Iterator[None]:
    """All reads inside see the data of one moment (SQLite's transactions do so by themselves)."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), one_reading():
        if connection.vendor == "postgresql" and is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def take(period_id: int, kind: SummaryKind = SummaryKind.YEARLY) -> str:
    """The canonical JSON of everything the summary of this period says. Raises Period.DoesNotExist."""
    with still_data():
        period = Period.objects.select_related("campaign").get(pk=period_id)
        return canonical({
            "formula_version": FORMULA_VERSION,
            "kind": kind.value,
            "period": {"id": period.pk, "year": period.year, "due_at": clock.local(period.due_at).isoformat()},
            "taken_at": clock.now().isoformat(),
            "unit_map": _unit_map(period),
            "head": head_of(period),
            "sections": {section.name: section.gather(period) for section in sections_of(kind.value)},
        })  # fmt: skip


def _unit_map(period: Period) -> dict:
    """On which map of units the figures stand: that of the due date."""
    day = clock.local(period.due_at).date()
    keys = Unit.objects.expected_to_report(day).order_by("key").values_list("key", flat=True)
    return {"day": day.isoformat(), "units": list(keys)}


def head_of(period: Period) -> dict:
    """Everything around the sections: who writes to whom, on what basis, about what."""
    today, campaign = clock.today(), period.campaign
    office, council = _holder(Duty.STANDING_OFFICE, today), _holder(Duty.COUNCIL, today)
    sign = _initials(office)
    return {
        "parent": campaign.issuer,
        "issuer": office,
        "symbol": f"BC-{sign}",
        "place": campaign.issuer.rpartition("huyện ")[2],
        "subject": f"Kết quả thực hiện Phong trào thi đua “{campaign.title}” năm {period.year}",
        "bases": [*_legal_bases(campaign), f"Căn cứ {_plan(campaign)}"],
        "addressees": [council],
        "authority": ["Trưởng phòng" if office.startswith("Phòng") else "Thủ trưởng"],
        "distribution": [*_DISTRIBUTION, f"Lưu: VT, {sign}"],
        "sample": settings.SAMPLE_DATE is not None
        or AnnualReport.objects.for_period(period).filter(is_sample=True).exists(),
    }


def _holder(duty: Duty, day) -> str:
    mandate = Mandate.objects.on(day).filter(duty=duty).select_related("unit").get()
    return mandate.unit.name_on(day)


def _initials(name: str) -> str:
    """The sign of an office in document numbers: Phòng Nội vụ writes BC-NV."""
    words = name.removeprefix("Phòng ").replace("-", " ").split()
    return "".join(word[0] for word in words if word not in {"và"}).upper()


def _legal_bases(campaign: Campaign) -> list[str]:
    return [f"Căn cứ {line.strip()}" for line in campaign.legal_bases.splitlines() if line.strip()]


def _plan(campaign: Campaign) -> str:
    title = campaign.plan_title.removeprefix("Kế hoạch ")
    if campaign.is_draft:
        return f"Kế hoạch {title} của {campaign.issuer} ({campaign.plan_note or 'dự thảo'})"
    return f"Kế hoạch số {campaign.plan_number} ngày {campaign.plan_date:%d/%m/%Y} của {campaign.issuer} {title}"
