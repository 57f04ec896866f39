from django.apps import AppConfig

from phongtho_thidua.lib import navigation, sections, work


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "Khen thưởng"

    def ready(self):
        from . import rules  # noqa: F401  registers the permissions
        from .sections import SECTIONS
        from .selectors import waiting_for, work_items

        sections.register(*SECTIONS)
        work.register_items(work_items)
        navigation.register(
            navigation.Entry(
                "awards:rounds",
                "Khen thưởng",
                "Khen thưởng",
                "award",
                50,
                lambda user: user.is_standing_office,
                waiting_for,
            ),
            navigation.Entry(
                "awards:rounds",
                "Đề nghị khen thưởng",
                "Khen thưởng",
                "award",
                50,
                lambda user: bool(user.unit_ids) and not user.is_standing_office,
                waiting_for,
            ),
        )
