"""The API does what its description says: every address, as the description allows and as not.

The cases are made from the company's own ``openapi.json`` (Schemathesis), the same in every run:
valid ones, invalid ones, the edges of each parameter, and chains along the links of what was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from django.core.cache import cache
from django.db import transaction
from django_tenants.utils import schema_context
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, use_after_free

from apps.core import objects
from tests.apps.api.described import OWN, SLUG, Described, application

EXAMPLES = 6  # of each address: valid ones, and as many invalid ones
FIRST, EVERY, MOST = 6, 17, 240  # of the edges of each address: the first, then some of the others
# What the API may answer beyond what Schemathesis expects. To a request that fits the description:
# nothing new, changed meanwhile, refused by a rule of the company.
_TAKEN = ["2xx", "304", "401", "403", "404", "409", "412", "422"]
_REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422"]
_QUICK = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
)  # fmt: skip

# What is thrown away lies in the trash and can still be read by its key.
NOT_HERE = [use_after_free]


def _not_here(case: Any, response: Any) -> list[Any]:
    """Return the checks that say nothing of a case.

    What makes a query wrong may be an empty list, which no address can hold: as it was sent the
    request is a right one then.
    """
    sent = set(parse_qs(urlsplit(str(response.request.url)).query, keep_blank_values=True))
    lost = set(case.query or {}) - sent
    return [*NOT_HERE, negative_data_rejection] if lost else NOT_HERE


schemathesis.openapi.format("cursor", st.just(""))  # any other text is none of this list's


@pytest.fixture
def proof(db: None, api: Described, settings: Any) -> Iterator[Any]:
    """The description as Schemathesis reads it, before the program itself."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    config = SchemathesisConfig()
    generation = config.projects.default.generation
    generation.allow_x00 = False  # refused by our own test: no text of PostgreSQL holds it
    checks = config.projects.default.checks
    checks.positive_data_acceptance.expected_statuses = _TAKEN
    checks.negative_data_rejection.expected_statuses = _REFUSED
    schema = schemathesis.openapi.from_dict(api.document, config=config)
    schema.app = application(SLUG)
    schema.location = "/api/v1/openapi.json"
    with schema_context("public"):
        yield schema


def _kinds() -> list[str]:
    rooms = [kind.key for kind in objects.registered()]
    known = [*dict.fromkeys([*rooms, *objects.program_kinds()]), OWN, "calls"]
    return [*known, *objects.documents(), "invitations", "reports"]


def _operations(proof: Any, api: Described, kind: str) -> list[Any]:
    key = api.own if kind == OWN else kind
    found = [each.ok() for each in proof.get_all_operations() if isinstance(each, Ok)]
    return [each for each in found if each.path.split("/")[1] == key]


@pytest.mark.parametrize("kind", _kinds())
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_address_does_what_it_says(
    proof: Any, api: Described, kind: str, mode: GenerationMode
) -> None:
    """G069: no 500, no status, field or header that the description does not name."""
    for operation in _operations(proof, api, kind):
        strategy = operation.as_strategy(generation_mode=mode)
        _ask(strategy, api)


def _ask(strategy: Any, api: Described) -> None:
    @seed(20261128)
    @_QUICK
    @given(case=strategy)
    def asked(case: Any) -> None:
        with transaction.atomic():
            case.call_and_validate(headers=api.headers, excluded_checks=NOT_HERE)

    asked()


@pytest.mark.parametrize("kind", _kinds())
def test_the_edges_of_every_parameter(proof: Any, api: Described, kind: str) -> None:
    """G069: lengths, limits, missing and doubled parameters, methods an address does not know."""
    for operation in _operations(proof, api, kind):
        edges = proof.iter_coverage_cases(
            operation, generation_modes=list(GenerationMode),
            generation_config=proof.config.generation_for(operation=operation),
        )  # fmt: skip
        for place, case in enumerate(islice(edges, MOST)):
            if place < FIRST or place % EVERY == 0:
                case.call_and_validate(headers=api.headers, excluded_checks=NOT_HERE)


def test_what_is_made_can_be_read_changed_and_thrown_away(proof: Any, api: Described) -> None:
    """G069: chains of requests along the links of the description."""

    class Chain(proof.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.undone = transaction.atomic()  # each chain begins with the same company
            self.undone.__enter__()
            cache.clear()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)
            cache.clear()

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": api.headers}

        def validate_response(self, response: Any, case: Any, **values: Any) -> None:
            case.validate_response(
                response, excluded_checks=_not_here(case, response), headers=api.headers,
                transport_kwargs={"headers": api.headers},
            )  # fmt: skip

    Chain.run(
        settings=settings(
            max_examples=20, stateful_step_count=6, deadline=None, database=None,
            derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
    )  # fmt: skip


def test_every_kind_is_described(api: Described) -> None:
    """G069: the walk above forgets none."""
    told = {path.split("/")[1] for path in api.document["paths"]}

    assert told == {api.own if kind == OWN else kind for kind in _kinds()}
