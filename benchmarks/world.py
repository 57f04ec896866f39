"""A private database with as many units and reports as a measurement wants; the same rows at every run.

Entries and figures are made inside the database: a year of 6,000 units is 300,000 rows.
"""

from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection, transaction

from awards.management.commands.load_plan import load_all
from awards.models import AwardRound, Nomination, NominationState, SubjectKind
from campaigns.models import Period
from criteria.models import AUDIENCE_OF_KIND, CriteriaSet
from phongtho_thidua.lib.vietnamese import fold, sort_key
from reports.models import AnnualReport, ReportState
from units.models import Duty, Mandate, Membership, Role, Unit, UnitKind, UnitName, User

START = date(2022, 1, 1)
DAY = date(2024, 12, 2)  # the business day of every measurement: the period of 2024 is open
YEARS = (2023, 2024)
MIXED = (UnitKind.COMMUNE, UnitKind.OFFICE, UnitKind.COMMUNE, UnitKind.ENTERPRISE, UnitKind.UNION)

_AUDIENCE = " ".join(f"WHEN '{kind}' THEN '{audience}'" for kind, audience in AUDIENCE_OF_KIND.items())
_ENTRIES = f"""
INSERT INTO reports_entry (report_id, criterion_id, applies, narrative, grade, reopened, version)
SELECT report.id, criterion.id, (report.id + criterion.id) %% 11 <> 0,
       'Đường bản dài 2,4 km hoàn thành trước kế hoạch 34 ngày, tiết kiệm vốn đối ứng.',
       CASE WHEN (report.id + criterion.id) %% 11 = 0 THEN '' WHEN (report.id + criterion.id) %% 3 = 0 THEN 'excellent'
            WHEN (report.id + criterion.id) %% 3 = 1 THEN 'good' ELSE 'done' END,
       FALSE, 1
FROM reports_annualreport report
JOIN units_unit unit ON unit.id = report.unit_id
JOIN criteria_criterion criterion
    ON criterion.criteria_set_id = report.criteria_set_id AND criterion.audience = CASE unit.kind {_AUDIENCE} END
WHERE report.id > %s
"""
# Of 100 answers 6 are "not applicable", 4 "no data"; a part stays below its whole.
_FIGURES = """
INSERT INTO reports_figure
    (report_id, indicator_id, answer, value, day, document, reason, expected_on, explanation, reopened, version)
SELECT report_id, indicator_id, answer,
       CASE WHEN answer <> 'value' OR kind IN ('date', 'document') THEN NULL
            WHEN kind = 'yes_no' THEN draw % 2
            WHEN whole_id IS NULL THEN 1000 + draw * 37 % 9000 ELSE draw * 37 % 1000 END,
       CASE WHEN answer = 'value' AND kind = 'date' THEN founded END,
       CASE WHEN answer = 'value' AND kind = 'document' THEN 'Số 12/KH-UBND ngày 15/01/2024' ELSE '' END,
       CASE WHEN answer = 'not_applicable' THEN 'Đơn vị không được giao nhiệm vụ này.' ELSE '' END,
       CASE WHEN answer = 'no_data' THEN founded END, '', FALSE, 1
FROM (
    SELECT drawn.*, CASE WHEN draw % 100 < 6 THEN 'not_applicable' WHEN draw % 100 < 10 THEN 'no_data'
                         ELSE 'value' END AS answer
    FROM (
        SELECT report.id AS report_id, indicator.id AS indicator_id, indicator.kind, indicator.whole_id, unit.founded,
               (report.id * 7919 + indicator.id * 10427) % 9973 AS draw
        FROM reports_annualreport report
        JOIN units_unit unit ON unit.id = report.unit_id
        JOIN criteria_asking asking ON asking.unit_kind = unit.kind
        JOIN criteria_indicator indicator ON indicator.id = asking.indicator_id AND indicator.kind <> 'ratio'
        JOIN criteria_criterion criterion
            ON criterion.id = indicator.criterion_id AND criterion.criteria_set_id = report.criteria_set_id
        WHERE report.id > {last}
    ) drawn
) answered
"""

_OF_FIGURES = """
FROM reports_figure figure
JOIN reports_annualreport report ON report.id = figure.report_id
JOIN criteria_indicator indicator ON indicator.id = figure.indicator_id
JOIN criteria_criterion criterion ON criterion.id = indicator.criterion_id
JOIN criteria_sector sector ON sector.id = criterion.sector_id
JOIN reports_entry entry ON entry.report_id = report.id AND entry.criterion_id = criterion.id
WHERE report.id > %s
"""
# Every figure as it was reported; what belongs to a criterion that does not apply is "not applicable".
_RECOGNISED = f"""
INSERT INTO reports_recognition (figure_id, answer, value, day, document, source, note, by_id, at)
SELECT figure.id, CASE WHEN entry.applies THEN figure.answer ELSE 'not_applicable' END,
       CASE WHEN entry.applies THEN figure.value END, CASE WHEN entry.applies THEN figure.day END,
       CASE WHEN entry.applies THEN figure.document ELSE '' END,
       'Theo báo cáo của đơn vị, chưa thẩm tra', '', report.reviewed_by_id, report.reviewed_at
{_OF_FIGURES} AND report.state = 'accepted'
"""
_WAITING = f"""
INSERT INTO reports_verification (figure_id, sector, state, version, figure_version, document, source, note)
SELECT figure.id, sector.code, 'waiting', 1, figure.version, '', '', ''
{_OF_FIGURES} AND report.state <> 'draft' AND entry.applies AND figure.answer = 'value'
"""


def prepare() -> None:
    """The tables and the plan, in an empty database."""
    call_command("migrate", interactive=False, verbosity=0)
    load_all(by=None)


def member(username: str, unit: Unit, role: str = Role.OFFICER) -> User:
    user = User(username=username, full_name="Lò Thị Hạnh")
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, unit=unit, role=role, valid_from=START)
    return user


def reviewer() -> User:
    return member("duc.hm", Mandate.objects.get(duty=Duty.STANDING_OFFICE, valid_to=None).unit)


@transaction.atomic
def add_units(count: int, kinds=MIXED) -> list[Unit]:
    """`count` more units that report, their kinds taking turns."""
    first = Unit.objects.count()
    names = [f"Số {number}" for number in range(first, first + count)]
    units = Unit.objects.bulk_create(
        Unit(
            key=f"so-{first + place}", kind=kinds[place % len(kinds)], name=f"Đơn vị {name}", short_name=name,
            sort_key=sort_key(name), search_text=fold(name), founded=START,
        )
        for place, name in enumerate(names)
    )  # fmt: skip
    UnitName.objects.bulk_create(
        UnitName(unit=unit, name=unit.name, short_name=unit.short_name, valid_from=START) for unit in units
    )
    return units


@transaction.atomic
def add_reports(units: list[Unit], year: int, *, by: User, state: str = ReportState.ACCEPTED) -> list[AnnualReport]:
    """A full report of each unit in `state`, handed in before the due day unless it is a draft."""
    period = Period.objects.get(year=year)
    at = min(period.due_at - timedelta(days=30), period.opens_at + timedelta(hours=1))
    signed = {"submitted_by": by, "submitted_at": at, "first_submitted_at": at, "edition": 1}
    signed = {} if state == ReportState.DRAFT else signed
    signed |= {"reviewed_by": by, "reviewed_at": at} if state == ReportState.ACCEPTED else {}
    criteria_set = CriteriaSet.objects.for_year(year)
    last = AnnualReport.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    common = {"period": period, "criteria_set": criteria_set, "state": state, "prepared_by": by, "prepared_at": at}
    AnnualReport.objects.bulk_create(
        AnnualReport(unit=unit, **common, **signed, receipt="" if state == ReportState.DRAFT else f"{year}-{unit.pk}")
        for unit in units
    )
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [last])
        cursor.execute(_FIGURES.format(last=int(last)))
        cursor.execute(_RECOGNISED, [last])
        cursor.execute(_WAITING, [last])
    return list(AnnualReport.objects.filter(pk__gt=last).order_by("pk"))


def add_nominations(units: list[Unit], *, by: User) -> None:
    """One of each unit for itself, submitted in the round of 2024."""
    award_round = AwardRound.objects.get(period__year=2024)
    form, at = award_round.forms.first(), award_round.opens_at
    Nomination.objects.bulk_create(
        Nomination(
            round=award_round, form=form, unit=unit, subject_kind=SubjectKind.COLLECTIVE, subject_unit=unit,
            achievement="Hoàn thành 100% kế hoạch vốn.", state=NominationState.SUBMITTED,
            prepared_by=by, prepared_at=at, submitted_by=by, submitted_at=at,
        )
        for unit in units
    )  # fmt: skip


def settle() -> None:
    """What the database knows about its tables is up to date, as it is on a site that runs for a day."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
