"""``manage office_sync``: one exchange with the centre, now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import tenant_context

from replication.offices import the_office
from replication.transports.office import Busy, ExchangeFailed, exchange_once
from replication.transports.sentences import sentence


class Command(BaseCommand):
    help = "Exchange with the centre now."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exchange and say what came and went.

        :raises CommandError: it did not come to its end; the next one goes on.
        """
        company, node = the_office()
        with tenant_context(company):
            try:
                outcome = exchange_once(node=node, folder=Path(settings.DATA_DIR))
            except ExchangeFailed as failure:
                raise CommandError(str(sentence(failure.code))) from failure
            except Busy:
                raise CommandError("An exchange is under way already.") from None
        self.stdout.write(
            f"Sent {outcome.rows_sent:,} rows, received {outcome.rows_received:,}; "
            f"{outcome.conflicts} conflicts, {outcome.parked} in quarantine; "
            f"{outcome.files:,} files came, {outcome.files_left:,} are still missing."
        )
