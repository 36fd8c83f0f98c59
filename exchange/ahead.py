"""Reading ahead: the rows of a file are read in a thread while the former ones are stored.

Storing waits for the database most of its time, reading is computing: side by side they take the
time of the longer one. The thread touches no database; it stands in the same company for the
storage.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import connection
from django_tenants.utils import tenant_context

T = TypeVar("T")

_CHUNK = 1000
_CHUNKS = 16  # waiting at most: memory stays flat whatever the file
_POLL = 0.2  # seconds after which either side looks whether the other has given up

_END = object()


def ahead(read: Callable[[], Iterator[T]], *, every_chunk: Callable[[], None]) -> Iterator[T]:
    """Yield what ``read`` yields, in order; what it raises is raised here.

    ``every_chunk`` is called between chunks, on the side that stores. Closing the iterator, as an
    exception of the storing side does, ends the thread before it returns.
    """
    waiting: queue.Queue[object] = queue.Queue(_CHUNKS)
    is_over = threading.Event()
    company = connection.tenant  # type: ignore[attr-defined]

    def put(item: object) -> bool:
        while not is_over.is_set():
            try:
                waiting.put(item, timeout=_POLL)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            with tenant_context(company):
                rows = read()
                while chunk := list(islice(rows, _CHUNK)):
                    if not put(chunk):
                        return
            put(_END)
        except BaseException as error:  # it belongs to the storing side
            put(error)

    thread = threading.Thread(target=work, name="exchange-reader", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not _END:
            if isinstance(item, BaseException):
                raise item
            every_chunk()
            yield from item  # type: ignore[misc]
    finally:
        is_over.set()
        thread.join()
