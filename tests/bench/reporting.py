"""How many of a provider's reports are taken in over HTTP, signature and all, and how soon each is."""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from statistics import quantiles
from urllib.parse import urlencode

from django.urls import reverse
from twilio.request_validator import RequestValidator

from contacts.models import Attempt, Contact
from contacts.services import policy
from contacts.vocabulary import AttemptState, ContactState
from tests.bench import office
from tests.bench.measuring import Figure
from tests.bench.serving import ask, served

LINES, RATE, SECONDS = 8, 200, 20
PUBLIC, ACCOUNT, TOKEN = "http://crm.example", "AC" + "5" * 32, "bench-token"
FORM = "application/x-www-form-urlencoded"
WORDS = ("sent", "delivered")

Call = tuple[str, str, dict[str, str]]  # path, body, headers


def measure() -> Iterator[Figure]:
    """Give the one figure: at full speed, beside an address that does nothing; and how soon at 200/s."""
    attempts = _messages(RATE * SECONDS)
    calls = [_signed(attempt, word) for word in WORDS for attempt in attempts]
    steady, all_at_once = calls[: len(attempts)], calls[len(attempts) :]
    with served(PUBLIC_URL=PUBLIC, TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKEN=TOKEN) as port:
        took, _ = _call(port, steady, rate=RATE)
        _, seconds = _call(port, all_at_once)
        _, bare_seconds = _call(port, [("/health/live/", "", {})] * len(all_at_once), method="GET")
    ended = Contact.objects.filter(state=ContactState.CONCLUDED).count()
    assert ended == len(attempts), "a report was lost"
    yield Figure(
        path=f"reports: p95 {1000 * quantiles(took, n=20)[-1]:,.0f} ms at {RATE}/s",
        unit="reports",
        per_second=len(all_at_once) / seconds,
        yardstick="an address that does nothing",
        yardstick_per_second=len(all_at_once) / bare_seconds,
        goal=f"{RATE}/s, p95 under 250 ms",
    )


def _messages(count: int) -> list[Attempt]:
    """Return messages that are under way, one to a debtor."""
    portfolio = office.fill(count)
    head = policy.in_force()
    contacts = Contact.objects.bulk_create(
        Contact(
            wanted_by=f"bench:{debtor}",
            debtor_id=debtor,
            creditor=portfolio.creditor,
            channel="sms",
            state=ContactState.SENDING,
            not_before=office.NOW,
            started_at=office.NOW,
            created_at=office.NOW,
        )
        for debtor in portfolio.debts.values_list("debtor_id", flat=True)
    )
    return Attempt.objects.bulk_create(
        Attempt(
            contact=contact,
            state=AttemptState.SENDING,
            provider="twilio",
            to="+5511987650000",
            policy_id=head.policy_id,
            facts_hash="0" * 64,
            started_at=office.NOW,
            handed_at=office.NOW,
        )
        for contact in contacts
    )


def _signed(attempt: Attempt, word: str) -> Call:
    path = f"{reverse('contacts:twilio_status')}?a={attempt.pk}"
    told = {"MessageSid": f"SM{attempt.pk.hex}", "MessageStatus": word, "AccountSid": ACCOUNT}
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, told)
    return path, urlencode(told), {"Content-Type": FORM, "X-Twilio-Signature": signature}


def _call(
    port: int, calls: Sequence[Call], *, rate: int = 0, method: str = "POST"
) -> tuple[list[float], float]:
    """Make every call, over a few lines at once, at so many a second; return how long each took, and all."""
    took: list[float] = []

    def make(share: Sequence[tuple[int, Call]]) -> None:
        to = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number, (path, body, headers) in share:
            if rate:
                time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            since = time.perf_counter()
            status = ask(to, method, path, headers, body).status
            took.append(time.perf_counter() - since)
            assert status < 300, status

    numbered = list(enumerate(calls))
    lines = [threading.Thread(target=make, args=[numbered[place::LINES]]) for place in range(LINES)]
    began = time.perf_counter()
    for line in lines:
        line.start()
    for line in lines:
        line.join()
    assert len(took) == len(calls), "a call was not answered"
    return took, time.perf_counter() - began
