"""The company of a request to its last byte; who calls; what browsers are forbidden."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from tenants.current import current_schema, enter_public
from tenants.middleware import CompanyMiddleware, ProxyMiddleware
from tenants.models import Company


def ask(view: Any, host: str) -> Any:
    return CompanyMiddleware(view)(RequestFactory().get("/", headers={"host": host}))


def test_a_streamed_answer_is_made_inside_the_company_to_its_end(
    acme: Company, rival: Company
) -> None:
    def lines() -> Iterator[str]:
        for _ in range(3):
            yield current_schema()

    def view(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(lines())

    for_acme, for_rival = ask(view, "acme.localhost"), ask(view, "rival.localhost")
    enter_public()

    told = list(zip(for_acme, for_rival, strict=True))

    assert told == [(acme.schema_name.encode(), rival.schema_name.encode())] * 3
    assert current_schema() == "public"


def test_after_an_exception_the_connection_is_outside_the_company(acme: Company) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    enter_public()
    with pytest.raises(RuntimeError):
        ask(view, "acme.localhost")

    assert current_schema() == "public"


def test_threads_of_two_companies_do_not_meet(open_database: None) -> None:
    companies = list(Company.objects.active().order_by("slug"))[:2]
    begin, seen = threading.Barrier(2), dict[str, set[tuple[Any, ...]]]()

    def work(company: Company) -> None:
        try:
            with tenant_context(company):
                for _ in range(20):
                    begin.wait(timeout=60)
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT current_schema(), current_user")
                        seen.setdefault(company.schema_name, set()).add(cursor.fetchone())
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[company]) for company in companies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {c.schema_name: {(c.schema_name, c.schema_name)} for c in companies}


def test_a_new_thread_is_outside_every_company(company: Company) -> None:
    with ThreadPoolExecutor(1) as workers:
        assert workers.submit(lambda: current_schema()).result() == "public"


@pytest.mark.parametrize(
    ("sender", "forwarded", "caller"),
    [
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "203.0.113.9, 10.0.0.6", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.5", "<script>", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
    ],
    ids=["by proxy", "written by the caller", "two proxies", "no proxy", "nonsense", "direct"],
)
def test_who_calls_is_told_by_proxies_we_know(
    settings: Any, sender: str, forwarded: str, caller: str
) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    request = RequestFactory().get("/", REMOTE_ADDR=sender, HTTP_X_FORWARDED_FOR=forwarded)

    ProxyMiddleware(lambda request: HttpResponse())(request)

    assert request.META["REMOTE_ADDR"] == caller


def test_pages_forbid_browsers_what_they_do_not_need(visitor: Client, acme: Company) -> None:
    answer = visitor.get("/accounts/login/")

    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "private" in answer["Cache-Control"]


def test_refusals_carry_the_headers_too(acme: Company) -> None:
    answer = Client().get("/", headers={"host": "nobody.localhost"})

    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]


def test_cookies_are_bound_to_the_host_and_closed_to_scripts(visitor: Client, owner: User) -> None:
    visitor.post("/accounts/login/", {"login": owner.email, "password": "correct horse battery"})

    cookie = visitor.cookies["kopru_session"]
    assert (cookie["domain"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def test_a_token_of_one_host_does_not_pass_at_another(acme: Company, rival: Company) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/accounts/login/", headers={"host": "rival.localhost"})
    token = browser.cookies["kopru_csrf"].value

    answer = browser.post(
        "/accounts/login/", {"login": "x@acme.example", "csrfmiddlewaretoken": token},
        headers={"host": "acme.localhost", "origin": "http://rival.localhost"},
    )  # fmt: skip

    assert answer.status_code == 403
