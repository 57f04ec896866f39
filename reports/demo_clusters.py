"""Sample clusters: a year ranked with a tie and a year under way, made through the same deeds as real ones."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from campaigns.models import Period
from criteria.selectors import forms_for
from reports.models import Stage
from reports.services import cluster as reports
from reports.services import scores
from units.demo import Story, moment_of, people_of
from units.models import Cluster, ClusterMember, ClusterRole, Duty, Mandate, Role, Unit, UnitKind, User
from units.services import clusters

DATA = Path(__file__).resolve().parent / "data" / "demo" / "clusters.json"
FOUNDED = date(2023, 1, 1)
FOUNDING = "Danh sách kèm theo quyết định (mẫu)"


def stories(year: int) -> list[Story]:
    """What happens in the clusters around the reports of `year`; `units.demo.play` lets it happen."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    office = people_of(Mandate.objects.get(duty=Duty.STANDING_OFFICE, valid_to=None).unit, Role.OFFICER)
    return [_first_year(data, office) if year == 2023 else _second_year(data)]


def _first_year(data: dict, office: list[User]) -> Story:
    yield moment_of("2023-11-06T10:00")
    cluster, *_ = [_founded(row, order, office[0]) for order, row in enumerate(data["clusters"], 1)]
    period, lead = Period.objects.get(year=2023), _officer(data["clusters"][0]["lead"])
    yield moment_of("2023-11-17T09:00")
    _set_lines(data["lines"], cluster, period, lead)
    yield from _scored(data, cluster, period, office)
    yield moment_of("2024-01-12T14:30")
    scores.rank_cluster(cluster=cluster, period=period, by=office[0])
    yield moment_of("2024-01-15T08:30")
    _new_deputy(cluster, data["clusters"][0]["new_deputy"], office[0])
    report = reports.start_cluster_report(cluster=cluster, period=period, by=lead)
    reports.save_texts(report=report, texts=data["report"], version=report.version, by=lead)
    yield moment_of("2024-01-16T15:00")
    reports.submit(report=report, by=people_of(lead.posts[0].unit, Role.HEAD)[0])


def _founded(row: dict, order: int, by: User) -> Cluster:
    cluster = clusters.make_cluster(name=row["name"], source=row["source"], order=order, by=by)
    roles = [(row["lead"], ClusterRole.LEAD), (row["deputy"], ClusterRole.DEPUTY)]
    for key, role in (*roles, *((key, ClusterRole.MEMBER) for key in row["members"])):
        facts = {"role": role, "valid_from": FOUNDED, "document": FOUNDING}
        clusters.add_member(cluster=cluster, unit=_unit(key), by=by, **facts)
    return cluster


def _unit(key: str) -> Unit:
    return Unit.objects.get(key=key)


def _officer(key: str) -> User:
    return people_of(_unit(key), Role.OFFICER)[0]


def _set_lines(lines: list[dict], cluster: Cluster, period: Period, by: User) -> None:
    criteria = {one.code: one for one in forms_for(UnitKind.COMMUNE, period.year)}
    for order, row in enumerate(lines, 1):
        facts = {"kind": row["kind"], "name": row["name"], "most": Decimal(row["most"]), "order": order}
        criterion = criteria.get(row.get("criterion"))
        scores.add_item(cluster=cluster, period=period, criterion=criterion, by=by, **facts)


def _scored(data: dict, cluster: Cluster, period: Period, office: list[User]) -> Story:
    first = data["clusters"][0]
    yield moment_of("2024-01-03T09:15")
    for key, row in data["points"].items():
        _give(cluster, period, key, row, Stage.CLAIMED, _officer(key))
    yield moment_of("2024-01-08T10:00")
    for key, row in data["points"].items():
        checks = first["deputy"] if key == first["lead"] else first["lead"]
        _give(cluster, period, key, row, Stage.VERIFIED, _officer(checks))
    yield moment_of("2024-01-11T08:45")
    for key, row in data["points"].items():
        _give(cluster, period, key, row, Stage.RECOGNISED, office[0])


def _give(cluster, period, key, row, stage, by) -> None:
    values = row["claimed"] if stage == Stage.CLAIMED else row.get("verified", row["claimed"])
    items, version = cluster.score_items.filter(period=period), list(Stage).index(stage)
    given = {
        item.pk: scores.Given(
            Decimal(value), row["document"] if item.needs_document and Decimal(value) else "", "", version
        )
        for item, value in zip(items, values, strict=True)
    }
    scores.save_points(cluster=cluster, period=period, unit=_unit(key), stage=stage, given=given, by=by)


def _new_deputy(cluster: Cluster, row: dict, by: User) -> None:
    member = ClusterMember.objects.get(cluster=cluster, unit__key=row["unit"], valid_to=None)
    facts = {"role": ClusterRole.DEPUTY, "valid_from": date.fromisoformat(row["from"]), "document": row["document"]}
    clusters.change_role(member=member, by=by, **facts)


def _second_year(data: dict) -> Story:
    yield moment_of("2024-11-18T09:30")
    row = data["clusters"][0]
    cluster, period, lead = Cluster.objects.get(name=row["name"]), Period.objects.get(year=2024), _officer(row["lead"])
    scores.copy_items(cluster=cluster, period=period, by=lead)
    yield moment_of("2024-11-27T14:00")
    for key in data["this_year"]:
        _give(cluster, period, key, data["points"][key], Stage.CLAIMED, _officer(key))
    yield moment_of("2024-11-28T10:20")
    report = reports.start_cluster_report(cluster=cluster, period=period, by=lead)
    reports.save_texts(report=report, texts=data["draft"], version=report.version, by=lead)
