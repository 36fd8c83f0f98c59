"""The exchange with a site as three real clients run it: УТ, УНФ 3 and the 1C-Bitrix module.

Requests, their order, limits and what counts as an error follow the CommerceML reference,
chapters 1 to 5: a new session for each portion (УТ), exactly two lines of ``init`` (УТ), the cookie
taken as it is, any unknown first line is an error, ``progress`` is asked again at once.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx

from onec import bitrix_layout, catalogue, incoming, orders
from onec.base import Base, OneCError
from onec.incoming import Taken
from onec.xml import File

DIALECTS = ("ut", "unf", "bus")
PROGRESS_LIMIT_SECONDS = 1800
DEFAULT_PATH = "bitrix/admin/1c_exchange.php"


class ExchangeFailed(OneCError):
    """The site answered with something that stops the exchange; shows the answer."""


@dataclass
class Report:
    """What one exchange did, for the person at the keyboard and for tests."""

    requests: int = 0
    files: int = 0
    bytes_sent: int = 0
    products: int = 0
    orders_sent: int = 0
    taken: Taken = field(default_factory=Taken)
    log: list[str] = field(default_factory=list)


class Session:
    """One checkauth and what follows under its cookie."""

    def __init__(self, site: Site, kind: str) -> None:
        self.site = site
        self.kind = kind
        self.cookie = ""
        self.sessid = ""
        self.timestamp = ""
        lines = site.request(self, "checkauth").split("\n")
        if lines[0].strip().lower() != "success":
            raise ExchangeFailed(f"checkauth: {' '.join(lines)[:300]}")
        if len(lines) < 3:
            raise ExchangeFailed("checkauth: the answer has no cookie")
        self.cookie = f"{lines[1]}={lines[2]}"  # taken as it is, nothing is trimmed
        if len(lines) > 3:
            self.sessid = lines[3].removeprefix("sessid=")
        if len(lines) > 4:
            self.timestamp = lines[4].removeprefix("timestamp=")


class Site:
    """The site's address and one HTTP connection to it."""

    def __init__(
        self,
        *,
        address: str,
        login: str,
        password: str,
        dialect: str = "ut",
        say: Callable[[str], None] = lambda line: None,
        protocol: str = "other",
        use_zip: bool = True,
        client: httpx.Client | None = None,
        host: str = "",
    ) -> None:
        if dialect not in DIALECTS:
            raise OneCError(f"--as must be one of {', '.join(DIALECTS)}")
        self.address = (
            address
            if "1c" in address.rsplit("/", 1)[-1]
            else (f"{address.rstrip('/')}/{DEFAULT_PATH}")
        )
        self.dialect = dialect
        self.protocol = protocol
        self.use_zip = use_zip
        self.say = say
        self.report = Report()
        limit = {"ut": 180, "unf": 1800, "bus": 300}[dialect]
        if client is None:
            self.address, host = _reachable(self.address, host)
        headers = {"Host": host} if host else {}
        self.host = host
        self.http = client or httpx.Client(timeout=limit, headers=headers)
        self.auth = (login, password)

    def request(
        self, session: Session, mode: str, *, body: bytes | None = None, **params: str
    ) -> str:
        """Send one request and return the text of the answer."""
        return self.fetch(session, mode, body=body, **params).decode("utf-8")

    def fetch(
        self, session: Session, mode: str, *, body: bytes | None = None, **params: str
    ) -> bytes:
        """Send one request and return the bytes of the answer.

        :raises ExchangeFailed: the line broke or the answer was empty.
        """
        query = {"type": session.kind, "mode": mode, **params}
        if session.sessid and (self.dialect == "bus" or self.is_unf_bitrix):
            query["sessid"] = session.sessid
        headers = {"Cookie": session.cookie} if session.cookie else {}
        self.report.requests += 1
        try:
            if body is None:
                answer = self.http.get(self.address, params=query, headers=headers, auth=self.auth)
            else:
                answer = self.http.post(
                    self.address, params=query, headers=headers, auth=self.auth, content=body
                )
        except httpx.HTTPError as error:
            raise ExchangeFailed(f"{mode}: {error or type(error).__name__}") from error
        self.note(f"{session.kind} {mode} {params.get('filename', '')} → {answer.content[:60]!r}")
        if answer.status_code != 200:
            self.note(f"state {answer.status_code}")
        if not answer.content:
            raise ExchangeFailed(f"{mode}: the server gave an empty answer")
        return answer.content

    def note(self, line: str) -> None:
        """Write a line into the exchange log."""
        self.report.log.append(line)
        self.say(line)

    @property
    def is_unf_bitrix(self) -> bool:
        """УНФ with the protocol «Битрикс»."""
        return self.dialect == "unf" and self.protocol == "bitrix"


def exchange(
    base: Base,
    site: Site,
    *,
    is_full: bool = False,
    portion: int = 500,
    pause: float = 0.0,
    catalogue_too: bool = True,
    orders_too: bool = True,
) -> Report:
    """Run one whole exchange: the catalogue out, the site's orders in, our orders out.

    Registered changes are forgotten only after the site confirmed the message that carried them.
    ``pause`` is what УНФ waits before each ``import``, in seconds (5 in the real one).

    :raises ExchangeFailed: the site refused something; what it confirmed before stays confirmed.
    """
    kind = {"ut": _Ut, "unf": _Unf, "bus": _Bus}[site.dialect]
    client = kind(base, site, portion, pause)
    if catalogue_too:
        client.send_catalogue(is_full=is_full)
    if orders_too:
        client.take_orders()
        client.send_orders()
    return site.report


class _Client:
    def __init__(self, base: Base, site: Site, portion: int, pause: float) -> None:
        self.base = base
        self.site = site
        self.portion = portion
        self.pause = pause

    # Steps shared by all --------------------------------------------------------------------------
    def init(self, session: Session, **params: str) -> tuple[bool, int]:
        """Ask for zip and the size of parts."""
        answer = self.site.request(session, "init", body=None, **params)
        lines = answer.split("\n")
        self.check_init(lines, params)
        limit = 0
        for line in lines[1:]:
            if line.strip().startswith("file_limit="):
                digits = line.strip().removeprefix("file_limit=")
                limit = int(digits) if digits.isdigit() else 0
        return lines[0].strip() == "zip=yes", limit

    def check_init(self, lines: list[str], params: dict[str, str]) -> None:
        """Refuse what the client refuses."""

    def upload(self, session: Session, files: Sequence[File], *, zipped: bool, limit: int) -> None:
        """Send the files, in parts under the same name, or one zip of all."""
        if zipped and self.site.use_zip:
            files = [File(f"v8_{uuid4().hex[:4]}_{uuid4().hex[:2]}.zip", _zip(files))]
        for file in files:
            for part in _parts(file.content, limit):
                answer = self.site.request(session, "file", body=part, filename=file.name)
                self.site.report.bytes_sent += len(part)
                if answer.split("\n")[0].strip().lower() != "success":
                    raise ExchangeFailed(f"file {file.name}: {answer[:300]}")
                if "\n" in answer:
                    self.site.note(f"extended status of success: {answer}")
            self.site.report.files += 1

    def do_import(self, session: Session, name: str) -> None:
        """Ask for the import of a file until it is over."""
        deadline = time.monotonic() + PROGRESS_LIMIT_SECONDS
        while True:
            if self.pause:
                time.sleep(self.pause)
            answer = self.site.request(session, "import", filename=name)
            state = answer.split("\n")[0].strip().lower()
            if state == "success":
                return
            if state != "progress":
                raise ExchangeFailed(f"import {name}: {answer[:300]}")
            if time.monotonic() > deadline:
                raise ExchangeFailed(f"import {name}: still «progress» after half an hour")

    def confirm_query(self, session: Session) -> Taken:
        """Fetch the site's orders, take them, and only then confirm."""
        answer = self.site.fetch(session, "query")
        taken = incoming.read_orders(answer, self.base, dialect=self.site.dialect)
        confirmed = self.site.request(session, "success")
        if self.site.dialect == "unf" and confirmed.lower().startswith("failure"):
            raise ExchangeFailed(f"success: {confirmed[:300]}")
        self.site.report.taken = taken
        return taken

    def acknowledge_products(self, refs: Sequence[str]) -> None:
        """Forget the registration of confirmed products."""
        self.base.acknowledge("product", refs)
        self.site.report.products += len(refs)

    # What differs ------------------------------------------------------------------------------
    def send_catalogue(self, *, is_full: bool) -> None:
        """Send changed products, prices and stock."""
        raise NotImplementedError

    def take_orders(self) -> None:
        """Fetch the site's orders."""
        self.confirm_query(Session(self.site, "sale"))

    def send_orders(self) -> None:
        """Send changed orders."""
        raise NotImplementedError


class _Ut(_Client):
    """УТ 11, КА 2, ERP 2, Розница: a session of its own for each portion; 2.07."""

    namespace, version = "urn:1C.ru:commerceml_2", "2.07"

    def check_init(self, lines: list[str], params: dict[str, str]) -> None:
        if len(lines) != 2:
            raise ExchangeFailed(f"init: {len(lines)} lines instead of 2")

    def send_catalogue(self, *, is_full: bool) -> None:
        products = catalogue.products_to_send(self.base, is_full=is_full)
        if not products:
            return
        parts = list(catalogue.portions(products, self.portion))
        for number, rows in enumerate(parts, 1):
            self._send(
                "catalog",
                f"import0_{number}.xml",
                catalogue.import_file(
                    self.base,
                    rows,
                    version=self.version,
                    namespace=self.namespace,
                    changes_only=number > 1 or not is_full,
                    with_classifier=number == 1,
                ),
            )
        for number, rows in enumerate(parts, 1):
            self._send(
                "catalog",
                f"offers0_{number}.xml",
                catalogue.offers_file(
                    self.base,
                    rows,
                    version=self.version,
                    namespace=self.namespace,
                    changes_only=number > 1 or not is_full,
                    with_directories=number == 1,
                ),
            )
            self.acknowledge_products([row["ref"] for row in rows])

    def _send(self, kind: str, name: str, content: bytes) -> None:
        session = Session(self.site, kind)
        zipped, limit = self.init(session)
        self.upload(session, [File(name, content)], zipped=zipped, limit=limit)
        self.do_import(session, name)

    def send_orders(self) -> None:
        refs = self.base.registered("order")
        if not refs:
            return
        content = orders.orders_file(
            self.base, refs, version=self.version, namespace=self.namespace
        )
        self._send("sale", f"orders-{uuid4()}_1.xml", content)
        self.base.acknowledge("order", refs)
        self.site.report.orders_sent += len(refs)


class _Unf(_Client):
    """УНФ 3: a session for each file, a pause before each import; 2.08, or 2.10 with «Битрикс»."""

    def __init__(self, base: Base, site: Site, portion: int, pause: float) -> None:
        super().__init__(base, site, portion, pause)
        self.namespace = "urn:1C.ru:commerceml_210"
        self.version = "2.10" if site.is_unf_bitrix else "2.08"
        self.params = {"version": "2.09", "cmlVersion": "2.10"} if site.is_unf_bitrix else {}

    def send_catalogue(self, *, is_full: bool) -> None:
        products = catalogue.products_to_send(self.base, is_full=is_full)
        if not products:
            return
        for number, rows in enumerate(catalogue.portions(products, self.portion)):
            suffix = str(number) if number else ""
            first = number == 0
            self._send(
                f"import{suffix}.xml",
                catalogue.import_file(
                    self.base,
                    rows,
                    version="2.08",
                    namespace=self.namespace,
                    changes_only=not first or not is_full,
                    with_classifier=first,
                ),
            )
            self._send(
                f"offers{suffix}.xml",
                catalogue.offers_file(
                    self.base,
                    rows,
                    version="2.08",
                    namespace=self.namespace,
                    changes_only=not first or not is_full,
                    with_directories=first,
                ),
            )
        self.acknowledge_products([row["ref"] for row in products])

    def _send(self, name: str, content: bytes) -> None:
        session = Session(self.site, "catalog")
        zipped, limit = self.init(session, **self.params)
        self.upload(session, [File(name, content)], zipped=zipped, limit=limit)
        self.do_import(session, name)

    def take_orders(self) -> None:
        session = Session(self.site, "sale")
        if self.site.is_unf_bitrix:
            self.init(session, **self.params)
        self.confirm_query(session)

    def send_orders(self) -> None:
        refs = self.base.registered("order")
        if not refs:
            return
        session = Session(self.site, "sale")
        zipped, limit = self.init(session, **self.params)
        name = f"orders-{uuid4()}_.xml"
        content = orders.orders_file(
            self.base,
            refs,
            version=self.version,
            namespace=self.namespace,
            with_subordinates=self.site.is_unf_bitrix,
        )
        self.upload(session, [File(name, content)], zipped=zipped, limit=limit)
        if self.site.is_unf_bitrix:  # the other protocols never ask for the import of orders
            self.do_import(session, name)
        self.base.acknowledge("order", refs)
        self.site.report.orders_sent += len(refs)


class _Bus(_Client):
    """The 1C-Bitrix module: one session with sessid, 3.1, ``deactivate`` and ``complete``."""

    params = {"version": "3.1"}

    def check_init(self, lines: list[str], params: dict[str, str]) -> None:
        if len(lines) < 2:
            raise ExchangeFailed("init: the answer is too short")

    def send_catalogue(self, *, is_full: bool) -> None:
        products = catalogue.products_to_send(self.base, is_full=is_full)
        if not products:
            return
        session = Session(self.site, "catalog")
        zipped, limit = self.init(session, **self.params)
        files = bitrix_layout.files(self.base, products)
        self.upload(session, files, zipped=zipped, limit=limit)
        for file in files:
            self.do_import(session, file.name)
        if is_full:
            self._expect(session, "deactivate", timestamp=session.timestamp)
        self._expect(session, "complete")
        self.acknowledge_products([row["ref"] for row in products])

    def _expect(self, session: Session, mode: str, **params: str) -> None:
        answer = self.site.request(session, mode, body=None, **params)
        if answer.split("\n")[0].strip().lower() != "success":
            raise ExchangeFailed(f"{mode}: {answer[:300]}")

    def take_orders(self) -> None:
        session = Session(self.site, "sale")
        self.init(session, **self.params)
        self.confirm_query(session)

    def send_orders(self) -> None:
        refs = self.base.registered("order")
        if not refs:
            return
        session = Session(self.site, "sale")
        zipped, limit = self.init(session, **self.params)
        content = orders.orders_file(
            self.base,
            refs,
            version=bitrix_layout.VERSION,
            namespace=bitrix_layout.NAMESPACE,
            with_containers=True,
        )
        file = File(f"documents___{uuid4()}.xml", content)
        self.upload(session, [file], zipped=zipped, limit=limit)
        self.do_import(session, file.name)
        self.base.acknowledge("order", refs)
        self.site.report.orders_sent += len(refs)


def _reachable(address: str, host: str) -> tuple[str, str]:
    """Return an address any machine can reach, and the Host header that goes with it.

    Browsers know that ``demo.localhost`` is this machine; the system's resolver often does not.
    """
    parts = urlsplit(address)
    if host or not (parts.hostname or "").endswith(".localhost"):
        return address, host
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"127.0.0.1{port}")), parts.netloc


def _parts(content: bytes, limit: int) -> Iterator[bytes]:
    if limit <= 0 or len(content) <= limit:
        yield content
        return
    for start in range(0, len(content), limit):
        yield content[start : start + limit]


def _zip(files: Sequence[File]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.content)
    return target.getvalue()
