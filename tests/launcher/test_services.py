"""Embedded and given services, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from launcher import processes, services
from launcher.errors import Refusal
from launcher.files import ROOT, DataDir, read_json, write_json
from launcher.processes import Children


def one(url: str, query: str) -> object:
    """Return the first value a query gives."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_both_services_come_up_as_the_house_needs_them(data: DataDir) -> None:
    with services.running(data, Children(data)) as both:
        database, broker = both.database_url, redis.Redis.from_url(both.redis_url)

        assert one(database, "SELECT lower('ЯБЛОКО')") == "яблоко"
        assert one(database, "CREATE EXTENSION pg_trgm; SELECT cardinality(show_trgm('яблоко'))")
        assert one(database, "SHOW max_locks_per_transaction") == "512"
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert broker.config_get("appendonly") == {"appendonly": "yes"}


def test_the_program_s_role_makes_roles_and_databases_but_is_no_superuser(data: DataDir) -> None:
    with services.running(data, Children(data)) as both:
        rights = one(
            both.database_url,
            "SELECT (rolsuper, rolcreaterole, rolcreatedb)::text FROM pg_roles"
            " WHERE rolname = current_user",
        )

    assert rights == "(f,t,t)"


def test_nobody_gets_in_without_the_password(data: DataDir) -> None:
    with services.running(data, Children(data)) as both:
        port = read_json(data.path / "ports.json")
        stranger = redis.Redis(port=port["valkey"])

        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(f"postgresql://kopru:guess@127.0.0.1:{port['postgres']}/kopru")
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert "guess" not in both.database_url


def test_data_and_ports_stay_from_one_run_to_the_next(data: DataDir) -> None:
    with services.running(data, Children(data)) as first:
        before = one(first.database_url, "SELECT oid::text FROM pg_database WHERE datname='kopru'")
        redis.Redis.from_url(first.redis_url).set("job", "waiting")

    with services.running(data, Children(data)) as second:
        after = one(second.database_url, "SELECT oid::text FROM pg_database WHERE datname='kopru'")
        job = redis.Redis.from_url(second.redis_url).get("job")

    assert (after, job) == (before, b"waiting")
    assert (second.database_url, second.redis_url) == (first.database_url, first.redis_url)


def test_a_half_made_cluster_is_moved_aside_and_made_anew(data: DataDir) -> None:
    (data.path / "postgres").mkdir()
    (data.path / "postgres" / "PG_VERSION").write_text("18\n")

    with services.running(data, Children(data)) as both:
        assert one(both.database_url, "SELECT 1") == 1

    aside = list(data.path.glob("postgres.half-made-*"))
    assert [folder.joinpath("PG_VERSION").read_text() for folder in aside] == ["18\n"]


def test_data_of_another_major_version_is_refused_and_left_alone(data: DataDir) -> None:
    folder = data.path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("17\n")
    write_json(data.path / "postgres.json", {"folder": str(folder), "major": 17})

    with (
        pytest.raises(Refusal, match="was made by PostgreSQL 17"),
        services.running(data, Children(data)),
    ):
        pass

    assert [entry.name for entry in folder.iterdir()] == ["PG_VERSION"]


def test_after_a_killed_run_nothing_is_left_and_the_next_one_starts(data: DataDir) -> None:
    script = (
        "import sys, time; from pathlib import Path; from launcher import processes, services;"
        "from launcher.files import DataDir; data = DataDir(Path(sys.argv[1]));"
        "held = data.hold(); held.__enter__();"
        "both = services.running(data, processes.Children(data)); both.__enter__();"
        "print('up', flush=True); time.sleep(600)"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script, str(data.path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert run.stdout is not None
    assert run.stdout.readline() == b"up\n"
    left = read_json(data.children_file)

    run.kill()
    run.wait()
    processes.stop_leftovers(data)

    assert set(left) == {"postgres", "valkey"}
    assert not any(processes.is_running(child["pid"], child["began"]) for child in left.values())
    with services.running(data, Children(data)) as both:
        assert one(both.database_url, "SELECT 1") == 1


def test_leftovers_of_a_killed_run_are_stopped_but_strangers_are_not(data: DataDir) -> None:
    ours = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
    stranger = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
    children = Children(data)
    children.add("worker", ours.pid, signal.SIGTERM)
    known = read_json(data.children_file)
    known["web"] = {"pid": stranger.pid, "began": "1", "signal": int(signal.SIGTERM)}
    write_json(data.children_file, known)

    stopped = processes.stop_leftovers(data)

    assert stopped == ["worker"]
    assert ours.wait() == -signal.SIGTERM
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_given_address_is_used_and_nothing_is_started(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    with services.running(data, Children(data)) as own:
        monkeypatch.setenv("KOPRU_DATABASE_URL", own.database_url)
        monkeypatch.setenv("KOPRU_REDIS_URL", own.redis_url)

        with services.running(data, Children(data)) as given:
            assert given.started == []
            assert given.database_url == own.database_url


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "postgresql://a:hidden@127.0.0.1:1/b", "no connection to 127.0.0.1:1/b"),
        ("DATABASE_URL", "mysql://127.0.0.1/b", "must look like postgresql://"),
        ("REDIS_URL", "redis://:hidden@127.0.0.1:1/0", "no Valkey or Redis at 127.0.0.1:1"),
        ("REDIS_URL", "127.0.0.1", "must look like redis://"),
        ("PG_BIN", "/nowhere", "there is no program postgres in /nowhere"),
    ],
    ids=["dead database", "not PostgreSQL", "dead broker", "not a broker", "no programs"],
)
def test_what_is_given_and_does_not_work_is_one_sentence(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("KOPRU_DATABASE_URL", os.environ.get("KOPRU_DATABASE_URL", ""))
    monkeypatch.setenv(f"KOPRU_{name}", value)
    if name == "REDIS_URL":
        monkeypatch.setattr("launcher.services.start_postgres", lambda *_, **__: None)

    with pytest.raises(Refusal) as refused, services.running(data, Children(data)):
        pass

    assert said in str(refused.value)
    assert f"KOPRU_{name}" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_missing_wheel_names_the_package(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with (
        pytest.raises(Refusal, match="apt-get install postgresql"),
        services.running(data, Children(data)),
    ):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its services to another user")
def test_what_root_keeps_closed_stays_closed(data: DataDir, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    inside = DataDir(closed / "data")
    inside.make()

    with services.running(inside, Children(inside)) as both:
        assert one(both.database_url, "SELECT 1") == 1

    home = Path(read_json(inside.path / "postgres.json")["folder"])
    assert home.is_relative_to("/var/lib/kopru")
    assert closed.stat().st_mode & 0o777 == 0o700
    subprocess.run(["rm", "-rf", str(home.parent)], check=True)  # noqa: S607
