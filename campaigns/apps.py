from django.apps import AppConfig

from phongtho_thidua.lib import navigation, sections, work


def _questions_waiting(user):
    from .selectors import guidance

    return guidance.waiting_for(user)


RAIL = (
    navigation.Entry(
        "campaigns:periods",
        "Kỳ báo cáo",
        "Kỳ",
        "calendar-event",
        80,
        lambda user: user.has_perm("campaigns.edit_period"),
    ),
    navigation.Entry(
        "campaigns:inspections",
        "Kiểm tra, giám sát",
        "Kiểm tra",
        "search",
        60,
        lambda user: user.has_perm("campaigns.inspect"),
    ),
    navigation.Entry(
        "campaigns:registrations",
        "Đăng ký thi đua",
        "Đăng ký",
        "journal-text",
        43,
        lambda user: bool(user.unit_ids),
    ),
    navigation.Entry(
        "campaigns:guidance",
        "Hướng dẫn",
        "Hướng dẫn",
        "book",
        30,
        lambda user: user.has_perm("campaigns.open_guidance"),
    ),
    navigation.Entry(
        "campaigns:questions",
        "Hỏi đáp",
        "Hỏi đáp",
        "question-circle",
        70,
        lambda user: bool(user.unit_ids),
        _questions_waiting,
    ),
    navigation.Entry("campaigns:detail", "Phong trào", "Phong trào", "megaphone", 88, lambda user: True),
)


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Phong trào thi đua"

    def ready(self):
        from . import rules  # noqa: F401  registers the permissions
        from .sections import SECTIONS
        from .selectors import guidance, inspections, registrations

        sections.register(*SECTIONS)
        work.register_items(inspections.work_items)
        work.register_items(guidance.work_items)
        work.register_items(registrations.work_items)

        navigation.register(*RAIL)
