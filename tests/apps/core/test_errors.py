"""Pages for what went wrong: they need nothing that could itself be broken."""

from __future__ import annotations

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import translation

from apps.core import views_errors


@pytest.mark.parametrize("name", ["400", "403", "404", "413", "429", "500", "503", "csrf"])
def test_an_error_page_says_its_piece_without_any_context(name: str) -> None:
    page = get_template(f"errors/{name}.html").render()

    assert "<h1>" in page
    assert 'href="/"' in page


def test_our_own_fault_is_told_without_the_database() -> None:
    answer = views_errors.server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "What you had saved before is safe." in answer.content.decode()


def test_an_error_page_speaks_the_reader_s_language() -> None:
    with translation.override("tr"):
        page = get_template("errors/404.html").render()

    assert '<html lang="tr"' in page


def test_a_form_that_lay_open_too_long_is_told_so(db: None) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"host": "acme.localhost"})

    answer = browser.post("/preferences/", {"theme": "dark"})

    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()
    assert not answer.cookies.get("kopru_theme")
