"""Jobs of the onboarding room."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.core.models import CompanySettings
from apps.onboarding.services import load_demo
from tenants.current import current_company


@shared_task(queue="bulk", time_limit=600)
def bring_demo() -> None:
    """Fill the company that has just signed up; a second time it does nothing."""
    if CompanySettings.objects.filter(pk=1, has_demo_data=True).exists():
        return
    company = current_company()
    load_demo(language=company.language, currency=company.currency, now=timezone.now())
