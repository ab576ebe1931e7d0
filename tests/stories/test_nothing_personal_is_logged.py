"""A debt is lived through, troubles included, and nothing by which its debtor could be known is logged."""

import io
import json
import logging
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError

from collections_crm import logs
from contacts.models import Attempt, Contact
from contacts.rules.keywords import Meaning
from contacts.services import delivery, dispatch, policy
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.models import Debtor
from debtors.services import importing
from dunning.services import defaults, round
from tests.factories import make_creditor

pytestmark = pytest.mark.django_db

DUE_ON = date(2026, 8, 3)
NAME, TAX_ID, PHONE, MAIL = (
    "Quitéria Zuleica Xavante",
    "390.533.447-05",
    "(68) 99984-1234",
    "quiteria@xavante.example",
)
#: The last mobile is one that the sandbox always refuses, the mail one whose fate stays unclear.
FILE = (
    "cpf_cnpj;nome;data_nascimento;telefone_1;telefone_2;email_1;contrato;produto;parcela;vencimento;valor\n"
    f"{TAX_ID};{NAME};03/02/1980;{PHONE};(68) 99999-0001;{MAIL};CT-77;Geladeira;1;03/08/2026;1.000,00\n"
)
SECRETS = (
    "Quitéria", "Quiteria", "Zuleica", "Xavante", "xavante", "39053344705", "390.533", "99984", "68999",
    "Geladeira", "1.000,00", "CT-77", "recado pessoal", "nao me mandem",
)  # fmt: skip


def at(offset: int, hour: int) -> datetime:
    day = DUE_ON + timedelta(days=offset)
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) + timedelta(hours=5)


@pytest.fixture
def log():
    """What the product's own log holds, from here on, as it is written in production."""
    formatter = logs.configure(is_json=True, level="INFO")["formatters"]["events"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter["()"](**{k: v for k, v in formatter.items() if k != "()"}))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_nothing_by_which_a_debtor_could_be_known_is_logged(sandbox, log, monkeypatch):
    creditor = make_creditor(brand="Lojas Exemplo")
    policy.ship_default(now=at(-10, 9))
    defaults.ship()
    importing.import_at_once(
        FILE.encode(),
        file_name="carteira.csv",
        creditor=creditor,
        portfolio_name="Geral",
        only_good=False,
        now=at(-9, 9),
    )
    for offset in range(-4, 20):
        round.go(now=at(offset, 6))
        for hour in (9, 11, 15):
            dispatch.pump(clock=partial(at, offset, hour))
    _tell_and_write()
    _stumble(monkeypatch)

    assert Contact.objects.filter(state__in=[ContactState.SENT, ContactState.CONCLUDED]).exists()
    said = "\n".join(str(json.loads(line)) for line in log.getvalue().splitlines())
    assert "report on a message that is not ours" in said
    assert "cannot be judged" in said
    assert [secret for secret in SECRETS if secret in said] == []


def _tell_and_write() -> None:
    """Let the provider report on ours and on nobody's, and the debtor write and ask for peace."""
    attempt = Attempt.objects.filter(contact__channel=Channel.SMS, provider_id__isnull=False).first()
    for provider_id in (attempt.provider_id, "SM-nobody"):
        report = delivery.Report(
            provider="sandbox",
            provider_id=provider_id,
            status="delivered",
            payload={"To": PHONE, "Body": "recado pessoal"},
            outcome=Outcome.DELIVERED,
        )
        delivery.apply_report(report, now=attempt.started_at + timedelta(minutes=1))
    for number in ("+5568999841234", "+5511900000000"):
        text = delivery.Text(
            provider="sandbox",
            provider_id=f"SM{number}",
            channel=Channel.SMS,
            sender=number,
            body=f"Sou {NAME}, nao me mandem mais nada. SAIR",
            payload={"Body": NAME},
            meanings=frozenset({Meaning.OPT_OUT}),
        )
        delivery.receive_text(text, now=at(20, 15))


def _stumble(monkeypatch) -> None:
    """Let judging a contact fail with an error that quotes whole rows, as PostgreSQL's do."""

    def quote(*_args, **_kwargs):
        debtor = Debtor.objects.get()
        raise IntegrityError(
            'null value in column "kind" of relation "debtors_debtor" violates not-null constraint\n'
            f"DETAIL:  Failing row contains ({debtor.pk}, null, {debtor.name}, {debtor.tax_id}).\n"
            f"DETAIL:  Key (name)=({debtor.name}) already exists."
        )

    Contact.objects.filter(is_inbound=False).update(
        state=ContactState.PLANNED, outcome="", not_before=at(20, 9), expires_at=None, concluded_at=None
    )
    monkeypatch.setattr("contacts.services.admission.admit_many", quote)
    dispatch.pump(clock=partial(at, 20, 15))
