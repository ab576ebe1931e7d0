"""Reports that come shuffled, again and again, or never: the truth in the end follows from what arrived."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from contacts.models import Attempt, Contact, ProviderEvent
from contacts.services import clock
from contacts.vocabulary import AttemptState, ContactState, Outcome
from tests.contacts.test_twilio_webhooks import PUBLIC, SID, TOKEN, make_attempt, report

pytestmark = pytest.mark.django_db
#: How messages fare, and what it means for their contacts.
FATES = (
    (("queued", "sent", "delivered", "read"), Outcome.DELIVERED),
    (("queued", "sending", "sent", "delivered"), Outcome.DELIVERED),
    (("queued", "sent", "undelivered"), Outcome.FAILED),
    (("accepted", "queued", "failed"), Outcome.FAILED),
)
FINAL = frozenset({"delivered", "read", "undelivered", "failed"})
LOST_SHARE, MOST_REPEATS = 0.3, 5


@dataclass
class Fate:
    """One message: what the provider has to tell of it, and what of that arrived, in its order."""

    attempt: Attempt
    sid: str
    words: tuple[str, ...]
    outcome: Outcome
    arrived: list[str] = field(default_factory=list)

    @property
    def truth(self) -> tuple[str, str, str]:
        """Where attempt and contact must stand, and how it ended, given what arrived."""
        if not self.arrived:
            return AttemptState.SENDING, ContactState.SENDING, ""
        if FINAL.isdisjoint(self.arrived):
            return AttemptState.ACCEPTED, ContactState.SENT, ""
        return AttemptState.ACCEPTED, ContactState.CONCLUDED, self.outcome

    @property
    def naive(self) -> tuple[str, str, str]:
        """The same by whoever believes the last word that came."""
        last = self.arrived[-1:]
        if not last:
            return AttemptState.SENDING, ContactState.SENDING, ""
        is_over = last[0] in FINAL
        return (
            AttemptState.ACCEPTED,
            ContactState.CONCLUDED if is_over else ContactState.SENT,
            self.outcome if is_over else "",
        )


@pytest.fixture(autouse=True)
def account(settings: Any) -> None:
    """Our account at Twilio."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_URL = SID, TOKEN, PUBLIC


def test_some_hundreds_of_reports_in_disorder_leave_the_truth() -> None:
    _in_disorder(messages=60, at_least=300)


@pytest.mark.full
def test_ten_thousand_reports_in_disorder_leave_the_truth() -> None:
    _in_disorder(messages=1_300, at_least=9_000)


def _in_disorder(*, messages: int, at_least: int) -> None:
    lots = random.Random(42)
    fates = _fates(messages)
    calls = _calls(fates, lots)
    assert len(calls) >= at_least

    for number, (fate, word) in enumerate(calls):
        fate.arrived.append(word)
        assert report(fate.attempt, word, sid=fate.sid).status_code == 204
        if number % 10 == 0:
            assert _standing(fate) == fate.truth  # never backwards, at any moment

    assert {fate.sid: _standing(fate) for fate in fates} == {fate.sid: fate.truth for fate in fates}
    kept = Counter(ProviderEvent.objects.values_list("provider_id", flat=True))
    assert kept == Counter({fate.sid: len(set(fate.arrived)) for fate in fates if fate.arrived})
    # The negative control: among so many there are some of whom the last word is not the truth.
    assert any(fate.naive != fate.truth for fate in fates)
    assert {fate.truth[1] for fate in fates} >= {ContactState.SENT, ContactState.CONCLUDED}


def _fates(messages: int) -> list[Fate]:
    now = clock.now()
    made = []
    for number in range(messages):
        words, outcome = FATES[number % len(FATES)]
        attempt = make_attempt(now=now, state=AttemptState.SENDING)
        made.append(Fate(attempt, f"SM{number:032x}", words, outcome))
    return made


def _calls(fates: list[Fate], lots: random.Random) -> list[tuple[Fate, str]]:
    """Return what arrives: each word lost or made up to five times, and all of it shuffled."""
    told = [(fate, word) for fate in fates for word in fate.words if lots.random() > LOST_SHARE]
    calls = [call for call in told for _ in range(lots.randint(1, MOST_REPEATS))]
    lots.shuffle(calls)
    return calls


def _standing(fate: Fate) -> tuple[str, str, str]:
    attempt = Attempt.objects.get(pk=fate.attempt.pk)
    contact = Contact.objects.get(pk=attempt.contact_id)
    return attempt.state, contact.state, contact.outcome
