"""What the unit's people typed when the report had just closed: kept beside the field until it opens again."""

from django.db import models
from django.db.models import Q

from phongtho_thidua.lib import clock

from .report import AnnualReport


class LateDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody but the unit reads what it never handed in."""
        return self.filter(report__unit__in=user.unit_ids)


class LateDraft(models.Model):
    """One answer of one person, as it was typed: it is judged when it goes into the report, not before."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="late_drafts")
    entry = models.ForeignKey("reports.Entry", models.CASCADE, null=True, related_name="late_drafts")
    figure = models.ForeignKey("reports.Figure", models.CASCADE, null=True, related_name="late_drafts")
    typed = models.JSONField("nội dung đã nhập")  # {name of the input: text}
    by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = LateDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "bản nhập muộn"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_late_draft_names_one_answer", condition=Q(entry=None) ^ Q(figure=None)
            ),
            models.UniqueConstraint(
                name="reports_late_draft_once_per_entry", fields=["entry", "by"], condition=Q(figure=None)
            ),
            models.UniqueConstraint(
                name="reports_late_draft_once_per_figure", fields=["figure", "by"], condition=Q(entry=None)
            ),
        ]

    def __str__(self):
        return f"{self.report}, {self.key}"

    @property
    def words(self) -> str:
        """What was typed, without the names of the inputs and without what is chosen from a list."""
        chosen = ("answer", "grade", "exempt")
        return "\n".join(text for name, text in self.typed.items() if text and name not in chosen)

    @property
    def key(self) -> str:
        """Of the answer it belongs to, as `Entry.key` and `Figure.key`."""
        return f"entry-{self.entry_id}" if self.entry_id else f"figure-{self.figure_id}"
