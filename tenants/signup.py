"""What rooms do when a company signs up: they register here, the engine knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tenants.models import Company


@dataclass(frozen=True)
class SignUp:
    """What was asked for on the public page."""

    name: str
    slug: str
    email: str
    password: str
    full_name: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    currency: str = "USD"
    with_demo: bool = False


Hook = Callable[[Company, SignUp], None]
Arrival = Callable[[Company, SignUp], str]
_hooks: list[Hook] = []
_arrivals: list[Arrival] = []


def on_sign_up(hook: Hook) -> Hook:
    """Register what is done inside the new company, in the transaction that makes it."""
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def on_arrival(make: Arrival) -> Arrival:
    """Register who makes the path that carries the owner signed in to the company."""
    _arrivals[:] = [make]
    return make


def run_hooks(company: Company, asked: SignUp) -> None:
    """Run every registered hook, in the order of registration."""
    for hook in _hooks:
        hook(company, asked)


def arrival_path(company: Company, asked: SignUp) -> str:
    """Return the path at which the owner arrives; the start page when nobody registered."""
    return _arrivals[0](company, asked) if _arrivals else "/"
