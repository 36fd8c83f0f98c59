"""The office's end of the line: it calls the centre, never the other way round.

One exchange: the office's changes go up, the centre packs, its messages come down, both
acknowledge. Whatever is cut goes on at the byte it had: parts stay in the database at both ends
(``docs/protocol/replication.md``, 6).
"""

from __future__ import annotations

import base64
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import psycopg2.errors
import structlog
from django.db import OperationalError, connection
from django.utils import timezone

from replication import attachments, nodes
from replication.checking import Difference, compare, fingerprints, hashes, unequal
from replication.messages import RELEASE, Message, MessageRefused
from replication.models import (
    BranchNode,
    Conflict,
    NodeState,
    OutgoingMessage,
    ParkedChange,
    Side,
)
from replication.packing import acknowledge, pack, waiting
from replication.receiving import receive
from replication.transports import parts, sessions

PART = 256 * 1024  # bytes sent at once: what a cut line costs at most
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
FILES_SECONDS = 60.0  # of one exchange on schedule: rows never wait long for files
LEAST_ROOM = 100 * 1024 * 1024  # bytes free on the disk: the log of a large message and more
NIGHT = range(1, 6)  # hours of the day, in the company's time zone
# Between two questions whether the message is packed: few rows soon are, many take their time.
FIRST_PACKING_PAUSE, PACKING_PAUSE, PACKING_TRIES = 0.05, 1.0, 1800
CHANNEL = "kopru_office"
_ONE_AT_A_TIME = 0x6B6F_7072_755F_6F66  # "kopru_of": the advisory lock of an exchange
log = structlog.get_logger(__name__)
Say = Callable[[str, int, int], None]  # step, bytes or messages done, of how many


class ExchangeFailed(Exception):
    """An exchange did not come to its end; what was done stays done.

    ``code`` is a key of ``replication.transports.sentences``.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    @property
    def is_of_the_line(self) -> bool:
        """Whether trying again may help without anybody doing anything."""
        return self.code in ("unreachable", "cut", "throttled")


class Busy(Exception):
    """Another process is exchanging at this moment."""


@dataclass
class Outcome:
    """What an exchange brought."""

    sent: int = 0  # messages
    received: int = 0
    rows_sent: int = 0
    rows_received: int = 0
    conflicts: int = 0
    parked: int = 0
    files: int = 0  # that arrived
    files_left: int = 0  # that rows here name and that are still to come


def join(*, address: str, code: str, program: str) -> tuple[dict[str, Any], bytes]:
    """Use a code up and return what the centre says, and the private key made for the link.

    :raises ExchangeFailed: the centre cannot be reached or refuses.
    """
    private, public = nodes.new_key_pair()
    with Line(address) as line:
        said = line.ask("join", {"code": code, "public_key": base64.b64encode(public).decode(),
                                 "release": RELEASE, "program": program})  # fmt: skip
    return said, private


def begin(*, said: Mapping[str, Any], address: str, private_key: bytes) -> BranchNode:
    """Make the company in force the office that has joined."""
    joined = nodes.Joined(
        node=UUID(said["node"]), company=UUID(said["company"]), name=said["name"],
        public_key=base64.b64decode(said["public_key"]), prefix=said["prefix"],
        incarnation=UUID(said["incarnation"]), number_block=int(said["number_block"]),
        file_key=base64.b64decode(said.get("file_key", "")),
    )  # fmt: skip
    return nodes.begin_branch(joined=joined, address=address, private_key=private_key)


def exchange_once(
    *, node: BranchNode, program: str = "", say: Say = lambda step, done, of: None,
    transport: httpx.BaseTransport | None = None, files_seconds: float | None = None,
    folder: Path | None = None,
) -> Outcome:  # fmt: skip
    """Exchange with the centre, from the office; one at a time.

    Files come after the rows, for ``files_seconds`` at most (by default until all are here).
    Nothing is fetched while the disk of ``folder`` has little room: a database that finds none for
    its log stops, and with it the work of everybody in the office.

    :raises ExchangeFailed: it did not come to its end; the next one goes on.
    :raises Busy: another process is at it.
    """
    with _alone():
        BranchNode.objects.filter(pk=node.pk).update(tried_at=timezone.now())
        try:
            _require_room(folder)
            with Line(node.address, transport=transport) as line:
                line.sign_in(node)
                exchange = _Exchange(line, node, program, say)
                outcome = exchange.run()
                BranchNode.objects.filter(pk=node.pk).update(met_at=timezone.now())
                exchange.fetch_files(files_seconds)
        except ExchangeFailed as failure:
            BranchNode.objects.filter(pk=node.pk).update(fault=failure.code)
            raise
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg2.errors.DiskFull):
                raise
            # Told by an update of one row: that finds room where a message does not.
            BranchNode.objects.filter(pk=node.pk).update(fault="disk_full")
            raise ExchangeFailed("disk_full", str(error).strip()) from error
        BranchNode.objects.filter(pk=node.pk).update(met_at=timezone.now(), fault="")
        return outcome


def verify(
    *, node: BranchNode, is_repaired: bool = False, transport: httpx.BaseTransport | None = None
) -> list[Difference]:
    """Compare this office with the centre and name the rows that differ; both must be quiet.

    With ``is_repaired`` the centre sends them again with its next message.

    :raises ExchangeFailed: the centre cannot be reached or refuses.
    """
    found: list[Difference] = []
    with Line(node.address, transport=transport) as line:
        line.sign_in(node)
        theirs = line.ask("fingerprints", {})["tables"]
        for table, ranges in unequal(fingerprints(node=node), theirs).items():
            rows = line.ask("hashes", {"table": table, "ranges": ranges})["rows"]
            found += compare(table, hashes(node=node, table=table, ranges=ranges), rows)
        if is_repaired:
            for table in sorted({each.table for each in found}):
                keys = [each.key for each in found if each.table == table]
                line.ask("repair", {"table": table, "keys": keys})
    return found


def compare_at_night(
    *, node: BranchNode, now: datetime, transport: httpx.BaseTransport | None = None
) -> int:
    """Compare this office with the centre and have rows that differ sent again; return how many.

    What is under way meanwhile is no difference: only what differs after another exchange counts.
    The centre is told with the next exchange.

    :raises ExchangeFailed: the centre cannot be reached or refuses.
    :raises Busy: another process is exchanging.
    """
    found = verify(node=node, transport=transport)
    if found:
        exchange_once(node=node, transport=transport, files_seconds=0)
        found = verify(node=node, is_repaired=True, transport=transport)
    if found:
        log.error("rows differ from the centre", rows=len(found), first=str(found[0]))
    node.refresh_from_db()
    node.told = {**node.told, "compared_at": now.isoformat(), "differed": len(found)}
    BranchNode.objects.filter(pk=node.pk).update(told=node.told)
    if found:
        exchange_once(node=node, transport=transport, files_seconds=0)
    return len(found)


def is_time_to_compare(node: BranchNode, *, now: datetime, zone: str) -> bool:
    """Tell whether the nightly comparison is due: once a night, at latest after two days."""
    at = node.told.get("compared_at")
    since = now - (datetime.fromisoformat(at) if at else node.created_at)
    is_night = now.astimezone(ZoneInfo(zone)).hour in NIGHT
    return since > timedelta(hours=48) or (is_night and since > timedelta(hours=20))


def _compared(node: BranchNode) -> dict[str, Any]:
    return {name: node.told[name] for name in ("compared_at", "differed") if name in node.told}


def ask_now() -> None:
    """Have the office's process exchange at once: what a *sync now* button calls."""
    for node in BranchNode.objects.filter(side=Side.BRANCH):
        BranchNode.objects.filter(pk=node.pk).update(told={**node.told, "asked": True})
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def _require_room(folder: Path | None) -> None:
    if folder is not None and shutil.disk_usage(folder).free < LEAST_ROOM:
        raise ExchangeFailed("disk_full", str(folder))


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            raise Busy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


class _Exchange:
    """One exchange over an open line."""

    def __init__(self, line: Line, node: BranchNode, program: str, say: Say) -> None:
        self.line, self.node, self.program, self.say = line, node, program, say
        self.outcome = Outcome()

    def run(self) -> Outcome:
        node = self.node
        state = self._compare()
        if UUID(state["incarnation"]) != node.incarnation:
            nodes.adopt(
                node=node, incarnation=UUID(state["incarnation"]),
                received_before=int(state["received_before"]),
            )  # fmt: skip
            state = self._compare()
        elif state["state"] == NodeState.NEEDS_IMAGE and node.state == NodeState.LIVE:
            BranchNode.objects.filter(pk=node.pk).update(state=NodeState.NEEDS_IMAGE)
            node.refresh_from_db()
        pack(node=node, now=timezone.now())
        self._send(int(state["received"]), int(state["have"]))
        self._fetch(self._packed())
        said = self.line.ask("acknowledge", {"number": node.received_number})
        acknowledge(node=node, number=int(said["received"]), sent=int(said["sent"]))
        return self.outcome

    def _compare(self) -> dict[str, Any]:
        node = self.node
        told = {
            "release": RELEASE, "program": self.program, "waiting": waiting(node=node),
            "parked": ParkedChange.objects.filter(node=node).count(),
            "conflicts": Conflict.objects.filter(node=node, is_open=True).count(),
            **_compared(node),
        }  # fmt: skip
        state = self.line.ask(
            "state",
            {"incarnation": str(node.incarnation), "sent": node.sent_number,
             "acknowledged": node.acknowledged_number, "received": node.received_number,
             "told": told, "now": timezone.now().isoformat(),
             "wants_file_key": not node.file_key, "baton": node.told.get("baton", "")},
        )  # fmt: skip
        if state.get("file_key"):
            nodes.take_file_key(node, base64.b64decode(state["file_key"]))
        node.told = {
            "release": state["release"], "baton": state.get("baton", ""), **_compared(node),
        }  # fmt: skip
        BranchNode.objects.filter(pk=node.pk).update(
            name=state["name"], prefix=state["prefix"], schedule=state["schedule"],
            seats=state["seats"], told=node.told,
        )  # fmt: skip
        return state

    def _send(self, received: int, have: int) -> None:
        """Send what the centre has not received, from the byte it has."""
        found = OutgoingMessage.objects.filter(node=self.node, number__gt=received)
        numbers = list(found.order_by("number").values_list("number", flat=True))
        for place, number in enumerate(numbers):
            self.say("sending", place, len(numbers))
            message = found.get(number=number)
            data = Message(
                bytes(message.head), bytes(message.signature), bytes(message.body)
            ).encode()
            begin = have if number == received + 1 and have < len(data) else 0
            receipt = self.line.put(number, data, begin)
            self.outcome.sent += 1
            self.outcome.rows_sent += message.rows
            self.outcome.conflicts += int(receipt.get("conflicts") or 0)
            self.outcome.parked += int(receipt.get("parked") or 0)

    def fetch_files(self, seconds: float | None) -> None:
        """Fetch the files that rows here name and the storage lacks, each once.

        One that the centre does not have, or that arrives damaged, waits for the next exchange.
        """
        began = time.monotonic()
        wanted = list(attachments.missing())
        self.outcome.files_left = len(wanted)
        for place, (digest, name) in enumerate(wanted):
            if seconds is not None and time.monotonic() - began > seconds:
                return
            self.say("files", place, len(wanted))
            try:
                self.line.file(attachments.Arriving(digest, name))
            except attachments.WrongBytes:
                log.warning("a file arrived damaged", digest=digest)
            except ExchangeFailed as failure:
                if failure.code != "no_file":
                    raise
                log.warning("the centre has no such file", digest=digest)
            else:
                self.outcome.files += 1
                self.outcome.files_left -= 1
        if wanted:
            attachments.forget_parts()

    def _packed(self) -> int:
        pause = FIRST_PACKING_PAUSE
        for _ in range(PACKING_TRIES):
            said = self.line.ask("pack", {})
            if not said["packing"]:
                return int(said["sent"])
            self.say("packing", 0, 0)
            self.line.pause(pause)
            pause = min(pause * 2, PACKING_PAUSE)
        raise ExchangeFailed("cut", "the centre did not finish packing")

    def _fetch(self, sent: int) -> None:
        for number in range(self.node.received_number + 1, sent + 1):
            self.say("receiving", number - 1, sent)
            data = self.line.get(self.node, number)
            try:
                receipt = receive(node=self.node, message=Message.decode(data), now=timezone.now())
            except MessageRefused as refusal:
                raise ExchangeFailed(refusal.code, refusal.detail) from refusal
            finally:
                parts.forget(node=self.node)
            self.outcome.received += 1
            self.outcome.rows_received += receipt.rows
            self.outcome.parked += receipt.parked
        self.say("done", sent, sent)


class Line:
    """An HTTPS connection to the centre; every failure is told as what it means."""

    def __init__(self, address: str, *, transport: httpx.BaseTransport | None = None) -> None:
        base, host = reachable(address)
        headers = {"Host": host} if host else {}
        self.client = httpx.Client(
            base_url=f"{base}/sync/v1/", timeout=TIMEOUT, headers=headers, transport=transport
        )

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *failure: object) -> None:
        self.client.close()

    def sign_in(self, node: BranchNode) -> None:
        """Prove who we are; later requests carry the token."""
        given = self.ask("challenge", {"node": str(node.pk)})["challenge"]
        signature = sessions.answer(given, private_key=nodes.private_half(node))
        said = self.ask(
            "session", {"node": str(node.pk), "challenge": given,
                        "signature": base64.b64encode(signature).decode()},
        )  # fmt: skip
        self.client.headers["Authorization"] = f"Bearer {said['token']}"

    def ask(self, what: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Post JSON and return the answer."""
        return self._read(self._request("POST", what, json=dict(content)))

    def put(self, number: int, data: bytes, begin: int) -> dict[str, Any]:
        """Send a message from a byte on, part by part; return the receipt."""
        place = begin
        while True:
            part = data[place : place + PART]
            answer = self._request(
                "PUT", f"up/{number}", content=part,
                params={"offset": place, "size": len(data)},
            )  # fmt: skip
            if answer.status_code == 409 and _json(answer).get("code") == "offset":
                place = int(_json(answer)["have"])
                continue
            said = self._read(answer)
            if said["have"] is None:
                return said
            place = int(said["have"])

    def get(self, node: BranchNode, number: int) -> bytes:
        """Fetch a message, from the byte an earlier try had got to."""
        have = parts.arrived(node=node, number=number)
        headers = {"Range": f"bytes={have}-"} if have else {}
        try:
            with self.client.stream("GET", f"down/{number}", headers=headers) as answer:
                if answer.status_code not in (200, 206):
                    answer.read()
                    self._read(answer)
                if have and answer.status_code == 200:
                    parts.forget(node=node)
                    have = 0
                size = have + int(answer.headers["Content-Length"])
                for part in answer.iter_bytes(PART):
                    have = parts.add(node=node, number=number, offset=have, size=size, data=part)
        except httpx.HTTPError as error:
            raise ExchangeFailed("cut", str(error)) from error
        return parts.whole(node=node, number=number)

    def file(self, arriving: attachments.Arriving) -> None:
        """Fetch a file, from the byte an earlier try had got to.

        :raises WrongBytes: its bytes are not what its digest says.
        """
        have = arriving.have
        headers = {"Range": f"bytes={have}-"} if have else {}
        try:
            with self.client.stream("GET", f"file/{arriving.digest}", headers=headers) as answer:
                if answer.status_code not in (200, 206):
                    answer.read()
                    self._read(answer)
                if have and answer.status_code == 200:  # it has all, or is not the same any more
                    arriving.begin_anew()
                arriving.add(answer.iter_bytes(PART))
        except httpx.HTTPError as error:
            raise ExchangeFailed("cut", str(error)) from error
        arriving.finish()

    @staticmethod
    def pause(seconds: float) -> None:
        """Wait until the centre may have got further."""
        time.sleep(seconds)

    def _request(self, method: str, what: str, **content: Any) -> httpx.Response:
        try:
            return self.client.request(method, what, **content)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ExchangeFailed("unreachable", str(error)) from error
        except httpx.HTTPError as error:
            raise ExchangeFailed("cut", str(error)) from error

    @staticmethod
    def _read(answer: httpx.Response) -> dict[str, Any]:
        said = _json(answer)
        if answer.status_code == 200 and "code" not in said:
            return said
        if answer.status_code in (502, 503, 504):
            raise ExchangeFailed("unreachable", f"HTTP {answer.status_code}")
        raise ExchangeFailed(str(said.get("code", "unexpected")), str(said.get("detail", "")))


def reachable(address: str) -> tuple[str, str]:
    """Return an address any machine can reach, and the Host header that goes with it.

    Browsers know that ``demo.localhost`` is this machine; the system's resolver often does not.
    """
    found = urlsplit(address.rstrip("/"))
    if not (found.hostname or "").endswith(".localhost"):
        return urlunsplit((found.scheme, found.netloc, "", "", "")), ""
    port = f":{found.port}" if found.port else ""
    return f"{found.scheme}://127.0.0.1{port}", found.netloc


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
