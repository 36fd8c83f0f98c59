"""Ports."""

from __future__ import annotations

import os
import socket

import pytest

from launcher import ports
from launcher.errors import Refusal


def test_a_busy_port_names_its_owner_and_another_port() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(Refusal) as refused:
            ports.require_free(port)

    assert f"Port {port} is taken by process {os.getpid()} (" in str(refused.value)
    assert "./kopru up --port " in str(refused.value)


def test_a_preferred_port_is_kept_while_it_is_free() -> None:
    port = ports.free_port()

    assert ports.free_port(preferred=port) == port


def test_a_port_for_later_is_none_that_callers_are_given() -> None:
    given = {ports.free_port() for _ in range(20)}

    assert given <= set(ports.OURS)
    assert len(given) > 15


def test_where_all_of_ours_are_taken_the_system_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda _port: False)

    assert ports.free_port() > 1024


def test_a_taken_preferred_port_gives_another() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        port = server.getsockname()[1]

        assert ports.free_port(preferred=port) != port


@pytest.mark.parametrize("port", [0, 65536, -1])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(Refusal, match="from 1 to 65535"):
        ports.require_free(port)
