"""Registration of the room."""

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "apps.onboarding"

    def ready(self) -> None:
        """Stand on the start page; fill new companies that ask for it."""
        from apps.core.navigation import only_at_centre
        from apps.core.start import Section, register
        from apps.onboarding import sign_up, views
        from replication.registry import declare_local
        from tenants.signup import on_sign_up

        on_sign_up(sign_up.prepare)
        only_at_centre("onboarding:*")
        register(
            Section(
                "first_steps", "onboarding/_first_steps.html", views.first_steps, order=0,
                right="settings.view",
            )
        )  # fmt: skip
        declare_local("onboarding.DemoRecord", "the demonstration stays where it was made")
