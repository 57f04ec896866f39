"""What waits for a sector's lead, for the home page."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.work import Group, Item
from reports.models import Verification, VerificationState


def work_items(user) -> Iterator[Item]:
    """One row for each year with figures to verify; the number is that of the matrix behind it."""
    if not user.has_perm("reports.see_matrix"):
        return
    years = Verification.objects.to_judge(user).values("figure__report__period__year").order_by()
    since = Min("figure__report__submitted_at")
    counted = years.annotate(n=Count("pk"), units=Count("figure__report", distinct=True), since=since)
    for row in counted.order_by("figure__report__period__year"):
        year = row["figure__report__period__year"]
        yield Item(
            group=Group.TODO,
            what=f"Thẩm tra {row['n']} số liệu năm {year}",
            why=f"Của {row['units']} đơn vị đã nộp báo cáo, thuộc lĩnh vực bạn chủ trì.",
            url=reverse("reports:matrix", query={"nam": year}),
            day=clock.local(row["since"]).date(),
            button="Mở ma trận",
            tone=Tone.WORK,
            day_note="nộp sớm nhất",
        )


def add_differences(blocks, report) -> Counter:
    """Puts the verified value beside each figure of the page where its sector found another; one query.

    Gives how many figures stand where with the leads of their sectors.
    """
    if not report.is_handed_in:
        return Counter()
    lines = {line.figure.pk: line for block in blocks for line in block.lines if line.figure}
    counts = Counter()
    for row in Verification.objects.filter(figure__report=report).order_by():
        counts[row.state] += 1
        if row.state == VerificationState.DIFFERS and (line := lines.get(row.figure_id)):
            row.figure, line.verified = line.figure, row
    return counts
