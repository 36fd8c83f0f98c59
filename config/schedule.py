"""What runs by the clock. Tasks here stand above companies and fan out to those concerned."""

from __future__ import annotations

from celery.schedules import crontab

SCHEDULE = {
    "exchange: uploads gone quiet": {
        "task": "exchange.tasks.dispatch_due",
        "schedule": 2.0,
        "options": {"expires": 2.0},
    },
    "exchange: care of every company": {
        "task": "exchange.tasks.sweep_all",
        "schedule": crontab(minute="17"),
    },
    "companies: ready schemas": {
        "task": "tenants.tasks.refill_pool",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "accounts: ended sessions, old attempts": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(hour="1", minute="5"),
        "kwargs": {"task": "apps.accounts.care.forget_old", "window": 3 * 3600},
    },
    "imports: old files, what was cut short": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="47"),
        "kwargs": {"task": "apps.imports.tasks.forget_old", "window": 1800},
    },
    "duplicates: late references, pairs": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(hour="2", minute="35"),
        "kwargs": {"task": "apps.duplicates.tasks.care", "window": 3 * 3600},
    },
    "retention: what is no longer wanted": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(hour="3", minute="20"),
        "kwargs": {"task": "apps.retention.tasks.erase_old", "window": 2 * 3600},
    },
    "history: what the journal tells, before it is purged": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="29"),
        "kwargs": {"task": "apps.history.tasks.gather", "window": 1800},
    },
    "lists: changes of many rows that were left behind": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="*/10"),
        "kwargs": {"task": "apps.core.tasks.look_after_bulk_jobs", "window": 300},
    },
    "lists: exports that are due, were left behind, are old": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="*/10"),
        "kwargs": {"task": "apps.core.tasks.look_after_exports", "window": 300},
    },
    "mail: what is new in the boxes": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="*/5"),
        "kwargs": {"task": "apps.mail.tasks.look_at_boxes", "window": 240},
    },
    "mail: what is written and has not left": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="*/5"),
        "kwargs": {"task": "apps.mail.tasks.look_at_outbox", "window": 60},
    },
    "activities: reminders whose moment comes, what is late": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="*/5"),
        "kwargs": {"task": "apps.activities.tasks.look_at_reminders", "window": 60},
    },
    "activities: changes of what people follow": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="*/15"),
        "kwargs": {"task": "apps.activities.tasks.tell_followers", "window": 600},
    },
    "activities: invoices that fall due": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="11"),
        "kwargs": {"task": "apps.activities.tasks.look_at_receivables", "window": 1800},
    },
    "notifications: letters after quiet hours, letters of the day": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="*/10"),
        "kwargs": {"task": "apps.notifications.tasks.look_at_letters", "window": 120},
    },
    "reports: letters with figures": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(minute="*/10"),
        "kwargs": {"task": "apps.reports.tasks.look_at_letters", "window": 120},
    },
    "api: answers nobody asks for any more": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": crontab(hour="2", minute="11"),
        "kwargs": {"task": "apps.api.tasks.forget_answers", "window": 3600},
    },
    "webhooks: what was lost on the way": {
        "task": "tenants.dispatch.start_everywhere",
        "schedule": 600.0,
        "kwargs": {"task": "apps.webhooks.tasks.sweep", "window": 300},
    },
    "journal: parts, readers, purge": {
        "task": "replication.tasks.care_for_journals",
        "schedule": crontab(minute="41"),
    },
}
