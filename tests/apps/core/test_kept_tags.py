"""``{% url %}`` and ``{% translate %}`` remember what they found, and say what Django's would."""

from __future__ import annotations

from itertools import product
from uuid import UUID, uuid4

import pytest
from django.template import Context, Engine, engines
from django.template.base import Template
from django.test import RequestFactory
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.converters import UUIDConverter
from django.urls.resolvers import URLResolver
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.core.addresses import address
from apps.core.templatetags.addresses import AddressNode
from apps.core.templatetags.kept_i18n import SentenceNode

KEYS = st.uuids()
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@given(key=KEYS)
def test_an_address_of_a_row_is_what_reverse_returns(key: UUID) -> None:
    for name in ("counterparties:card", "deals:card", "sales:card"):
        assert address(name, [key]) == reverse(name, args=[key])
        assert address(name, [], {"pk": key}) == reverse(name, kwargs={"pk": key})


@given(kind=st.sampled_from(["counterparties", "deals"]), key=KEYS, other=KEYS)
def test_a_word_and_a_key_are_kept_apart(kind: str, key: UUID, other: UUID) -> None:
    for each in (key, other, key):
        assert address("activities:timeline", [kind, each]) == reverse(
            "activities:timeline", args=[kind, each]
        )


@given(word=WORDS)
def test_any_text_is_quoted_as_reverse_quotes_it(word: str) -> None:
    try:
        expected = reverse("activities:timeline", args=[word, UUID(int=1)])
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            address("activities:timeline", [word, UUID(int=1)])
        return
    for _time in range(2):
        assert address("activities:timeline", [word, UUID(int=1)]) == expected


def test_every_route_that_takes_keys_answers_as_reverse_does() -> None:
    """Every name of the routes with the arguments it takes; the second key finds what is kept."""
    compared = 0
    for name, converters in _routes(get_resolver()):
        if not all(isinstance(each, UUIDConverter) for each in converters.values()):
            continue
        for _time in range(2):
            told = {key: uuid4() for key in converters}
            try:
                expected = reverse(name, kwargs=told)
            except NoReverseMatch:
                continue
            assert address(name, kwargs=told) == expected, name
            compared += 1
    assert compared > 300


def test_what_is_no_key_and_no_word_is_asked_of_django() -> None:
    with pytest.raises(NoReverseMatch):
        address("counterparties:card", [None])
    with pytest.raises(NoReverseMatch):
        address("counterparties:card", ["no key"])
    with pytest.raises(NoReverseMatch):
        address("counterparties:nothing_of_this_name")
    assert address("counterparties:card", [str(UUID(int=5))]).endswith(f"{UUID(int=5)}/")


def test_the_tag_is_ours_and_takes_what_djangos_takes() -> None:
    key = uuid4()
    page = _template(
        "{% url 'counterparties:card' key %}|{% url 'counterparties:card' pk=key as found %}"
        "{{ found }}|{% url 'nothing:here' as missing %}{{ missing }}|{% url name %}"
    )
    assert page.template.nodelist.get_nodes_by_type(AddressNode)
    card, again, missing, lists = page.render(
        {"key": key, "name": "counterparties:list"}, RequestFactory().get("/")
    ).split("|")
    assert card == again == reverse("counterparties:card", args=[key])
    assert (missing, lists) == ("", reverse("counterparties:list"))
    with pytest.raises(NoReverseMatch):
        _template("{% url 'nothing:here' %}").render({})


SENTENCES = (
    "{% translate 'Save' %}", '{% translate "High" context "importance" %}',
    "{% translate 'Save' as said %}<{{ said }}>", "{% translate 'Save' noop %}",
    "{% translate word %}", "{% translate word context about %}", "{% translate 'Save'|upper %}",
    "{% autoescape off %}{% translate 'Save' %}{% endautoescape %}",
    "{% translate '100%% of <b>' %}",
)  # fmt: skip


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_is_said_in_each_language_as_django_says_it(text: str) -> None:
    told = {"word": "Cancel", "about": "importance"}
    ours = _template("{% load i18n %}" + text)
    theirs = Template("{% load i18n %}" + text, engine=_plain())
    assert ours.template.nodelist.get_nodes_by_type(SentenceNode)
    for language, _time in product(("en", "ru", "tr", "ru"), range(2)):
        with translation.override(language):
            assert ours.render(dict(told)) == theirs.render(_context(told)), language


def test_a_variable_in_a_sentence_is_not_kept() -> None:
    page = _template("{% load i18n %}{% translate word %}")
    with translation.override("ru"):
        assert page.render({"word": "Save"}) != page.render({"word": "Cancel"})


def _template(text: str):
    return engines["django"].from_string(text)


def _plain():
    return Engine(libraries={"i18n": "django.templatetags.i18n"})


def _context(told: dict[str, str]):
    return Context(dict(told))


def _routes(resolver: URLResolver, before: str = "", taken: dict | None = None):
    for each in resolver.url_patterns:
        converters = {**(taken or {}), **each.pattern.converters}
        if isinstance(each, URLResolver):
            space = f"{before}{each.namespace}:" if each.namespace else before
            yield from _routes(each, space, converters)
        elif each.name:
            yield f"{before}{each.name}", converters
