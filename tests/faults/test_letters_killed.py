"""Killed while a letter is rendered, written or posted: one letter, one hash, posted once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.faults.offices import ROOT, Office, eventually

DJANGO = "import django; django.setup()\n"
SET_UP = """
from django.utils import timezone
from contacts.models import Contact
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy, templates
from contacts.services.templates import Words
from contacts.services import outbox
from debtors.models import Creditor, Portfolio, Debtor, Debt, Installment, ContactPoint, User
from debtors.services import ledger
always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
open_terms = DEFAULT_POLICY | {"channels": ["letter"], "windows": always, "close_public_holidays": False,
    "close_feasts": [], "caps": {}, "minor_age": None}
now = timezone.now()
policy.publish(terms=open_terms, note="open all hours", by=None, now=now)
templates.ship(key="note", channel="letter", words=Words(title="x", tone="friendly",
    disclosure="neutral", subject="Um recado", body="Ola, {{ full_name }}. Ligue {{ phone }}."))
creditor = Creditor.objects.create(name="Exemplo Ltda.", brand="Exemplo", tax_id="11222333000181",
    address="Rua A, 1", phone="+551130000000")
portfolio = Portfolio.objects.create(creditor=creditor, name="x")
debtor = Debtor.objects.create(name="Maria Silva", tax_id="73819753192")
ContactPoint.objects.create(debtor=debtor, medium="address", kind="home", value="Rua B, 2",
    city="Manaus", state="AM", postal_code="69005000")
debt = Debt.objects.create(debtor=debtor, creditor=creditor, portfolio=portfolio, contract="C-1")
ledger.post_charges([Installment.objects.create(debt=debt, number=1, due_on=now.date(), amount_cents=900)])
User.objects.create_superuser("helena", password=None)
from contacts.models import Template
outbox.want(Contact(wanted_by="test:1", debtor=debtor, creditor=creditor, channel="letter",
    template=Template.objects.get(), not_before=now, created_at=now))
"""
PRINT = """
from django.utils import timezone
from contacts.services import dispatch, letters
dispatch.pump(clock=timezone.now)
letters.print_waiting(clock=timezone.now)
"""
POST = """
from django.utils import timezone
from contacts.models import LetterBatch
from contacts.services import letter_batches
from debtors.models import User
helena, now = User.objects.get(), timezone.now()
batch = LetterBatch.objects.first() or letter_batches.gather(by=helena, now=now)[0]
letter_batches.post(batch.pk, on=timezone.localdate(now), by=helena, now=now)
"""
TOLD = """
from contacts.models import Letter, Attempt
[letter] = Letter.objects.all()
print(letter.sha256, letter.file_name, letter.printed_at is not None, letter.contact.state,
    Attempt.objects.count())
"""


@pytest.fixture
def office(new_office: Callable[..., Office]) -> Office:
    office = new_office("django_q", LETTER_CHANNEL="print")
    office.run(SET_UP)
    return office


def begun(office: Office, code: str, **environment: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", DJANGO + code]
    return subprocess.Popen(command, cwd=ROOT, env=office.environment | environment, stdin=subprocess.DEVNULL)


def told(office: Office) -> tuple[str, str, bool, str, int]:
    digest, name, is_printed, state, attempts = office.run(TOLD).split()
    return digest, name, is_printed == "True", state, int(attempts)


def files(office: Office) -> dict[str, str]:
    """The hash of each file of the print folder, by its name."""
    folder = office.folder / "letters"
    found = folder.iterdir() if folder.exists() else ()
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in found}


def is_rendering(process: "subprocess.Popen[bytes]") -> bool:
    """Whether the child that makes the PDF is at work."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    pids = children.read_text().split() if children.exists() else []
    return any(b"pdf_child" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids)


def kill_while_rendering(office: Office) -> None:
    process = begun(office, PRINT)
    assert eventually(lambda: is_rendering(process), within=60)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.wait()


def kill_at(place: str, office: Office, code: str, *, once: Path) -> None:
    assert begun(office, code, FAILPOINTS=f"{place}=kill:{once / place}").wait() == -signal.SIGKILL


def test_killed_at_any_moment_a_letter_is_one_letter_with_one_hash_and_posted_once(office, tmp_path):
    kill_while_rendering(office)
    assert files(office) == {}

    hashes = set()
    for place in ("printing", "printed"):
        kill_at(place, office, PRINT, once=tmp_path)
        digest, name, is_printed, _state, _attempts = told(office)
        assert not is_printed or files(office)[name] == digest
        hashes.add(digest)
    office.run(PRINT)

    digest, name, is_printed, state, attempts = told(office)
    assert files(office) == {name: digest}
    assert (is_printed, state, attempts, hashes) == (True, "sending", 1, {digest})

    kill_at("posting_letter", office, POST, once=tmp_path)
    office.run(POST)

    assert told(office) == (digest, name, True, "sent", 1)
    assert files(office) == {name: digest}
