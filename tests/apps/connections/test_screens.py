"""The exchange screens: who sees them, what they tell, what they start."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.connections import guides, selectors
from exchange import services
from exchange.models import (
    Configuration,
    ExchangeSession,
    Node,
    SessionProblem,
    SessionState,
    Subject,
    UploadedFile,
)
from tenants.models import Company


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def node(company: Company, files: Path) -> Node:
    made, _ = services.connect(
        name="Main 1C", kind=Configuration.UT, login="1c", now=timezone.now()
    )
    return made


@pytest.fixture
def run(node: Node) -> ExchangeSession:
    return ExchangeSession.objects.create(
        node=node,
        subject=Subject.CATALOG,
        state=SessionState.DONE_WITH_PROBLEMS,
        is_open=False,
        latest_contact_at=timezone.now(),
        counts={"prices": {"read": 313, "changed": 312, "problems": 1}},
        problem_count=1,
    )


@pytest.fixture
def signed_in(company: Company) -> Iterator[Any]:
    """A browser of a person with a role."""

    def browser(role: str) -> Client:
        user = User.objects.create_user(
            email=f"{role}@acme.example", password="correct horse battery", role=role
        )
        client = Client(headers={"host": "acme.localhost"})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser


def get(client: Client, address: str, company: Company) -> Any:
    response = client.get(address)
    _ = tenant_context(company).__enter__()  # a request leaves the company
    return response


PAGES = ("/exchange/", "/exchange/connect/")


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (Role.OWNER, (200, 200)),
        (Role.ADMINISTRATOR, (200, 200)),
        (Role.ACCOUNTANT, (200, 403)),
        (Role.MANAGER, (403, 403)),
    ],
)
def test_owners_and_administrators_connect_and_accountants_read(
    signed_in: Any, node: Node, company: Company, role: str, statuses: tuple[int, int]
) -> None:
    client = signed_in(role)

    assert tuple(get(client, page, company).status_code for page in PAGES) == statuses


def test_a_visitor_is_asked_to_sign_in(visitor: Client, node: Node) -> None:
    assert visitor.get("/exchange/").headers["Location"].startswith("/accounts/login/")


def test_an_empty_exchange_page_leads_to_the_connection(signed_in: Any, company: Company) -> None:
    page = get(signed_in(Role.OWNER), "/exchange/", company).content.decode()

    assert "No 1C is connected yet" in page
    assert 'href="/exchange/connect/"' in page


def test_connecting_makes_a_login_and_shows_its_password_to_who_made_it(
    signed_in: Any, company: Company
) -> None:
    client = signed_in(Role.OWNER)
    response = client.post("/exchange/connect/", {"kind": "unf", "name": "УНФ"}, follow=True)
    page = response.content.decode()

    tenant_context(company).__enter__()
    node = Node.objects.get()
    assert (node.name, node.kind, node.login) == ("УНФ", "unf", "1c")
    assert 'id="value-password"' in page
    assert "http://acme.localhost/bitrix/admin/1c_exchange.php" in page
    assert "Waiting for first contact" in page
    assert node.password not in page


def test_another_administrator_does_not_see_the_password(signed_in: Any, company: Company) -> None:
    signed_in(Role.OWNER).post("/exchange/connect/", {"kind": "ut", "name": "УТ"})
    tenant_context(company).__enter__()
    node = Node.objects.get()

    page = get(signed_in(Role.ADMINISTRATOR), f"/exchange/connections/{node.pk}/", company)

    assert 'id="value-password"' not in page.content.decode()


def test_the_contact_part_turns_green(signed_in: Any, node: Node, company: Company) -> None:
    services.note_contact(node=node, address="10.0.0.5", user_agent="1C+Enterprise/8.3")

    part = get(signed_in(Role.OWNER), f"/exchange/connections/{node.pk}/?part=contact", company)

    assert "1C is connected" in part.content.decode()
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("kind", Configuration.values)
def test_every_configuration_has_its_steps(kind: str) -> None:
    assert len(guides.guide(kind)) >= 3


def test_settings_keep_what_the_form_does_not_show(
    signed_in: Any, node: Node, company: Company
) -> None:
    Node.objects.update(settings={"send_from_status": "sent"})
    values = {
        "name": "Renamed", "is_active": "on", "exchanged": ["products", "prices"],
        "archive_limit_percent": 20, "accepts_zip": "on", "file_limit": 1_000_000,
        "silence_seconds": 30, "gap_minutes": 10, "retention_days": 7,
    }  # fmt: skip

    signed_in(Role.OWNER).post(f"/exchange/connections/{node.pk}/settings/", values)

    tenant_context(company).__enter__()
    options = Node.objects.get().options
    assert (options.takes("stock"), options.takes("prices")) == (False, True)
    assert (options.send_from_status, options.retention_days) == ("sent", 7)


def test_a_wrong_setting_is_refused_at_its_field_and_nothing_changes(
    signed_in: Any, node: Node, company: Company
) -> None:
    response = signed_in(Role.OWNER).post(
        f"/exchange/connections/{node.pk}/settings/", {"name": "", "file_limit": "many"}
    )

    tenant_context(company).__enter__()
    assert response.status_code == 422
    assert Node.objects.get().name == "Main 1C"


def test_a_problem_reads_as_a_message_an_accountant_understands(
    signed_in: Any, run: ExchangeSession, company: Company
) -> None:
    SessionProblem.objects.create(
        session=run,
        code="not_a_number",
        file_name="offers0_1.xml",
        line=1841,
        element="Предложение/Цены/Цена/ЦенаЗаЕдиницу",
        value="free",
        name="Nail 50 mm",
        kept="former_value",
    )

    page = get(signed_in(Role.ACCOUNTANT), f"/exchange/runs/{run.pk}/", company).content.decode()

    assert "offers0_1.xml, line 1841, Предложение/Цены/Цена/ЦенаЗаЕдиницу" in page
    assert "“free” is not a number." in page
    assert "“Nail 50 mm” keeps its former value. Correct it in 1C" in page


def test_problems_are_exported_without_formulas(
    signed_in: Any, run: ExchangeSession, company: Company
) -> None:
    SessionProblem.objects.create(
        session=run, code="not_a_number", file_name="a.xml", value="=cmd()", name="Nail"
    )
    client = signed_in(Role.ACCOUNTANT)

    response = client.get(f"/exchange/runs/{run.pk}/problems.csv")
    table = response.content.decode()

    assert "'=cmd()" in table
    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_a_file_brought_by_hand_makes_a_run(signed_in: Any, node: Node, company: Company) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("import.xml", b"<a/>")
    response = signed_in(Role.OWNER).post(
        f"/exchange/connections/{node.pk}/by-hand/", {"file": file}
    )

    tenant_context(company).__enter__()
    made = ExchangeSession.objects.get()
    assert response.headers["Location"] == f"/exchange/runs/{made.pk}/"
    assert (made.is_manual, UploadedFile.objects.get().name) == (True, "import.xml")


def test_a_raw_file_is_saved_and_never_shown(signed_in: Any, node: Node, company: Company) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    services.upload_by_hand(
        node=node,
        name="import.xml",
        source=SimpleUploadedFile("x", b"<script>"),
        size=8,
        by=None,
        now=timezone.now(),
    )
    file = UploadedFile.objects.get()

    response = signed_in(Role.ACCOUNTANT).get(f"/exchange/files/{file.pk}/")

    assert b"".join(response.streaming_content) == b"<script>"
    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_a_run_whose_files_are_gone_says_so(
    signed_in: Any, run: ExchangeSession, company: Company
) -> None:
    page = signed_in(Role.OWNER).post(f"/exchange/runs/{run.pk}/again/", follow=True)

    assert "The files of this run are no longer kept." in page.content.decode()


def test_a_run_under_way_can_be_cancelled(
    signed_in: Any, run: ExchangeSession, company: Company
) -> None:
    ExchangeSession.objects.update(state=SessionState.QUEUED)

    signed_in(Role.OWNER).post(f"/exchange/runs/{run.pk}/cancel/")

    tenant_context(company).__enter__()
    assert ExchangeSession.objects.get().state == SessionState.INTERRUPTED


@pytest.mark.parametrize(
    "address",
    ["/exchange/runs/{run}/", "/exchange/runs/{run}/problems.csv", "/exchange/connections/{node}/"],
)
def test_another_company_does_not_reach_runs_and_connections(
    run: ExchangeSession, rival: Company, address: str
) -> None:
    with tenant_context(rival):
        user = User.objects.create_user(email="o@rival.example", password="x", role=Role.OWNER)
        client = Client(headers={"host": "rival.localhost"})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    response = client.get(address.format(run=run.pk, node=run.node_id))

    assert response.status_code == 404


def test_a_connection_that_went_silent_is_flagged(node: Node) -> None:
    """F020: an exchange by schedule that does not come is flagged as late."""
    Node.objects.update(
        first_contact_at=timezone.now() - timedelta(days=9),
        latest_contact_at=timezone.now() - timedelta(days=2),
    )

    assert selectors.nodes(now=timezone.now())[0].health == "late"


def test_the_home_page_asks_the_database_a_dozen_times_at_most(
    signed_in: Any, run: ExchangeSession, company: Company, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(Role.OWNER)

    with django_assert_max_num_queries(12):
        client.get("/exchange/")


def test_the_run_page_asks_the_database_a_dozen_times_at_most(
    signed_in: Any, run: ExchangeSession, company: Company, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(Role.OWNER)

    with django_assert_max_num_queries(12), translation.override("ru"):
        client.get(f"/exchange/runs/{run.pk}/")


def test_runs_are_filtered_by_what_came_of_them_and_by_connection(
    signed_in: Any, run: ExchangeSession, company: Company
) -> None:
    """F020: the log shows the runs and what came of each."""
    other, _ = services.connect(name="Shop 1C", kind="bus", login="2c", now=timezone.now())
    ExchangeSession.objects.create(
        node=other, subject=Subject.SALE, state=SessionState.DONE, is_open=False,
        latest_contact_at=timezone.now(),
    )  # fmt: skip
    client = signed_in(Role.OWNER)

    troubled = get(client, "/exchange/?part=rows&state=problems", company).content.decode()
    of_other = get(client, f"/exchange/?part=rows&node={other.pk}", company).content.decode()

    assert ("Main 1C" in troubled, "Shop 1C" in troubled) == (True, False)
    assert ("Main 1C" in of_other, "Shop 1C" in of_other) == (False, True)


def test_the_exchange_screen_asks_few_questions(
    signed_in: Any, run: ExchangeSession, company: Company, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(Role.OWNER)

    with django_assert_max_num_queries(12):
        client.get("/exchange/")


def health(client: Client, company: Company) -> str:
    """What the dot beside «Exchange with 1C» says to a screen reader."""
    page = get(client, "/exchange/?part=mark", company).content.decode()
    found = re.search(r'status-(\w+)" title="([^"]+)"', page)
    return f"{found[1]}: {html.unescape(found[2])}" if found else ""


def test_the_dot_tells_the_worst_of_the_connections(
    signed_in: Any, node: Node, company: Company
) -> None:
    """F020: a late or failed run is flagged beside the menu on every page."""
    client = signed_in(Role.OWNER)
    now = timezone.now()

    assert health(client, company) == "waiting: “Main 1C” has not called yet."

    Node.objects.update(first_contact_at=now, latest_contact_at=now)
    assert health(client, company) == "good: In step with 1C."

    Node.objects.update(latest_contact_at=now - timedelta(hours=25))
    assert health(client, company) == "waiting: “Main 1C” has been silent for a day."

    ExchangeSession.objects.create(
        node=node, subject=Subject.CATALOG, state=SessionState.FAILED, is_open=False,
        latest_contact_at=now,
    )  # fmt: skip
    assert health(client, company) == "bad: The latest run of “Main 1C” failed."

    Node.objects.update(is_active=False)
    assert health(client, company) == ""


def test_every_page_has_the_dot_that_was_seen_before(
    signed_in: Any, node: Node, company: Company
) -> None:
    client = signed_in(Role.OWNER)
    health(client, company)

    page = get(client, "/counterparties/", company).content.decode()

    assert "“Main 1C” has not called yet." in page


def test_who_may_not_see_the_exchange_has_no_dot(
    signed_in: Any, node: Node, company: Company
) -> None:
    client = signed_in(Role.MANAGER)

    assert get(client, "/exchange/?part=mark", company).status_code == 403
    assert "mark-exchange" not in get(client, "/counterparties/", company).content.decode()
