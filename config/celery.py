"""The Celery application; tasks run inside the company that their header names."""

from __future__ import annotations

import os

from celery import Celery

from config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("kopru", task_cls="tenants.tasks:CompanyTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
