"""How long one colleague, alone, waits for a page of the desk: the card of a case, the lists, a search."""

import http.client
import time
from collections.abc import Iterator, Mapping, Sequence
from statistics import median, quantiles
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from tests.bench.measuring import Figure
from tests.bench.serving import ask

TIMES = 40
COLD = 20  # asked before: each thread of the server compiles templates and statements once
ALL = COLD + TIMES


def figures(
    port: int, *, size: int, bare: str, sessions: Sequence[str], token: Mapping[str, str]
) -> Iterator[Figure]:
    """Give a figure for each page, beside a bare claim by the same colleague."""
    to = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def asked(method: str, path: str, session: str, **form: str) -> str:
        """Ask as a colleague; return where the answer leads."""
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {token['Cookie']}"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = ask(to, method, path, {**token, **kind, "Cookie": cookies}, urlencode(form))
        assert answer.status in (200, 302), (path, answer.status)
        return answer.headers.get("Location", "")

    def times(method: str, paths: Sequence[str], **form: str) -> list[float]:
        took = []
        for path, session in zip(paths, sessions, strict=False):
            began = time.perf_counter()
            asked(method, path, session, **form)
            took.append(time.perf_counter() - began)
        return took[COLD:]

    cards = [asked("POST", reverse("dunning:call_next"), session) for session in sessions[:ALL]]
    assert all("/cases/" in each for each in cards), cards
    alone = median(times("POST", [bare] * ALL))
    desk, people = reverse("dunning:desk"), reverse("debtors:list")
    for name, took in (
        ("card", times("GET", cards)),
        ("desk", times("GET", [desk] * ALL)),
        ("what is mine", times("GET", [f"{desk}?view=mine"] * ALL)),
        ("debtors", times("GET", [people] * ALL)),
        ("search", times("POST", [reverse("debtors:search")] * ALL, q="souza 99")),
    ):
        yield Figure(
            path=f"{name}, {size:,}: p95 {1000 * quantiles(took, n=20)[-1]:,.0f} ms",
            unit="pages",
            per_second=1 / median(took),
            yardstick="a bare claim over HTTP",
            yardstick_per_second=1 / alone,
            goal="p95 under 100 ms",
        )
