"""Which company the code is in, as everything above ``tenants`` asks it."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django_tenants.utils import schema_context, tenant_context

from tenants.current import (
    NoCompany,
    address,
    company_of,
    company_of_or_none,
    company_or_none,
    current_company,
    current_schema,
    enter_public,
    second_connection,
    way_back,
)
from tenants.models import Company


def test_the_entered_company_is_told(acme: Company, rival: Company) -> None:
    with tenant_context(rival):
        assert (current_company(), current_schema()) == (rival, rival.schema_name)
    with tenant_context(acme):
        assert (current_company(), current_schema()) == (acme, acme.schema_name)


def test_outside_every_company_there_is_none(db: None) -> None:
    with schema_context("public"):
        assert (company_or_none(), current_schema()) == (None, "public")
        with pytest.raises(NoCompany):
            current_company()


def test_a_bare_schema_name_is_no_company(acme: Company) -> None:
    with schema_context(acme.schema_name):
        assert current_schema() == acme.schema_name
        with pytest.raises(NoCompany):
            current_company()


def test_the_company_is_left_until_another_one_is_entered(company: Company) -> None:
    enter_public()

    assert company_or_none() is None


def test_a_way_back_leads_where_it_was_made(acme: Company, rival: Company) -> None:
    with tenant_context(acme):
        enter = way_back()

    with tenant_context(rival):
        with enter():
            assert current_company() == acme
        assert current_company() == rival


def test_a_second_connection_is_inside_the_same_company(company: Company) -> None:
    second = second_connection("beside")
    try:
        with second.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            assert cursor.fetchone() == (company.schema_name,)
    finally:
        second.close()


def test_a_request_knows_whose_address_was_asked(acme: Company) -> None:
    request = RequestFactory().get("/")
    address(request, acme)

    assert company_of(request) == acme


def test_a_request_to_the_public_site_is_nobodys(db: None) -> None:
    request = RequestFactory().get("/")
    address(request, None)

    assert company_of_or_none(request) is None
    with pytest.raises(NoCompany):
        company_of(request)
