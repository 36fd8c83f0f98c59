"""Inviting people, changing what they may do, letting them go."""

from __future__ import annotations

import re
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts import services
from apps.accounts.models import Role, User
from tenants.models import Company


def invite(by: Client, email: str = "new@acme.example", role: str = "manager") -> Any:
    return by.post("/accounts/people/invite/", {"email": email, "role": role})


def path_in(letter: EmailMessage) -> str:
    found = re.search(r"http://acme\.localhost:8000(/accounts/join/\S+)", letter.body)
    assert found is not None, letter.body
    return found.group(1)


def join(path: str, host: str = "acme.localhost") -> Any:
    person = {"full_name": "Nina New", "password": "a long enough secret"}
    return Client(headers={"host": host}).post(path, person)


def test_an_invited_person_joins_with_the_role_they_were_given(
    owner_client: Client, acme: Company, mailoutbox: list[EmailMessage]
) -> None:
    invite(owner_client, role="accountant")

    answer = join(path_in(mailoutbox[0]))

    assert (answer.status_code, answer["Location"]) == (302, "/")
    with tenant_context(acme):
        person = User.objects.get(email="new@acme.example")
        assert (person.role, person.full_name) == ("accountant", "Nina New")


def test_an_invitation_is_good_once(owner_client: Client, mailoutbox: list[EmailMessage]) -> None:
    invite(owner_client)
    path = path_in(mailoutbox[0])
    join(path)

    assert join(path).status_code == 410


def test_an_invitation_is_good_for_a_week(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_context(acme):
        token = services.invitation_token(email="new@acme.example", role=Role.MANAGER)

    in_eight_days = time.time() + 8 * 24 * 3600
    monkeypatch.setattr("django.core.signing.time", SimpleNamespace(time=lambda: in_eight_days))
    assert join(f"/accounts/join/{token}/").status_code == 410


def test_an_invitation_is_for_one_company(
    owner_client: Client, rival: Company, mailoutbox: list[EmailMessage]
) -> None:
    invite(owner_client)

    assert join(path_in(mailoutbox[0]), host="rival.localhost").status_code == 410
    with tenant_context(rival):
        assert not User.objects.filter(email="new@acme.example").exists()


def test_who_is_in_the_company_is_not_invited_again(
    owner_client: Client, manager: User, mailoutbox: list[EmailMessage]
) -> None:
    assert invite(owner_client, email=manager.email.upper()).status_code == 422
    assert mailoutbox == []


@pytest.mark.parametrize("client_of", ["manager_client", "accountant_client"])
def test_who_sells_or_counts_invites_nobody(
    client_of: str, request: pytest.FixtureRequest, mailoutbox: list[EmailMessage]
) -> None:
    assert invite(request.getfixturevalue(client_of)).status_code == 403
    assert mailoutbox == []


def test_an_administrator_makes_nobody_an_owner(
    administrator_client: Client, administrator: User, owner: User, acme: Company,
    mailoutbox: list[EmailMessage],
) -> None:  # fmt: skip
    own_page = f"/accounts/people/{administrator.pk}/"
    promotion = administrator_client.post(own_page, {"role": "owner", "is_active": "on"})
    dismissal = administrator_client.post(f"/accounts/people/{owner.pk}/", {"role": "manager"})
    invitation = invite(administrator_client, role="owner")

    codes = (promotion.status_code, dismissal.status_code, invitation.status_code)
    assert codes == (422, 403, 422)
    assert mailoutbox == []
    with tenant_context(acme):
        assert list(User.objects.filter(role="owner", is_active=True)) == [owner]


def test_the_only_owner_remains_one(owner_client: Client, owner: User, acme: Company) -> None:
    answer = owner_client.post(
        f"/accounts/people/{owner.pk}/", {"role": "manager", "is_active": "on"}
    )

    assert "only owner" in answer.content.decode()
    with tenant_context(acme):
        assert User.objects.get(pk=owner.pk).role == Role.OWNER


def test_who_is_let_go_is_signed_out_at_once(
    owner_client: Client, manager_client: Client, manager: User
) -> None:
    assert manager_client.get("/").status_code == 200

    owner_client.post(f"/accounts/people/{manager.pk}/", {"role": "manager"})

    assert manager_client.get("/").status_code == 302


def test_a_changed_role_counts_from_the_next_page(
    owner_client: Client, manager_client: Client, manager: User
) -> None:
    assert manager_client.get("/accounts/people/").status_code == 403

    owner_client.post(
        f"/accounts/people/{manager.pk}/", {"role": "administrator", "is_active": "on"}
    )

    assert manager_client.get("/accounts/people/").status_code == 200


def test_of_two_owners_who_let_each_other_go_one_remains(committed: Company) -> None:
    ann, bob = (
        User.objects.create_user(email=f"{name}@ladoga.example", role=Role.OWNER)
        for name in ("ann", "bob")
    )
    begin, outcomes = threading.Barrier(2), []

    def let_go(whom: User, by: User) -> None:
        try:
            with tenant_context(committed):
                begin.wait()
                services.change_person(user_id=whom.pk, role=whom.role, is_active=False, by=by)
                outcomes.append("gone")
        except services.LastOwner:
            outcomes.append("kept")
        finally:
            connection.close()

    both = [threading.Thread(target=let_go, args=pair) for pair in ((ann, bob), (bob, ann))]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(outcomes) == ["gone", "kept"]
    assert User.objects.filter(role=Role.OWNER, is_active=True).count() == 1


def test_a_person_sees_their_language_on_the_next_page(owner_client: Client) -> None:
    owner_client.post(
        "/accounts/profile/", {"full_name": "Olga", "language": "ru", "time_zone": "Europe/Moscow"}
    )

    assert 'lang="ru"' in owner_client.get("/accounts/profile/").content.decode()
