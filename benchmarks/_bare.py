"""What the machine gives at best: the same server, one statement and as many bytes as the page.

``BENCH_BARE`` holds the schema and, by path, the statement and the number of bytes.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg2

_kept = threading.local()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a path by its statement."""
    plan = json.loads(os.environ["BENCH_BARE"])
    statement, size = plan["paths"][environ["PATH_INFO"]]
    with _connection(plan["schema"]).cursor() as cursor:
        cursor.execute(statement)
        if cursor.description is not None:
            cursor.fetchall()
    start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(size))])
    return [b" " * size]


def _connection(schema: str) -> Any:
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg2.connect(os.environ["KOPRU_DATABASE_URL"])
        _kept.connection.autocommit = True
        with _kept.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', %s, false)", [f'"{schema}", public'])
    return _kept.connection
