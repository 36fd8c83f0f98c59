"""Companies never meet: by role, host, cookie, task, cache key, file path."""

from __future__ import annotations

import pytest
from celery import shared_task
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.models import User
from apps.catalog.models import Product
from tenants import services
from tenants.current import NoCompany, enter_public
from tenants.models import Company
from tenants.tasks import HEADER, CompanyClosed, TaskWithoutCompany
from tenants.ways import companies_of


@shared_task
def count_products() -> int:
    """Count the products of the company the task belongs to."""
    return Product.objects.count()


def test_a_session_of_one_company_opens_nothing_in_another(
    rival_owner_client: Client, acme: Company
) -> None:
    answer = rival_owner_client.get("/", headers={"host": "acme.localhost"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("ACME.localhost", 302), ("acme.localhost:8000", 302), ("acme.localhost.", 302),
        ("nobody.localhost", 404), ("acme.example.com", 400), ("localhost", 200),
    ],
)  # fmt: skip
def test_the_host_name_decides_the_company(acme: Company, host: str, status: int) -> None:
    assert Client().get("/", headers={"host": host}).status_code == status


def test_a_forwarded_host_is_not_believed(acme: Company) -> None:
    answer = Client().get("/", headers={"host": "localhost", "x-forwarded-host": "acme.localhost"})

    assert answer.status_code == 200
    assert "Acme" not in answer.content.decode()


def test_a_suspended_company_is_closed(
    acme: Company, owner: User, owner_client: Client, visitor: Client
) -> None:
    enter_public()
    services.suspend(company=acme)

    assert visitor.get("/accounts/login/").status_code == 404
    assert owner_client.get("/").status_code == 404
    assert visitor.get("/exchange/1c/?type=catalog&mode=checkauth").status_code == 404
    assert companies_of(owner.email) == []
    with tenant_context(acme), pytest.raises(CompanyClosed):
        count_products.delay()


def test_a_task_for_a_company_that_is_gone_does_nothing(db: None) -> None:
    with pytest.raises(CompanyClosed):
        count_products.apply_async(headers={HEADER: "c_00000000000000000000000000000000"})


def test_a_wrong_search_path_under_the_right_role_is_an_error(
    acme: Company, rival: Company
) -> None:
    with tenant_context(acme), connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f'SET LOCAL search_path TO "{rival.schema_name}"')
        with pytest.raises(ProgrammingError):
            cursor.execute(f'SELECT count(*) FROM "{rival.schema_name}".catalog_product')
        transaction.set_rollback(True)


def test_a_company_does_not_see_the_list_of_companies(company: Company) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        list(Company.objects.all())


def test_a_task_without_a_company_does_nothing(db: None) -> None:
    enter_public()

    with pytest.raises(TaskWithoutCompany):
        count_products.delay()


def test_a_task_works_in_the_company_that_sent_it(acme: Company, rival: Company) -> None:
    with tenant_context(rival):
        Product.objects.create(name="Nail", sort_name="nail")

    with tenant_context(acme):
        assert count_products.delay().get() == 0
    with tenant_context(rival):
        assert count_products.delay().get() == 1


def test_cache_keys_carry_the_company(acme: Company, rival: Company) -> None:
    with tenant_context(acme):
        cache.set("rate", 1)

    with tenant_context(rival):
        assert cache.get("rate") is None
    with schema_context("public"), pytest.raises(NoCompany):
        cache.get("rate")


def test_files_stand_in_the_companys_own_folder(
    acme: Company, rival: Company, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]
    with tenant_context(acme):
        name = default_storage.save("secret.txt", ContentFile(b"acme"))

    with tenant_context(rival):
        assert not default_storage.exists(name)
        with pytest.raises(SuspiciousFileOperation):
            default_storage.open(f"../{acme.pk}/{name}")
    with schema_context("public"), pytest.raises(NoCompany):
        default_storage.exists(name)


def test_tables_of_companies_and_of_the_service_are_different_ones(acme: Company) -> None:
    enter_public()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' INTERSECT"
            " SELECT tablename FROM pg_tables WHERE schemaname = %s",
            [acme.schema_name],
        )
        assert [row[0] for row in cursor.fetchall()] == ["django_migrations"]
