"""What stories of a portfolio are told with: the oracle judges each message again, at its instant."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from contacts import queries as contact_queries
from contacts.models import Attempt, Contact, ProviderText
from contacts.rules import case_json
from contacts.rules.facts import ContactFacts
from contacts.vocabulary import Channel, Purpose
from debtors.models import ContactPoint
from tests.oracle.gate_oracle import judge
from tests.oracle.house_rules import WITH_THE_HOUSE

SAMPLE = Path(__file__).parent.parent / "data" / "sample_debts.csv"


@dataclass
class Story:
    """What happened, kept by the test itself: what left, who paid everything, who asked for peace."""

    sandbox: Path
    read: int = 0
    left: dict[int, list[ContactFacts]] = field(default_factory=lambda: defaultdict(list))
    left_at: dict[tuple[str, ...], list[ContactFacts]] = field(default_factory=lambda: defaultdict(list))
    wanted: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, list[str]]] = field(default_factory=list)
    silent: set[int] = field(default_factory=set)
    disturbed: list[str] = field(default_factory=list)
    first_words: dict[int, str] = field(default_factory=dict)

    def look(self, now: datetime) -> None:
        """Read what left since the last look, and have the oracle judge each message at its instant."""
        lines = self.sandbox.read_text().splitlines() if self.sandbox.exists() else []
        new = [json.loads(line) for line in lines[self.read :]]
        self.read = len(lines)
        attempts = Attempt.objects.select_related("contact__debtor", "contact__point").in_bulk(
            [message["attempt_id"] for message in new]
        )
        for message in new:
            attempt = next(each for key, each in attempts.items() if str(key) == message["attempt_id"])
            assert message["to"] == attempt.contact.point.value
            self.judge(attempt.contact, at=datetime.fromisoformat(message["at"]), body=message["body"])

    def judge(self, contact: Contact, *, at: datetime, body: str) -> None:
        """Ask the oracle, with the past as the sandbox tells it and not as our own rows do."""
        asked = contact_queries.may_contact(
            debtor=contact.debtor,
            channel=contact.channel,
            now=at,
            purpose=contact.purpose,
            creditor_id=contact.creditor_id,
        )
        facts = replace(asked.facts_at(contact.point), is_free_text=is_free_text(contact))
        point = replace(facts.point, contacts=tuple(self.left_at[place_of(contact.point)]))
        facts = replace(facts, contacts=tuple(self.left[contact.debtor_id]), point=point)
        line = case_json.case_to_json(case_json.Case(facts, asked.terms, at), case_id=contact.wanted_by)
        verdict = judge(json.loads(json.dumps(line)), WITH_THE_HOUSE)
        if not verdict.get("allowed"):
            self.refused.append((contact.wanted_by, verdict["reasons"]))
        for past in (self.left[contact.debtor_id], self.left_at[place_of(contact.point)]):
            past.append(ContactFacts(at, contact.channel, "sent"))
        self.wanted[contact.wanted_by] += 1
        if contact.debtor_id in self.silent and contact.purpose != Purpose.THANK_YOU:
            self.disturbed.append(contact.wanted_by)
        if contact.purpose == Purpose.COLLECTION:
            self.first_words.setdefault(contact.debtor_id, body)

    def hear(self, call: Contact, *, outcome: str) -> None:
        """Remember how the last call to somebody ended."""
        for past in (self.left[call.debtor_id], self.left_at[place_of(call.point)]):
            past[-1] = replace(past[-1], outcome=outcome)


def place_of(point: ContactPoint) -> tuple[str, ...]:
    """Return what tells a place from every other: a street's name is another street in another town."""
    return (point.value, point.postal_code, point.city, point.state)


def is_free_text(contact: Contact) -> bool:
    """Whether a WhatsApp message is none of the texts that its provider approved."""
    return (
        contact.channel == Channel.WHATSAPP
        and not ProviderText.objects.filter(template=contact.template).exists()
    )


def first_debtors(count: int) -> bytes:
    """Return the rows of the sample's first debtors."""
    title, *rows = SAMPLE.read_text().splitlines()
    known: list[str] = []
    kept = [title]
    for row in rows:
        who = row.partition(";")[0]
        if who not in known[-1:]:
            known.append(who)
        if len(known) > count:
            break
        kept.append(row)
    return "\n".join(kept).encode()
