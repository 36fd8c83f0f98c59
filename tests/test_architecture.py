"""The walls of the house: imports go down; tasks, sockets and tables belong to a company."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from celery import current_app
from channels.routing import URLRouter
from django.apps import apps
from django.conf import settings

from config.asgi import application
from tenants.figures import QUEUES
from tenants.tasks import CompanyTask

HOUSE = Path(settings.BASE_DIR)
# Tasks that stand above companies, each with what it may touch. A new one has to be defended here.
ABOVE_COMPANIES = {
    "exchange.tasks.dispatch_due": "starts look_after in companies whose moment has come",
    "exchange.tasks.sweep_all": "starts sweep in every company",
    "replication.tasks.care_for_journal": "makes and drops parts of one company's journal",
    "replication.tasks.care_for_journals": "starts care_for_journal for every company",
    "tenants.dispatch.start_everywhere": "starts a company's task in every company",
    "tenants.tasks.refill_pool": "makes spare schemas",
    "tenants.tasks.remove_files": "removes the files of a company that is gone",
    "tenants.ways.mail_ways": "mails a person the addresses of their own companies",
}
# Sockets, each with the test that proves that another company's do not hear it.
SOCKETS = {"ws/live/": "tests/apps/core/test_live.py"}


def tasks() -> dict[str, CompanyTask]:
    current_app.loader.import_default_modules()
    found = current_app.tasks.items()
    return {name: task for name, task in found if not name.startswith(("celery.", "tests."))}


def test_imports_go_down_the_house() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=HOUSE, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout[-3000:]


def test_every_task_runs_inside_a_company_or_says_why_not() -> None:
    for name, task in tasks().items():
        assert isinstance(task, CompanyTask), name
    above = {name for name, task in tasks().items() if task.control}
    mine = {name for name in above if "test" not in name}
    assert mine == set(ABOVE_COMPANIES)


def test_every_task_has_a_time_limit_and_a_queue_that_is_worked_off() -> None:
    for name, task in tasks().items():
        if "test" in name:
            continue
        route = current_app.amqp.router.route({}, name)
        queue = getattr(task, "queue", None) or getattr(route.get("queue"), "name", "interactive")
        assert queue in QUEUES, name
        assert task.time_limit, name


def test_every_row_of_the_schedule_is_a_task_above_companies() -> None:
    for row in current_app.conf.beat_schedule.values():
        assert row["task"] in ABOVE_COMPANIES
        inner = row.get("kwargs", {}).get("task")
        assert inner is None or inner in tasks()


def test_every_socket_has_its_test() -> None:
    router = application.application_mapping["websocket"]
    while not isinstance(router, URLRouter):
        router = router.inner
    # The empty address is the one that refuses every other.
    assert {str(route.pattern) for route in router.routes} - {""} == set(SOCKETS)
    assert all((HOUSE / test).is_file() for test in SOCKETS.values())


@pytest.mark.parametrize("model", apps.get_models(include_auto_created=True), ids=str)
def test_every_table_stands_either_in_companies_or_outside(model: type) -> None:
    config = model._meta.app_config  # type: ignore[attr-defined]
    in_companies, outside = config.name in settings.TENANT_APPS, config.name in settings.SHARED_APPS
    assert in_companies != outside


def test_no_table_of_a_company_points_out_of_it() -> None:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_config.name in settings.SHARED_APPS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None) and field.related_model
            if target and target != "self":
                assert target._meta.app_config.name in settings.TENANT_APPS, field


def test_nobody_uses_the_tenant_as_a_context_of_its_own() -> None:
    """``with company:`` keeps its stack in the class: two threads would swap their companies."""
    offenders = [
        path
        for room in ("apps", "exchange", "replication", "tenants", "config")
        for path in (HOUSE / room).rglob("*.py")
        if "with company:" in path.read_text() or "with tenant:" in path.read_text()
    ]
    assert offenders == []
