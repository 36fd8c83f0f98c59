"""The demonstration: bringing it, taking it away."""

from apps.onboarding.services.clashes import add_closed_office
from apps.onboarding.services.loading import DemoConnection, add_demo_office, load_demo
from apps.onboarding.services.people import form_team
from apps.onboarding.services.removing import remove_demo

__all__ = [
    "DemoConnection", "add_closed_office", "add_demo_office", "form_team", "load_demo",
    "remove_demo",
]  # fmt: skip
