"""The board, the card and the editor: what they show, who may, how many queries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import AccessRole, Role, RoleRight, Scope, User
from apps.counterparties.models import Attachment, ContactPerson, ContactRole, Counterparty
from apps.deals import next_steps
from apps.deals.models import Deal, DealInvoice, Stage
from apps.deals.next_steps import NextStep
from apps.deals.services.quotations import invoice_deal
from tenants.models import Company
from tests.apps.deals.conftest import Funnel
from tests.apps.sales.conftest import NOW, TODAY

JSON = {"accept": "application/json"}


def signed_in(user: User, company: Company) -> Client:
    """The browser of somebody else."""
    client = Client(headers={"host": f"{company.slug}.localhost"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def posted(funnel: Funnel, deal: Deal | None = None, **head: Any) -> dict[str, Any]:
    """What the editor's form sends, with one line."""
    data: dict[str, Any] = {
        "name": "Nails for spring", "counterparty_name": "Romashka",
        "counterparty": str(funnel.shop.customer.pk), "stage": str(funnel.stage("New").pk),
        "currency": "RUB", "amount": "", "is_tax_included": "on", "then": "save",
        "seen": deal.updated_at.isoformat() if deal else "",
    }  # fmt: skip
    line = {
        "id": "", "product": str(funnel.shop.nail.pk), "characteristic": "", "name": "Nail 50 mm",
        "article": "", "unit": "pc", "quantity": "3", "price": "10", "discount": "", "tax_rate": "",
    }  # fmt: skip
    return data | {f"line_{name}": [value] for name, value in line.items()} | head


@pytest.mark.parametrize(
    "address",
    ["", "?part=board", "list/", "list/?state=rotting&q=nails", "new/", "{pk}/", "{pk}/edit/",
     "{pk}/move/?stage={lost}", "pipelines/", "pipelines/stages/{lost}/"],
)  # fmt: skip
def test_a_screen_takes_at_most_twelve_queries(
    funnel: Funnel, owner_client: Client, django_assert_max_num_queries: Any, address: str
) -> None:
    deals = [funnel.deal(lines=[funnel.shop.line(funnel.shop.nail)]) for _time in range(4)]
    address = f"/deals/{address.format(pk=deals[0].pk, lost=funnel.stage('Lost').pk)}"
    owner_client.get(address)

    with django_assert_max_num_queries(12):
        answer = owner_client.get(address)

    assert answer.status_code == 200


def test_the_board_brings_twenty_cards_of_a_column_and_more_on_demand(
    funnel: Funnel, owner_client: Client
) -> None:
    """G014: each column loads 20, and 20 more on scroll; counts and sums are of all."""
    for number in range(45):
        funnel.deal(f"Deal {number}", now=NOW + timedelta(minutes=number))
    page = owner_client.get("/deals/")
    column = page.context["board"].columns[0]

    more = owner_client.get(
        "/deals/", {"part": "column", "stage": column.stage.pk, "after": column.following}
    ).context["column"]

    assert (len(column.cards), column.count) == (20, 45)
    assert column.sums[0].amount == Decimal(500 * 45)
    assert [card.name for card in more.cards] == [f"Deal {n}" for n in range(24, 4, -1)]


def test_a_live_refresh_keeps_the_cards_already_shown(
    funnel: Funnel, owner_client: Client
) -> None:
    for _number in range(45):
        funnel.deal()
    stage = funnel.stage("New")

    answer = owner_client.get("/deals/", {"part": "board", "shown": f"{stage.pk}:40"})

    assert len(answer.context["board"].columns[0].cards) == 40


def test_an_untouched_deal_is_marked_with_days(funnel: Funnel, owner_client: Client) -> None:
    """G015: a deal untouched over its stage's limit is marked with days."""
    funnel.deal(now=timezone.now() - timedelta(days=8))

    shown = owner_client.get("/deals/").content.decode()

    assert "8 days untouched" in shown


def test_the_board_shows_the_state_of_the_next_step(
    funnel: Funnel, owner_client: Client, monkeypatch: Any
) -> None:
    """G016: red late, green today, grey later, yellow none; and a filter for none."""
    now = timezone.now()
    due = {"late": now - timedelta(days=2), "today": now, "later": now + timedelta(days=3)}
    steps = {funnel.deal(name).pk: NextStep("Call", at) for name, at in due.items()}
    funnel.deal("nothing")
    source = next_steps.Source(
        of=lambda keys: {key: steps[key] for key in keys if key in steps},
        narrow=lambda rows, state, today: rows.exclude(pk__in=list(steps))
        if state == "none" else rows,
    )  # fmt: skip
    monkeypatch.setattr(next_steps._registry, "source", source)

    cards = owner_client.get("/deals/").context["board"].columns[0].cards
    rest = owner_client.get("/deals/?step=none").context["board"].columns[0].cards

    assert {card.name: card.step_state for card in cards} == {
        "late": "overdue", "today": "today", "later": "later", "nothing": "none",
    }  # fmt: skip
    assert [card.name for card in rest] == ["nothing"]


@pytest.mark.parametrize(
    ("typed", "lines", "name"),
    [("", 1, "Nail 50 mm"), ("", 2, "Nail 50 mm and 1 more"), ("Spring", 2, "Spring")],
    ids=["one line", "two lines", "a name of its own"],
)
def test_an_order_needs_no_name(
    funnel: Funnel, manager_client: Client, typed: str, lines: int, name: str
) -> None:
    """F138: the lines name a deal that nobody has named."""
    data = posted(funnel, name=typed)
    data |= {field: data[field] * lines for field in data if field.startswith("line_")}

    manager_client.post("/deals/new/", data)

    assert Deal.objects.get().name == name


def test_a_deal_without_lines_is_named_by_hand(funnel: Funnel, manager_client: Client) -> None:
    nothing = {name: [] for name in posted(funnel) if name.startswith("line_")}

    answer = manager_client.post("/deals/new/", posted(funnel, name=" ", **nothing))

    assert answer.status_code == 422
    assert 'href="#id_name"' in answer.content.decode()
    assert not Deal.objects.exists()


def test_who_works_at_two_customers_takes_part_at_both(
    funnel: Funnel, manager_client: Client
) -> None:
    """F137, G028: a person with a further role at the customer is offered and added."""
    deal, other = funnel.deal(), Counterparty.objects.create(name="Vasilek")
    person = ContactPerson.objects.create(counterparty=other, full_name="Anna Accountant")
    ContactRole.objects.create(counterparty=deal.counterparty, person=person, role="accountant")

    offered = manager_client.get(f"/deals/{deal.pk}/?part=people").content.decode()
    manager_client.post(
        f"/deals/{deal.pk}/participants/", {"person": str(person.pk), "role": "pays"}
    )

    assert "Anna Accountant" in offered
    assert [each.person for each in deal.participants.all()] == [person]


def test_a_person_of_somebody_else_s_customer_is_not_added(
    company: Company, funnel: Funnel, manager: User
) -> None:
    """F137: whoever sees their own customers alone learns no name and no phone of others."""
    role = AccessRole.objects.create(name="Own", base=Role.MANAGER)
    RoleRight.objects.create(role=role, object="counterparties", action="view", scope=Scope.OWN)
    seller = User.objects.create_user(
        email="seller@acme.example", role=Role.MANAGER, full_name="Seller", access_role=role
    )
    deal, other = funnel.deal(owner=seller.pk), Counterparty.objects.create(name="Vasilek")
    person = ContactPerson.objects.create(counterparty=other, full_name="Anna", phone="+7900")
    client = signed_in(seller, company)

    client.post(f"/deals/{deal.pk}/participants/", {"person": str(person.pk), "role": "pays"})

    assert not deal.participants.exists()


def test_a_wrong_line_is_named_above_the_form(funnel: Funnel, manager_client: Client) -> None:
    """F138: whoever types far below learns at once what keeps the deal from being saved."""
    answer = manager_client.post("/deals/new/", posted(funnel, line_quantity=["-3"]))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 field needs attention" in page
    assert 'href="#line_0_quantity"' in page
    assert 'id="line_0_quantity"' in page


def test_a_drop_moves_at_once_and_tells_new_totals(funnel: Funnel, manager_client: Client) -> None:
    """G012: a drag moves at once, the totals change, and it can be undone."""
    deal, stage = funnel.deal(), funnel.stage("Quotation")

    told = manager_client.post(
        f"/deals/{deal.pk}/move/", {"stage": stage.pk}, headers=JSON
    ).json()

    deal.refresh_from_db()
    assert deal.stage == stage
    assert set(told["heads"]) == {str(stage.pk), str(funnel.stage("New").pk)}
    manager_client.post(told["undo"]["url"])
    deal.refresh_from_db()
    assert deal.stage.name == "New"


def test_a_drop_on_lost_asks_the_reason_in_a_small_form(
    funnel: Funnel, manager_client: Client
) -> None:
    """G018: drop on «Lost» asks the reason."""
    deal, lost = funnel.deal(), funnel.stage("Lost")
    address = f"/deals/{deal.pk}/move/"

    asked = manager_client.post(address, {"stage": lost.pk}, headers=JSON)
    manager_client.post(
        address, {"stage": lost.pk, "filled": "yes", "loss_reason": funnel.reason.pk}, headers=JSON
    )

    deal.refresh_from_db()
    assert asked.status_code == 422
    assert "Too expensive" in asked.content.decode()
    assert (deal.stage, deal.loss_reason) == (lost, funnel.reason)


def test_the_road_of_the_card_moves_without_scripts(
    funnel: Funnel, manager_client: Client
) -> None:
    deal = funnel.deal()

    answer = manager_client.post(f"/deals/{deal.pk}/move/", {"stage": funnel.stage("Agreed").pk})

    deal.refresh_from_db()
    assert (answer.status_code, deal.stage.name) == (302, "Agreed")


def test_a_deal_is_written_with_its_lines(funnel: Funnel, manager_client: Client) -> None:
    """F138: a deal with lines is one form, saved by keyboard, and the next one follows."""
    answer = manager_client.post("/deals/new/", posted(funnel, then="another"))

    deal = Deal.objects.get()
    assert answer.url == "/deals/new/"
    assert (deal.amount, deal.owner, deal.lines.count()) == (Decimal(30), funnel.shop.manager, 1)


def test_the_second_editor_sees_the_difference_and_can_take_over(
    funnel: Funnel, manager_client: Client
) -> None:
    """G029: the second saver is shown the difference (field, theirs, yours) and can take over."""
    deal = funnel.deal()
    mine = posted(funnel, deal, name="Mine")
    Deal.objects.filter(pk=deal.pk).update(name="Theirs", updated_at=timezone.now())

    answer = manager_client.post(f"/deals/{deal.pk}/edit/", mine)
    shown = answer.content.decode()
    again = manager_client.post(
        f"/deals/{deal.pk}/edit/", mine | {"seen": answer.context["seen"]}
    )

    deal.refresh_from_db()
    assert (answer.status_code, again.status_code, deal.name) == (409, 302, "Mine")
    assert ">Theirs<" in shown
    assert ">Mine<" in shown


def test_three_roles_see_payment_and_shipment_on_the_deal(
    funnel: Funnel, manager_client: Client, accountant_client: Client, owner_client: Client
) -> None:
    """F046: several roles open the same deal; what 1C knows of its invoices stands there."""
    deal = funnel.deal(lines=[funnel.shop.line(funnel.shop.nail)])
    invoice_deal(deal_id=deal.pk, by=funnel.shop.manager, today=TODAY, now=NOW)

    pages = [
        browser.get(f"/deals/{deal.pk}/").content.decode()
        for browser in (manager_client, accountant_client, owner_client)
    ]

    assert all("Unpaid" in page and "Not shipped" in page for page in pages)
    assert DealInvoice.objects.filter(deal=deal).exists()
    assert "New invoice" not in pages[1]


def test_an_accountant_does_not_change_deals(funnel: Funnel, accountant_client: Client) -> None:
    deal = funnel.deal()

    answer = accountant_client.post(
        f"/deals/{deal.pk}/move/", {"stage": funnel.stage("Agreed").pk}
    )

    deal.refresh_from_db()
    assert (answer.status_code, deal.stage.name) == (403, "New")


def test_all_that_match_get_another_owner(
    funnel: Funnel, owner_client: Client, owner: Any
) -> None:
    funnel.deal("Nails"), funnel.deal("Boards")

    owner_client.post("/deals/bulk/?q=nails", {"do": "owner", "owner": owner.pk, "all": "yes"})

    assert [deal.name for deal in Deal.objects.filter(owner=owner)] == ["Nails"]


def test_another_company_sees_no_deal(
    funnel: Funnel, rival: Company, rival_owner_client: Client
) -> None:
    deal = funnel.deal()
    with tenant_context(rival):
        assert not Deal.objects.exists()

    assert rival_owner_client.get(f"/deals/{deal.pk}/").status_code == 404
    assert b"Nails for spring" not in rival_owner_client.get("/deals/").content


def test_the_form_of_a_stage_belongs_to_the_pipelines(
    funnel: Funnel, owner_client: Client
) -> None:
    stage = funnel.stage("Agreed")

    page = owner_client.get(f"/deals/pipelines/stages/{stage.pk}/").content.decode()

    assert '<a href="/deals/pipelines/" aria-current="page"' in page
    assert '<a href="/deals/" aria-current' not in page


def test_a_stage_is_changed(funnel: Funnel, owner_client: Client) -> None:
    stage = funnel.stage("Agreed")

    owner_client.post(
        f"/deals/pipelines/stages/{stage.pk}/",
        {"name": "Agreed", "probability": "75", "required_fields": "contract", "makes": "invoice"},
    )

    stage.refresh_from_db()
    assert (stage.probability, stage.required_fields, stage.makes) == (75, ["contract"], "invoice")


def test_stages_change_places(funnel: Funnel, owner_client: Client) -> None:
    stage = funnel.stage("Agreed")

    owner_client.post(
        f"/deals/pipelines/{funnel.pipeline.pk}/order/", {"stage": stage.pk, "step": "up"}
    )

    names = Stage.objects.filter(pipeline=funnel.pipeline).order_by("position")
    assert [each.name for each in names][2:4] == ["Agreed", "Quotation"]


def test_a_discount_over_the_limit_is_told_while_typing(
    funnel: Funnel, manager_client: Client
) -> None:
    told = manager_client.post("/deals/totals/", posted(funnel, line_discount=["12"])).json()

    assert (told["over"], told["lines"][0]["total"]) == ([0], "26.40")


def test_the_palette_finds_deals(funnel: Funnel, manager_client: Client) -> None:
    funnel.deal("Nails for spring")

    shown = manager_client.get("/search/?q=spring", headers={"HX-Request": "true"})

    assert b"Nails for spring" in shown.content


def test_a_column_that_is_not_there_gives_no_cards(funnel: Funnel, owner_client: Client) -> None:
    answer = owner_client.get(f"/deals/?part=column&stage={uuid4()}&after=x")

    assert answer.content == b""


def test_a_pdf_dropped_on_a_deal_is_seen_in_place(funnel: Funnel, manager_client: Client) -> None:
    """G027, F118: on its card, and on its timeline with who put it there."""
    deal = funnel.deal()
    sent = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 plan", content_type="application/pdf")

    answer = manager_client.post(f"/counterparties/files/deals/{deal.pk}/", {"file": sent})

    file = Attachment.objects.get()
    address = f"/counterparties/files/{file.pk}/"
    card = manager_client.get(answer.url).content.decode()
    timeline = manager_client.get(f"/activities/timeline/deals/{deal.pk}/?only=file")
    assert answer.url == f"/deals/{deal.pk}/"
    assert f'<a href="{address}" data-preview="page"' in card
    assert address in timeline.content.decode()
    assert manager_client.get(address)["Content-Disposition"].startswith("inline")
    assert file.counterparty == funnel.shop.customer


def test_a_file_of_a_deal_is_for_those_who_see_the_deal(
    company: Company, funnel: Funnel, manager_client: Client
) -> None:
    deal = funnel.deal()
    sent = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 plan", content_type="application/pdf")
    manager_client.post(f"/counterparties/files/deals/{deal.pk}/", {"file": sent})
    role = AccessRole.objects.create(name="Own deals", base=Role.MANAGER)
    RoleRight.objects.create(role=role, object="deals", action="view", scope=Scope.OWN)
    other = User.objects.create_user(
        email="other@acme.example", role=Role.MANAGER, full_name="Other", access_role=role
    )
    client = signed_in(other, company)

    read = client.get(f"/counterparties/files/{Attachment.objects.get().pk}/")
    added = client.post(f"/counterparties/files/deals/{deal.pk}/", {"file": sent})

    assert (read.status_code, added.status_code, Attachment.objects.count()) == (404, 404, 1)
