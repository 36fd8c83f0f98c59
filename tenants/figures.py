"""Figures for the operator's monitoring, asked of the database and the broker at each scrape."""

from __future__ import annotations

from collections.abc import Iterable

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.registry import Collector

from tenants.models import Company, CompanyState

QUEUES = ("interactive", "exchange", "bulk", "mail")


class ServiceCollector(Collector):
    """Companies by state, waiting jobs by queue, connections of the database."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Name nothing ahead: the database is not there yet when the program loads."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Ask."""
        companies = GaugeMetricFamily("kopru_companies", "Companies by state", labels=["state"])
        rows = Company.objects.order_by().values_list("state").annotate(Count("pk"))
        for state, count in {**dict.fromkeys(CompanyState.values, 0), **dict(rows)}.items():
            companies.add_metric([state], count)
        yield companies
        waiting = GaugeMetricFamily("kopru_jobs_waiting", "Jobs waiting", labels=["queue"])
        broker = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
        for queue in QUEUES:
            waiting.add_metric([queue], int(broker.llen(queue)))
        yield waiting
        backends = GaugeMetricFamily("kopru_database_connections", "Connections of the database")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            backends.add_metric([], cursor.fetchone()[0])
        yield backends


REGISTRY.register(ServiceCollector())
