"""``manage office_add COMPANY NAME PREFIX``: add an office at the centre; prints its code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from replication.nodes import OfficeRefused, add_office
from tenants.addresses import company_url
from tenants.models import Company


class Command(BaseCommand):
    help = "Add a branch office to a company and print the command to type there."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the company's address name, the office's name and its number prefix."""
        parser.add_argument("company")
        parser.add_argument("name")
        parser.add_argument("prefix")
        parser.add_argument("--every", type=float, default=15, help="minutes between exchanges")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add it.

        :raises CommandError: there is no such company, or the office cannot be like this.
        """
        with schema_context("public"):
            company = Company.objects.active().filter(slug=options["company"]).first()
        if company is None:
            raise CommandError(f"There is no company {options['company']}.")
        with tenant_context(company):
            try:
                _node, code = add_office(
                    name=options["name"], prefix=options["prefix"], scope={},
                    schedule={"every": options["every"]}, seats=0, now=timezone.now(),
                )  # fmt: skip
            except OfficeRefused as refused:
                raise CommandError(f"The office was refused: {refused.code}.") from None
        self.stdout.write(f"./kopru branch join {company_url(company)} {code}")
