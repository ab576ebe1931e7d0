"""The whole way for real, on both engines: file, case, reminder, answer, opt-out, payment, thank-you.

Real worker and web processes, a real SMTP server, a server that speaks Twilio's protocol and calls
back; with Celery a real PostgreSQL and Redis, with django-q2 one SQLite file.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from collections_crm.lib import dates, tax_ids
from tests.fakes.smtp import MailServer, Moody
from tests.fakes.twilio import Account, TwilioFake
from tests.fakes.twilio.callbacks import deliver_inbound
from tests.faults.conftest import ENGINES
from tests.faults.offices import SLOWNESS, Office, eventually
from tests.servers import free_port
from tests.stories.telling import first_debtors

SOON = 60.0
ACCOUNT, TOKEN, OUR_NUMBER = "AC" + "1" * 32, "main-road-token", "+551140040000"
MARIA, JOAO = "maria@example.com", "+5511987654321"

SET_UP = """
from datetime import datetime
from django.utils import timezone
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy
from debtors.models import Creditor
from dunning.services import defaults
always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
open_terms = DEFAULT_POLICY | {
    "windows": always, "close_public_holidays": False, "close_feasts": [], "caps": {}, "minor_age": None}
policy.publish(terms=open_terms, note="open all hours", by=None, now=timezone.now())
defaults.ship()
Creditor.objects.create(name="Exemplo Ltda.", brand="Exemplo", tax_id="11222333000181",
    address="Rua A, 1, Sao Paulo SP", phone="+551130000000")
"""
QUESTIONS = """
import json
from django.utils import timezone
from contacts.channels.registry import sandbox_file
from contacts.channels.sandbox import read_messages
from contacts.models import Attempt, Contact, OptOut
from dunning.models import Case
"""
#: Messages are spread over two hours of the morning; a test does not wait that long.
HURRY = """
from django.utils import timezone
from contacts.models import Contact
from contacts.tasks import pump
Contact.objects.filter(state="planned").update(not_before=timezone.now())
pump.enqueue()
"""


@dataclass(frozen=True)
class Road:
    """The office with everything around it."""

    office: Office
    mails: Moody
    twilio: TwilioFake
    web: str

    def becomes(self, question: str) -> bool:
        """Return whether something true or false of the office's database comes true soon."""
        return becomes(self.office, question)


def becomes(office: Office, question: str, *, within: float = SOON) -> bool:
    """Let one process of the office ask its database until the answer is yes, or the time is over."""
    said = office.run(f"""{QUESTIONS}
import time
deadline = time.monotonic() + {SLOWNESS * within}
while not (is_so := bool({question})) and time.monotonic() < deadline:
    time.sleep(0.3)
print(is_so or list(Contact.objects.values("wanted_by", "state", "objections", "error_code")[:20]))
""")
    answer = said.splitlines()[-1]
    if answer != "True":
        print(answer, office.log())  # pytest shows it when the test fails
    return answer == "True"


@pytest.fixture(params=ENGINES)
def road(request: pytest.FixtureRequest, new_office: Callable[..., Office], tmp_path: Path) -> Iterator[Road]:
    """An office with a worker, a web server, a mail server and Twilio's stand-in, all running."""
    moody, port = Moody(), free_port()
    mail_server, web = MailServer(moody), f"http://127.0.0.1:{port}"
    account = Account(account_sid=ACCOUNT, auth_token=TOKEN, log=tmp_path / "twilio.jsonl")
    mail_server.start()
    try:
        with TwilioFake(account) as twilio:
            office = new_office(
                request.param,
                SMS_CHANNEL="twilio",
                EMAIL_CHANNEL="mail",
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=str(mail_server.port),
                EMAIL_SECURITY="none",
                TWILIO_ACCOUNT_SID=ACCOUNT,
                TWILIO_AUTH_TOKEN=TOKEN,
                TWILIO_SMS_FROM=OUR_NUMBER,
                TWILIO_API_BASE_URL=twilio.url,
                PUBLIC_URL=web,
            )
            office.run(SET_UP)
            with (
                office.worker(),
                office.running(".venv/bin/gunicorn", "collections_crm.wsgi", "-b", f"127.0.0.1:{port}"),
            ):
                yield Road(office, moody, twilio, web)
    finally:
        mail_server.stop()


def test_from_a_line_in_a_file_to_a_reminder_an_answer_and_a_payment(road: Road, tmp_path: Path) -> None:
    late = timezone.localdate() - timedelta(days=6)
    debts, payments = tmp_path / "debts.csv", tmp_path / "payments.csv"
    _write(
        debts,
        [
            "cpf_cnpj",
            "nome",
            "telefone",
            "email",
            "endereco",
            "cidade",
            "uf",
            "contrato",
            "produto",
            "vencimento",
            "valor",
        ],
        [
            _cpf(1),
            "Maria Souza",
            "",
            MARIA,
            "Rua A, 1",
            "Recife",
            "PE",
            "C-1",
            "Geladeira",
            dates.format_br(late),
            "100,00",
        ],
        [_cpf(2), "João Lima", JOAO, "", "", "", "", "C-2", "Sofá", dates.format_br(late), "200,00"],
    )

    road.office.manage("import_debts", str(debts), "--creditor", "Exemplo", "--portfolio", "Loja")
    road.office.manage("import_debts", str(debts), "--creditor", "Exemplo", "--portfolio", "Loja")
    road.office.run("from dunning.tasks import open_and_plan; open_and_plan.enqueue()")
    assert road.becomes("Contact.objects.count() == 2")
    road.office.run(HURRY)
    assert eventually(lambda: len(road.mails.taken) == len(road.twilio.accepted()) == 1, within=SOON)

    # Word comes back by signed callbacks, and João's answer binds at once.
    assert road.becomes("Contact.objects.get(channel='sms').outcome == 'delivered'")
    assert road.mails.taken[0].recipients == (MARIA,)
    answer = road.twilio.account.receive(sender=JOAO, to=OUR_NUMBER, body="PARAR")
    heard = deliver_inbound(road.twilio.account, answer, address=f"{road.web}/contacts/twilio/inbound")
    assert heard.status in (200, 204), heard
    assert road.becomes("OptOut.objects.filter(debtor__name='João Lima').exists()")

    # Maria pays: her case closes, and she is thanked.
    _write(
        payments,
        ["id_pagamento", "cpf_cnpj", "valor_pago", "data_pagamento", "forma_pagamento"],
        ["E1", _cpf(1), "150,00", dates.format_br(timezone.localdate()), "pix"],
    )
    road.office.manage("import_payments", str(payments), "--creditor", "11222333000181")
    assert road.becomes("Case.objects.get(debtor__name='Maria Souza').state == 'closed'")
    road.office.run(HURRY)
    assert eventually(lambda: len(road.mails.taken) == 2, within=SOON)

    # Everything again: nobody hears anything twice.
    road.office.manage("import_payments", str(payments), "--creditor", "11222333000181")
    road.office.run(
        "from dunning.tasks import open_and_plan; open_and_plan.enqueue(); open_and_plan.enqueue()"
    )
    road.office.run(HURRY)
    road.office.run(HURRY)
    assert road.becomes(NOTHING_DUE)
    assert (len(road.mails.taken), len(road.twilio.accepted())) == (2, 1)


@pytest.mark.parametrize("debtors", [200, pytest.param(2000, marks=pytest.mark.full)])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_portfolio_is_imported_planned_and_written_to_once_each(
    engine: str, debtors: int, new_office: Callable[..., Office], tmp_path: Path
) -> None:
    office, portfolio = new_office(engine), tmp_path / "debts.csv"
    portfolio.write_bytes(first_debtors(debtors))
    office.run(SET_UP)
    office.manage("import_debts", str(portfolio), "--creditor", "Exemplo", "--portfolio", "Loja")

    with office.worker("--with-beat"):  # a slow machine needs more than one ring of the bell
        for _ in range(2):
            office.run("from dunning.tasks import open_and_plan; open_and_plan.enqueue()")
        assert becomes(office, PLANNED, within=120)
        for _ in range(2):
            office.run(HURRY)
        assert becomes(office, NOTHING_DUE, within=300)

    sent, kept, reached, cases = _tell(office, SENT, KEPT, REACHED, "Case.objects.count()")
    assert sent == kept == reached > debtors / 4  # every contact that left did so once
    assert cases > debtors / 2


#: Every open case has been looked at and will be looked at again on another day.
PLANNED = """
    Case.objects.exists()
    and not Case.objects.filter(state="open", next_plan_on__lte=timezone.localdate()).exists()
"""
#: Everything that may leave now has left; what must wait has its moment.
NOTHING_DUE = """
    not Contact.objects.filter(state="planned", not_before__lte=timezone.now()).exists()
    and not Contact.objects.filter(state__in=["claimed", "sending"]).exists()
"""
SENT = "Contact.objects.filter(state='sent').count()"
KEPT = "len(read_messages(sandbox_file(), limit=10**6))"
REACHED = (
    "Attempt.objects.filter(pk__in=[m.attempt_id for m in read_messages(sandbox_file(), limit=10**6)])"
    ".values('contact').distinct().count()"
)


def _tell(office: Office, *questions: str) -> list[Any]:
    """Return what the office's database answers to each question."""
    told: list[Any] = json.loads(
        office.run(f"{QUESTIONS}print(json.dumps([{', '.join(questions)}]))").splitlines()[-1]
    )
    return told


def _cpf(number: int) -> str:
    return tax_ids.with_check_digits(f"{number:09d}")


def _write(path: Path, *rows: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
