from django.apps import AppConfig

from phongtho_thidua.lib import navigation, results, sections, work


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo, tổng hợp"

    def ready(self):
        from units.models import register_readers
        from units.services import outbox

        from . import rules  # noqa: F401  registers the permissions
        from .sections import SECTIONS
        from .selectors import cluster as clusters
        from .selectors import summaries, verifying
        from .selectors import work as annual
        from .selectors.evidence import readable_attachments
        from .selectors.results import results_of
        from .services import reminders

        register_readers(readable_attachments)
        sections.register(*SECTIONS)
        outbox.register_check(reminders.KIND, reminders.no_longer_missing)
        results.register(results_of)
        work.register_items(annual.work_items)
        work.register_items(clusters.work_items)
        work.register_items(summaries.work_items)
        work.register_items(verifying.work_items)
        self._fill_rail()

    def _fill_rail(self):
        from .models import Verification
        from .selectors import cluster as clusters
        from .selectors import queue

        navigation.register(
            navigation.Entry(
                "reports:current_board",
                "Tiến độ nộp",
                "Tiến độ",
                "table",
                15,
                lambda user: user.has_perm("reports.see_board"),
            ),
            navigation.Entry(
                "reports:queue",
                "Hàng đợi xem xét",
                "Hàng đợi",
                "clipboard-check",
                16,
                lambda user: user.has_perm("reports.see_board"),
                queue.queue_for,
                holds=lambda request: "hang-doi" in request.GET,
            ),
            navigation.Entry(
                "reports:matrix",
                "Thẩm tra số liệu",
                "Thẩm tra",
                "check-all",
                18,
                lambda user: user.has_perm("reports.see_matrix"),
                Verification.objects.to_judge,
            ),
            navigation.Entry(
                "reports:reports", "Báo cáo năm", "Báo cáo", "file-earmark-text", 42, lambda user: bool(user.unit_ids)
            ),
            navigation.Entry("reports:cluster_reports", "Báo cáo khối", "BC khối", "people", 43, clusters.takes_part),
            navigation.Entry("reports:score_sheets", "Bảng điểm", "Bảng điểm", "hash", 44, clusters.takes_part),
            navigation.Entry(
                "reports:evidence", "Minh chứng", "Minh chứng", "paperclip", 60, lambda user: bool(user.unit_ids)
            ),
            navigation.Entry(
                "reports:summaries",
                "Tổng hợp",
                "Tổng hợp",
                "bar-chart",
                40,
                lambda user: user.has_perm("reports.order_summary"),
            ),
        )
