"""Reading ahead: a file is read and its rows are prepared in a thread while others are stored.

Storing waits for the database most of its time, reading is computing: side by side they take the
time of the longer one. The thread touches no database; it stands in the same company for the
storage.
"""

from __future__ import annotations

import gc
import os
import queue
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TypeVar

from django.db import connection

from tenants.current import way_back

T = TypeVar("T")

_WAITING = 2  # at most: memory stays flat whatever the file
_POLL = 0.2  # seconds after which either side looks whether the other has given up

# The storing side wakes up after each statement: it shall not wait the usual 5 ms for its turn.
_TURN = 0.0005
# Rows are no garbage in circles: looking for such among millions of them took a fifth of the time.
_SELDOM = 500_000
_NICENESS = 10  # who opens a screen goes first

_END = object()


def ahead(work: Callable[[], Iterator[T]]) -> Generator[T, None, None]:
    """Yield what ``work`` yields, in order; what it raises is raised here.

    Closing the iterator, as an exception of the storing side does, ends the thread before it
    returns.
    """
    waiting: queue.Queue[object] = queue.Queue(_WAITING)
    is_over = threading.Event()
    enter = way_back()

    def put(item: object) -> bool:
        while not is_over.is_set():
            try:
                waiting.put(item, timeout=_POLL)
            except queue.Full:
                continue
            return True
        return False

    def run() -> None:
        _step_back()
        try:
            with enter(), connection.execute_wrapper(_refuse):
                for item in work():
                    if not put(item):
                        return
            put(_END)
        except BaseException as error:  # it belongs to the storing side
            put(error)

    thread = threading.Thread(target=run, name="exchange-reader", daemon=True)
    with paced():
        thread.start()
        try:
            while (item := waiting.get()) is not _END:
                if isinstance(item, BaseException):
                    raise item
                yield item  # type: ignore[misc]
        finally:
            is_over.set()
            thread.join()


@contextmanager
def paced() -> Iterator[None]:
    """Let the interpreter change threads quickly and look for garbage seldom."""
    turn, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(_TURN)
    gc.set_threshold(_SELDOM, *thresholds[1:])
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        gc.set_threshold(*thresholds)


def _step_back() -> None:
    """Let everybody else go first: on Linux this is the priority of the one thread, which ends."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _refuse(*_arguments: Any) -> NoReturn:
    raise RuntimeError("The thread that reads ahead has no business in the database.")
