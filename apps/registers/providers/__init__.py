"""Registers that can be asked. Another one is a class more in the list below.

The first that takes a number is asked: each says by check digits whether a number can be its own.
"""

from __future__ import annotations

from apps.registers.providers.base import Entry, NotTold, Register
from apps.registers.providers.dadata import DaData
from apps.registers.providers.vies import Vies

REGISTERS: tuple[Register, ...] = (DaData(), Vies())

__all__ = ["REGISTERS", "DaData", "Entry", "NotTold", "Register", "Vies", "named", "register_for"]


def named(key: str) -> Register:
    """Return the register that is kept under a key.

    :raises LookupError: there is none.
    """
    for each in REGISTERS:
        if each.key == key:
            return each
    raise LookupError(key)


def register_for(number: str, *, currency: str) -> Register | None:
    """Return the register that can know a tax number; ``None`` when there is none.

    ``currency`` is that of the company that asks: it tells an ИНН from a VKN where the check
    digits fit both.
    """
    return next((each for each in REGISTERS if each.takes(number, currency=currency)), None)
