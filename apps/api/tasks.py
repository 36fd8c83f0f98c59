"""Jobs of the room."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.api.models import ApiReplay
from apps.api.views import REMEMBERED


@shared_task(time_limit=300)
def forget_answers() -> None:
    """Forget answers older than a program may ask for again."""
    ApiReplay.objects.filter(created_at__lt=timezone.now() - REMEMBERED).delete()
