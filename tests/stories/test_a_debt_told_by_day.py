"""One debt from its line in a file to the thanks for its payment, told by day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from contacts import queries as contact_queries
from contacts.channels.sandbox import KeptMessage, read_messages
from contacts.models import Contact
from contacts.services import dispatch, policy
from contacts.vocabulary import Channel, ContactState, Outcome, Purpose
from debtors import queries as debtor_queries
from debtors.models import Creditor, Debtor, PromiseToPay, User
from debtors.services import importing, ledger, promises
from debtors.vocabulary import PaymentMethod, PaymentSource, PromiseStatus
from dunning import queries
from dunning.models import Case, CaseOutcome
from dunning.services import calling, defaults, outcomes, round, workqueue
from dunning.services.outcomes import PromiseTerms
from dunning.vocabulary import CaseState, CloseReason, Disposition
from tests.factories import confirm_person, make_agent, make_creditor

pytestmark = pytest.mark.django_db

DUE_ON = date(2026, 8, 3)  # a Monday; no holiday in the weeks that follow but 7 September
FILE = (
    "cpf_cnpj;nome;data_nascimento;telefone_1;email_1;contrato;produto;parcela;vencimento;valor\n"
    "390.533.447-05;Maria Aparecida Souza;03/02/1980;(68) 99984-1234;maria@example.com;"
    "CT-77;Geladeira;1;03/08/2026;1.000,00\n"
)


class Office:
    """The house and its clock; every day is lived through the services that everybody uses."""

    def __init__(self, sandbox) -> None:
        self.sandbox = sandbox
        policy.ship_default(now=self.at(-10, 9))
        defaults.ship()
        self.creditor: Creditor = make_creditor(brand="Lojas Exemplo")
        self.agent: User | None = None

    @staticmethod
    def at(offset: int, hour: int, minute: int = 0) -> datetime:
        """A moment in Rio Branco (UTC-5), where Maria lives, so many days from the due date."""
        day = DUE_ON + timedelta(days=offset)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) + timedelta(hours=5)

    def hand_in(self, offset: int) -> None:
        importing.import_at_once(
            FILE.encode(),
            file_name="carteira.csv",
            creditor=self.creditor,
            portfolio_name="Geral",
            only_good=False,
            now=self.at(offset, 9),
        )
        self.agent = make_agent(portfolios=self.creditor.portfolios.all())

    def live(self, offset: int) -> list[KeptMessage]:
        """Live one day from dawn to late evening; return what left on it."""
        before = len(self.log())
        for hour in (5, 8, 11, 21):
            now = self.at(offset, hour, 10)
            promises.settle_due(now=now)
            round.go(now=now)
            dispatch.pump(clock=lambda now=now: now)
            assert not queries.cases_without_next_action(now=now).exists()
        return self.log()[before:]

    def log(self) -> list[KeptMessage]:
        return read_messages(self.sandbox, limit=1000)[::-1]


@pytest.fixture
def office(db, sandbox) -> Office:
    return Office(sandbox)


def test_a_debt_told_by_day(office):
    # It begins as a line in a file, and the same file again changes nothing.
    office.hand_in(-9)
    office.hand_in(-9)
    maria = Debtor.objects.get()
    assert (maria.debts.count(), maria.points.count()) == (1, 2)

    # Nothing is said until three days before the due date; then one friendly reminder, in her morning.
    assert [office.live(day) for day in (-9, -8, -4)] == [[], [], []]
    [reminder] = office.live(-3)
    assert (reminder.channel, reminder.to) == ("email", "maria@example.com")
    assert "vencimento em 03/08/2026" in reminder.body
    assert office.at(-3, 8, 30) <= reminder.at < office.at(-3, 13)
    assert Contact.objects.get(state=ContactState.SENT).purpose == Purpose.REMINDER

    # She does not pay. Five days later a first word that tells a stranger nothing.
    assert [message for day in range(-2, 5) for message in office.live(day)] == []
    [first] = office.live(5)
    assert "recado pessoal" in first.body
    assert "R$" not in first.body
    assert "Bom dia, Maria" in first.body

    # A second word by another channel, then word that we shall call; on a Sunday nobody hears of us.
    later = {day: office.live(day) for day in range(6, 15)}
    assert {day: [m.channel for m in messages] for day, messages in later.items() if messages} == {
        10: ["sms"],
        14: ["sms"],  # due on Sunday the 16th of August; the gate waits for Monday
    }
    assert "vai ligar para voce" in later[14][0].body

    # The call is handed to the agents, not before she may be called where she lives.
    assert office.live(15) == []
    case = Case.objects.get()
    assert workqueue.take_next(agent=office.agent, now=office.at(16, 8, 29)) is None
    taken = workqueue.take_next(agent=office.agent, now=office.at(16, 8, 30))
    assert taken == case

    # She promises half of what is owed for Friday, and is left in peace until then.
    now = office.at(16, 8, 35)
    point = contact_queries.may_contact(debtor=maria, channel=Channel.VOICE, now=now).best.point
    call = calling.dial(taken, agent=office.agent, fence=taken.fence, point=point, now=now)
    promise = PromiseTerms(amount_cents=50_000, promised_on=DUE_ON + timedelta(days=18))
    confirm_person(taken, now=now)
    outcomes.record(
        case=taken,
        agent=office.agent,
        fence=taken.fence,
        disposition=Disposition.PROMISE,
        promise=promise,
        now=office.at(16, 8, 40),
    )
    call.refresh_from_db()
    assert call.outcome == Outcome.CONVERSATION
    assert [message for day in range(17, 20) for message in office.live(day)] == []
    assert Case.objects.get().state == CaseState.PROMISED

    # Nothing comes. The promise counts as broken after its day of grace, and the case wakes.
    office.live(20)
    assert PromiseToPay.objects.get().status == PromiseStatus.BROKEN
    woken = Case.objects.get()
    assert (woken.state, woken.callable_from is not None) == (CaseState.OPEN, True)

    # An agent asks kindly; this time she keeps her word and pays everything.
    now = office.at(22, 10)
    taken = workqueue.take_next(agent=office.agent, now=now)
    calling.dial(taken, agent=office.agent, fence=taken.fence, point=point, now=now)
    owed = debtor_queries.balance_with(
        debtor_id=maria.pk, creditor_id=office.creditor.pk, on=DUE_ON + timedelta(days=24)
    )
    assert owed.total_cents == 100_000 + 2_000 + 800  # 2 % once, 24 days of 1 % a month
    confirm_person(taken, now=now)
    outcomes.record(
        case=taken,
        agent=office.agent,
        fence=taken.fence,
        disposition=Disposition.PROMISE,
        promise=PromiseTerms(amount_cents=owed.total_cents, promised_on=DUE_ON + timedelta(days=24)),
        now=now + timedelta(minutes=4),
    )
    paid_at = office.at(24, 11)
    ledger.record_payment(
        debtor=maria,
        creditor=office.creditor,
        amount_cents=owed.total_cents,
        paid_on=timezone.localdate(paid_at),
        method=PaymentMethod.PIX,
        source=PaymentSource.BANK,
        external_id="E123",
        recorded_by=None,
        now=paid_at,
    )

    # In the same transaction the promise is kept and the case closed; what follows is thanks, once.
    assert PromiseToPay.objects.order_by("pk").last().status == PromiseStatus.KEPT
    closed = Case.objects.get()
    assert (closed.state, closed.close_reason) == (CaseState.CLOSED, CloseReason.PAID)
    [thanks] = [message for day in range(24, 40) for message in office.live(day)]
    assert "Recebemos seu pagamento" in thanks.body
    assert Case.objects.count() == 1
    assert CaseOutcome.objects.count() == 2
