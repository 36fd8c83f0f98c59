"""Asking registers, and the keys to them."""

from __future__ import annotations

from dataclasses import asdict

from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.db import transaction

from apps.accounts.models import User
from apps.core.sealing import Sealing
from apps.registers.models import RegisterAccess
from apps.registers.providers import Entry, NotTold, Register, named, register_for
from apps.registers.providers.base import KEY
from tenants.audit.services import record
from tenants.current import current_company

KEPT = 24 * 3600  # seconds in which an answer is not asked for again
UNKNOWN_KEPT = 3600  # a company that was founded today stands there tomorrow
_keys = Sealing("registers")


class NoRegister(Exception):
    """No register that can be asked knows numbers of this kind."""


class NoKey(Exception):
    """The register wants a key, and none has been entered."""

    def __init__(self, register: Register) -> None:
        super().__init__(register.key)
        self.register = register


class UnknownThere(Exception):
    """The register knows nobody with this number."""

    def __init__(self, register: Register) -> None:
        super().__init__(register.key)
        self.register = register


def bare(number: str) -> str:
    """Return a tax number as it is asked for."""
    return "".join(number.split()).upper()


def asked_register(number: str) -> Register | None:
    """Return the register that would be asked for a number, with a key or without."""
    return register_for(bare(number), currency=current_company().currency)


def is_ready(register: Register) -> bool:
    """Tell whether a register can be asked: it wants no key, or has one."""
    if not register.wants_key:
        return True
    return RegisterAccess.objects.filter(register=register.key).exists()


def look_up(number: str) -> Entry:
    """Return what a register says of a tax number, asked once a day for each company.

    :raises NoRegister: there is none for such numbers.
    :raises NoKey: it wants a key.
    :raises UnknownThere: it knows nobody with this number.
    :raises NotTold: it gave no answer; nothing is kept of that.
    """
    number = bare(number)
    register = asked_register(number)
    if register is None:
        raise NoRegister(number)
    kept = cache.get(_place(register, number))
    if kept is None:
        entry = register.ask(number, secret=_secret(register))
        kept = asdict(entry) if entry is not None else {}
        cache.set(_place(register, number), kept, timeout=KEPT if kept else UNKNOWN_KEPT)
    if not kept:
        raise UnknownThere(register)
    return Entry(**kept)


def known(number: str) -> Entry | None:
    """Return what was told of a number within the latest day, without asking anybody."""
    register = asked_register(number)
    kept = cache.get(_place(register, bare(number))) if register is not None else None
    return Entry(**kept) if kept else None


@transaction.atomic
def save_key(*, register: str, key: str, by: User) -> None:
    """Keep the key to a register; an empty one takes the former away."""
    rows = RegisterAccess.objects.filter(register=register)
    if key:
        RegisterAccess.objects.update_or_create(
            register=register, defaults={"secret": _keys.locked(key)}
        )
        record(kind="registers.key_saved", login=by.email, name=str(named(register).name))
    elif rows.delete()[0]:
        record(kind="registers.key_removed", login=by.email, name=str(named(register).name))


def check(register: Register) -> None:
    """Ask a register for a company it certainly knows.

    :raises NoKey: it wants a key.
    :raises UnknownThere: it does not know that company.
    :raises NotTold: it gave no answer.
    """
    if register.ask(register.example, secret=_secret(register)) is None:
        raise UnknownThere(register)


def _secret(register: Register) -> str:
    """Return the key to a register.

    :raises NotTold: the key was locked with another server's secret.
    """
    if not register.wants_key:
        return ""
    row = RegisterAccess.objects.filter(register=register.key).first()
    if row is None:
        raise NoKey(register)
    try:
        return _keys.opened(row.secret)
    except InvalidToken as error:
        raise NotTold(KEY) from error


def _place(register: Register, number: str) -> str:
    return f"registers:{register.key}:{number}"
