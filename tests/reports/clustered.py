"""A cluster led by xã Nậm Xe with Mường So as its deputy, and score sheets in any state."""

from datetime import date
from decimal import Decimal

from reports.models import ScoreKind, Stage
from reports.services import scores
from units.models import Cluster, ClusterMember, ClusterRole

SINCE = date(2023, 1, 1)
PAPER = "Giấy khen số 5/QĐ-UBND"


def cluster_of(lead, deputy=None, *members, name="Khối thi đua số 1"):
    cluster = Cluster.objects.create(key=f"khoi-{lead.pk}", name=name, source="Quyết định số 12/QĐ-UBND")
    roles = [(lead, ClusterRole.LEAD), *([(deputy, ClusterRole.DEPUTY)] if deputy else [])]
    roles += [(unit, ClusterRole.MEMBER) for unit in members]
    ClusterMember.objects.bulk_create(
        ClusterMember(cluster=cluster, unit=unit, role=role, valid_from=SINCE) for unit, role in roles
    )
    return cluster


def lines_of(cluster, period, by, criterion=None):
    """A criterion of 90, a bonus of 10, minus points of 5."""
    common = {"cluster": cluster, "period": period, "by": by}
    return [
        scores.add_item(
            kind=ScoreKind.CRITERION, name="Hạ tầng", most=Decimal(90), order=1, criterion=criterion, **common
        ),
        scores.add_item(kind=ScoreKind.BONUS, name="Sáng kiến", most=Decimal(10), order=2, **common),
        scores.add_item(kind=ScoreKind.MINUS, name="Chậm báo cáo", most=Decimal(5), order=3, **common),
    ]


def give(cluster, period, unit, stage, points, by, version=0, document=PAPER):
    """`points` are the values of the lines in their order; None leaves a line alone."""
    items = cluster.score_items.filter(period=period)
    given = {
        item.pk: scores.Given(None if value is None else Decimal(value), document, "", version)
        for item, value in zip(items, points, strict=True)
        if value is not None
    }
    return scores.save_points(cluster=cluster, period=period, unit=unit, stage=stage, given=given, by=by)


def all_stages(cluster, period, unit, points, *, claims, verifies, recognises):
    for version, (stage, by) in enumerate(zip(Stage, (claims, verifies, recognises), strict=True)):
        give(cluster, period, unit, stage, points, by, version)
