"""How often *Call next* answers over HTTP: 32 browsers, the product's own server, up to a million cases.

Each click is another agent's: whoever holds a case would get that one back. The yardstick is a view
that only claims a row by SQL, behind the same server, session and middleware.
"""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from statistics import median, quantiles

from django.conf import settings
from django.contrib.auth.models import Group
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import reverse

from collections_crm.roles import ROLES
from debtors.models import ContactPoint, Debt, Debtor, Installment, LedgerEntry
from debtors.services.access import AGENT, set_up_roles
from dunning.models import Case
from tests.bench import looking, office
from tests.bench.measuring import RUNS, Figure
from tests.bench.serving import ask, served

BROWSERS = 32
CLICKS = 20  # of each browser
SIZES = (10_000, 1_000_000)
BARE = "/bare/"


def measure() -> Iterator[Figure]:
    """Give the rate of clicks at each size, beside the bare claim's, and the slowest of a hundred."""
    portfolio = office.fill(SIZES[0])
    agents = office.agents(BROWSERS * CLICKS, portfolio=portfolio)
    sessions = [_session(agent) for agent in agents]
    set_up_roles(permissions={name: set(wanted) for name, wanted in ROLES.items()})
    Group.objects.get(name=AGENT).user_set.set(agents)
    page = RequestFactory().get("/")
    token = {
        "X-CSRFToken": get_token(page),
        "Cookie": f"{settings.CSRF_COOKIE_NAME}={page.META['CSRF_COOKIE']}",
    }
    for size in SIZES:
        if size > SIZES[0]:
            _multiply(times=size // SIZES[0])
        office.run("UPDATE dunning_case SET callable_from = opened_at, urgency = id % 100")
        office.run("VACUUM ANALYZE")
        with served(BARE_PORTFOLIO=str(portfolio.pk)) as port:
            rates: dict[str, list[float]] = {"ours": [], "bare": []}
            slowest: dict[str, list[float]] = {"ours": [], "bare": []}
            for _ in range(RUNS):
                for name, path, leads in (
                    ("ours", reverse("dunning:call_next"), "/cases/"),
                    ("bare", BARE, ""),
                ):
                    _all_free()
                    rate, took = _clicks(port, path=path, leads=leads, sessions=sessions, token=token)
                    rates[name].append(rate)
                    slowest[name].append(quantiles(took, n=100)[-1])
            _all_free()
            looks = list(looking.figures(port, size=size, bare=BARE, sessions=sessions, token=token))
        yield Figure(
            path=f"next, {size:,}: p99 {_ms(slowest['ours'])}, of the bare claim {_ms(slowest['bare'])}",
            unit="clicks",
            per_second=median(rates["ours"]),
            yardstick="a bare claim over HTTP",
            yardstick_per_second=median(rates["bare"]),
            goal="0.5, p99 under 250 ms",
        )
        yield from looks


def _session(agent: object) -> str:
    browser = Client()
    browser.force_login(agent)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def _ms(seconds: Sequence[float]) -> str:
    return f"{1000 * median(seconds):,.0f} ms"


def _clicks(
    port: int, *, path: str, leads: str, sessions: Sequence[str], token: dict[str, str]
) -> tuple[float, list[float]]:
    """Let every browser click for its agents; return the clicks a second, and how long each took.

    Every click must be answered by an address with `leads` in it.
    """
    took: list[float] = []

    def browse(agents: Sequence[str]) -> None:
        to = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for session in agents:
            cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {token['Cookie']}"
            began = time.perf_counter()
            answer = ask(to, "POST", path, token | {"Cookie": cookies})
            took.append(time.perf_counter() - began)
            assert answer.status == 302, answer.status
            assert leads in answer.headers["Location"], answer.headers["Location"]

    browsers = [
        threading.Thread(target=browse, args=[sessions[place::BROWSERS]]) for place in range(BROWSERS)
    ]
    began = time.perf_counter()
    for each in browsers:
        each.start()
    for each in browsers:
        each.join()
    assert len(took) == len(sessions), "a click was not answered with a case"
    return len(took) / (time.perf_counter() - began), took


def _multiply(*, times: int) -> None:
    """Write every debtor so many times over, with numbers, debts, what is owed and case, under new ids."""
    count = Debtor.objects.count()
    shifted = f"{{}} + n * {count}"
    # Numbers stay numbers: whose time zone nobody can tell may not be called.
    another = (
        f"CASE medium WHEN 'phone' THEN '+' || substr(value, 2)::bigint + n * {count} ELSE n || value END"
    )
    for model, own in (
        (Debtor, {"tax_id": "lpad((id + n * 10000000)::text, 11, '0')"}),
        (ContactPoint, {"value": another, "id": f"id + n * {2 * count}"}),  # a phone and an e-mail each
        (Debt, {"contract": "contract || '-' || n"}),
        (Installment, {}),
        (LedgerEntry, {}),
        (Case, {}),
    ):
        columns = [field.column for field in model._meta.concrete_fields]
        told = {name: shifted.format(name) for name in ("id", "debtor_id", "debt_id")} | own
        chosen = ", ".join(told.get(column, f'"{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        office.run(
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {chosen}'
            f' FROM "{model._meta.db_table}", generate_series(1, {times - 1}) AS n'
        )


def _all_free() -> None:
    """Give back the cases that were taken, and let the database forget how they were."""
    Case.objects.filter(agent__isnull=False).update(agent=None, leased_until=None)
    office.run("VACUUM dunning_case")
