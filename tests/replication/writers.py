"""Other writers: connections of their own, with transactions that the test opens and closes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg2
import psycopg2.extensions
from django.db import connection

from tenants.models import Company

Writer = psycopg2.extensions.connection


def connect(company: Company) -> Writer:
    """Return a connection inside the company."""
    values = connection.get_connection_params()
    writer = psycopg2.connect(
        dbname=values["dbname"], user=values.get("user"), password=values.get("password"),
        host=values.get("host"), port=values.get("port"),
    )  # fmt: skip
    with writer.cursor() as cursor:
        cursor.execute(f'SET search_path TO "{company.schema_name}", public')
    writer.commit()
    return writer


@contextmanager
def another_writer(company: Company) -> Iterator[Writer]:
    """Yield a connection inside the company; what is not committed is rolled back."""
    writer = connect(company)
    try:
        yield writer
    finally:
        writer.close()


def insert_unit(writer: Writer, name: str) -> UUID:
    """Insert a row by plain SQL, not committed."""
    key = uuid4()
    with writer.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_unit (id, created_at, updated_at, ref, is_archived, code, name,"
            " full_name, international) VALUES (%s, now(), now(), '', false, '', %s, '', '')",
            [str(key), name],
        )
    return key
