"""``manage office_verify``: compare this office with the centre, row by row where they differ."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import tenant_context

from replication.offices import the_office
from replication.transports.office import Busy, ExchangeFailed, exchange_once, verify
from replication.transports.sentences import sentence

SHOWN = 100


class Command(BaseCommand):
    help = "Compare this office with the centre and name the rows that differ."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to have them sent again."""
        parser.add_argument("--repair", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exchange first, so that what is under way is no difference; then compare.

        :raises CommandError: rows differ, or the centre cannot be reached.
        """
        company, node = the_office()
        with tenant_context(company):
            try:
                exchange_once(node=node)
                found = verify(node=node, is_repaired=options["repair"])
                if found and options["repair"]:
                    exchange_once(node=node)
                    found = verify(node=node)
            except ExchangeFailed as failure:
                raise CommandError(str(sentence(failure.code))) from failure
            except Busy:
                raise CommandError("An exchange is under way already.") from None
        for each in found[:SHOWN]:
            self.stdout.write(f"{each.what:<8} {each.table} {each.key}")
        if found:
            raise CommandError(f"{len(found)} rows differ from the centre.")
        self.stdout.write("This office and the centre hold the same rows.")
