"""``manage office_join ADDRESS CODE FILE``: join the centre and copy what the office holds."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from replication.models import BranchNode, NodeState
from replication.nodes import this_office
from replication.transports import office
from replication.transports.office import ExchangeFailed
from replication.transports.sentences import sentence
from tenants.models import Company
from tenants.services import create_company

PROGRAM = "kopru"
TRIES, PAUSE = 60, 5.0


class Command(BaseCommand):
    help = "Make this installation a branch office of a company."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the centre's address, the code, and the file that tells the launcher."""
        parser.add_argument("address")
        parser.add_argument("code")
        parser.add_argument("file")
        parser.add_argument("--no-copy", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Join once; then copy, going on where an earlier try was cut.

        :raises CommandError: the centre refuses, or stays out of reach.
        """
        file = Path(options["file"])
        company = _company()
        if company is None:
            company = _join(options["address"], options["code"], file)
        with tenant_context(company):
            node = this_office()
            if node is None:
                raise CommandError("This base is no office. Choose another --data-dir.")
            if options["no_copy"]:
                self._line("Joined. The copy comes with a file: ./kopru branch import FILE")
            else:
                self._copy(node)

    def _copy(self, node: BranchNode) -> None:
        began, failures = time.monotonic(), 0
        while True:
            try:
                outcome = office.exchange_once(
                    node=node, program=PROGRAM, say=self._say, files_seconds=office.FILES_SECONDS
                )
                break
            except ExchangeFailed as failure:
                failures += 1
                if not failure.is_of_the_line or failures > TRIES:
                    raise CommandError(str(sentence(failure.code))) from failure
                self._line(f"{sentence(failure.code)}")
                time.sleep(PAUSE)
        node.refresh_from_db()
        rows = sum(node.messages.filter(direction="in").values_list("rows", flat=True))
        size = sum(node.messages.filter(direction="in").values_list("size", flat=True))
        if node.state != NodeState.LIVE:
            raise CommandError("The copy is not whole yet; run the command again.")
        self._line(
            f"Copied {rows:,} rows, {size / 1e6:.1f} MB on the line,"
            f" in {time.monotonic() - began:.1f} s."
        )
        if outcome.files_left:
            self._line(f"{outcome.files_left:,} files follow while the office is in use.")
            office.ask_now()

    def _say(self, step: str, done: int, of: int) -> None:
        words = {"packing": "The centre packs the copy", "receiving": "Copying",
                 "sending": "Sending", "files": "Fetching files", "done": "Copying"}  # fmt: skip
        things = "files" if step == "files" else "messages"
        self._line(f"{words[step]} ... {done} of {of} {things}" if of else f"{words[step]} ...")

    def _line(self, text: str) -> None:
        end = "\n"
        if sys.stdout.isatty() and text.endswith(("messages", "files")):
            end = "\r"
        self.stdout.write(text, ending=end)
        self.stdout.flush()


def _company() -> Company | None:
    with schema_context("public"):
        return Company.objects.active().exclude(signed_up_at=None).first()


def _join(address: str, code: str, file: Path) -> Company:
    try:
        said, private = office.join(address=address, code=code, program=PROGRAM)
    except ExchangeFailed as failure:
        raise CommandError(str(sentence(failure.code))) from failure
    company = create_company(
        slug=said["slug"], name=said["company_name"], currency=said["currency"]
    )
    with schema_context("public"):
        Company.objects.filter(pk=company.pk).update(
            language=said["language"], time_zone=said["time_zone"], signed_up_at=timezone.now()
        )
        company.refresh_from_db()
    with tenant_context(company):
        office.begin(said=said, address=address, private_key=private)
    kept = {"name": said["name"], "company": said["slug"], "company_name": said["company_name"],
            "centre": address}  # fmt: skip
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=2))
    return company
