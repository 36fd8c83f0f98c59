"""Passwords of boxes."""

from __future__ import annotations

from apps.core.sealing import Sealing

_passwords = Sealing("mail")
locked, opened = _passwords.locked, _passwords.opened
