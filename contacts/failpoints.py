"""Places where a fault test may kill or stop this process; without FAILPOINTS in the environment, nothing.

`FAILPOINTS="claimed=kill:/tmp/a;posting=stop"` kills this process the first time that anybody who
shares the file `/tmp/a` has claimed contacts, and stops it whenever half a request is written.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

PLACES = (
    "claiming",  # T0, before its commit
    "claimed",  # after it
    "admitting",  # inside T1
    "admitted",  # after its commit
    "handed",  # T2: said to leave, no connection yet
    "connected",  # T3: nothing written yet
    "posting",  # half of the request is written
    "answered",  # the answer is here, the database does not know it
    "settling",  # inside T4
    "settled",  # after its commit
    "taking_over",  # inside the taking over of a dead run's attempts
    "looking",  # before the provider's list is read
    "looked",  # after it, before its evidence is kept
)
#: Those of letters, which a person posts days after they were admitted.
PLACES_OF_LETTERS = (
    "printing",  # a letter's hash is kept, its file not in the print folder yet
    "printed",  # its file is there, the database does not know it
    "posting_letter",  # it was handed over, the database does not know it as sent
)
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


def orders_from(text: str) -> dict[str, tuple[signal.Signals, str]]:
    """Return what is to happen where: a signal, and the file by which it happens once (empty: always).

    Raises ValueError for a place or an act that does not exist.
    """
    orders = {}
    for order in filter(None, text.split(";")):
        place, _, act = order.partition("=")
        name, _, once = act.partition(":")
        if place not in (*PLACES, *PLACES_OF_LETTERS) or name not in SIGNALS:
            raise ValueError(f"no such failpoint: {order}")
        orders[place] = (SIGNALS[name], once)
    return orders


def _nothing(_place: str) -> None:
    return


def acting_on(orders: dict[str, tuple[signal.Signals, str]]) -> Callable[[str], None]:
    """Return what a process does that reaches a place, under these orders."""

    def act(place: str) -> None:
        ordered, once = orders.get(place, (None, ""))
        if ordered and (not once or _is_first(once)):
            os.kill(os.getpid(), ordered)

    return act if orders else _nothing


def _is_first(path: str) -> bool:
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        return True
    return False


#: Called with its name at each place.
reached = acting_on(orders_from(os.environ.get("FAILPOINTS", "")))
