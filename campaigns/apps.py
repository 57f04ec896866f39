from django.apps import AppConfig

from phongtho_thidua.lib import navigation


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Phong trào thi đua"

    def ready(self):
        from . import rules  # noqa: F401  registers the permissions

        navigation.register(
            navigation.Entry(
                "campaigns:periods",
                "Kỳ báo cáo",
                "Kỳ",
                "calendar-event",
                80,
                lambda user: user.has_perm("campaigns.edit_period"),
            ),
            navigation.Entry("campaigns:detail", "Phong trào", "Phong trào", "megaphone", 88, lambda user: True),
        )
