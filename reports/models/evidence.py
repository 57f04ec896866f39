"""Minh chứng: a file, a document number or a link, bound to the entries and figures that it supports."""

from django.db import models
from django.db.models import Q

from phongtho_thidua.lib import clock

from .report import AnnualReport


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A unit's own; what supports a figure of a sector one leads; what was handed in to the standing office."""
        own = Q(unit__in=user.unit_ids)
        if user.is_standing_office:
            return self.filter(own | Q(uses__report__in=AnnualReport.objects.visible_to(user))).distinct()
        led = Q(uses__figure__verification__sector__in=user.led_sectors)
        return self.filter(own | led).distinct()


class Evidence(models.Model):
    """One piece of a unit. It can support many entries and figures, of one year or of several."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="evidence")
    title = models.CharField("tên minh chứng", max_length=200)
    attachment = models.ForeignKey("units.Attachment", models.PROTECT, null=True, blank=True, related_name="evidence")
    document = models.CharField("số, ngày văn bản", max_length=200, blank=True)
    link = models.URLField("đường dẫn", max_length=500, blank=True)
    added_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField("thêm lúc", default=clock.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_evidence_is_one_thing",
                condition=Q(attachment__isnull=False, document="", link="")
                | Q(attachment=None, link="") & ~Q(document="")
                | Q(attachment=None, document="") & ~Q(link=""),
            ),
        ]

    def __str__(self):
        return self.title


class EvidenceUse(models.Model):
    """Which entry or figure of which report the piece supports."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="uses")
    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="evidence_uses")
    entry = models.ForeignKey("reports.Entry", models.CASCADE, null=True, related_name="evidence_uses")
    figure = models.ForeignKey("reports.Figure", models.CASCADE, null=True, related_name="evidence_uses")
    added_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "minh chứng của số liệu"
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_evidenceuse_names_one_answer", condition=Q(entry=None) ^ Q(figure=None)
            ),
            models.UniqueConstraint(name="reports_evidenceuse_once_an_entry", fields=["evidence", "entry"]),
            models.UniqueConstraint(name="reports_evidenceuse_once_a_figure", fields=["evidence", "figure"]),
        ]

    def __str__(self):
        return f"{self.evidence}, {self.entry or self.figure}"
