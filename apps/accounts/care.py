"""Care of a company's accounts by the clock."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

KEPT = timedelta(days=90)  # attempts and sign-ins; the security log stays


@shared_task(time_limit=300)
def forget_old() -> None:
    """Remove sessions that have ended and old notes about sign-ins."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - KEPT).delete()
    AccessLog.objects.filter(attempt_time__lt=now - KEPT).delete()
