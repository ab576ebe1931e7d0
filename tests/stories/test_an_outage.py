"""The house stands still for weeks, or only sending does: then one courteous word leaves, never five."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from contacts.channels.sandbox import KeptMessage, read_messages
from contacts.models import Contact
from contacts.rules.disclosure import indiscretions
from contacts.services import dispatch, policy
from contacts.vocabulary import ContactState
from debtors.services import importing
from dunning.models import ScheduledStep
from dunning.services import defaults, round
from dunning.vocabulary import Actor
from tests.factories import make_creditor

pytestmark = pytest.mark.django_db

DUE_ON = date(2026, 8, 3)  # a Monday; the only holiday that follows is on day 35
#: The round at dawn plans; messages are spread over the morning, which noon and the evening see leave.
HOURS = (6, 12, 20)
FILE = (
    "cpf_cnpj;nome;data_nascimento;telefone_1;email_1;contrato;produto;parcela;vencimento;valor\n"
    "390.533.447-05;Maria Aparecida Souza;03/02/1980;(11) 99984-1234;maria@example.com;"
    "CT-77;Geladeira;1;03/08/2026;1.000,00\n"
)


def at(offset: int, hour: int) -> datetime:
    """An hour in São Paulo, so many days from the due date."""
    return datetime.combine(DUE_ON, datetime.min.time(), UTC) + timedelta(days=offset, hours=hour + 3)


class House:
    """One debtor, and a house of which the planner and the sender may stand still by themselves."""

    def __init__(self, sandbox) -> None:
        self.sandbox = sandbox
        policy.ship_default(now=at(-10, 9))
        defaults.ship()
        importing.import_at_once(
            FILE.encode(),
            file_name="carteira.csv",
            creditor=make_creditor(brand="Lojas Exemplo"),
            portfolio_name="Geral",
            only_good=False,
            now=at(-9, 9),
        )

    def live(
        self, first: int, last: int, *, plans: bool = True, sends: bool = True
    ) -> dict[int, list[KeptMessage]]:
        """Live the days from `first` to `last`; return what left on each on which something did."""
        left: dict[int, list[KeptMessage]] = {}
        for offset in range(first, last + 1):
            before = len(self.log())
            for hour in HOURS:
                if plans:
                    round.go(now=at(offset, hour))
                if sends:
                    dispatch.pump(clock=partial(at, offset, hour))
            if new := self.log()[before:]:
                left[offset] = new
        return left

    def log(self) -> list[KeptMessage]:
        return read_messages(self.sandbox, limit=1000)[::-1]


@pytest.fixture
def house(db, sandbox) -> House:
    return House(sandbox)


def messages_planned() -> int:
    return ScheduledStep.objects.filter(step__actor=Actor.SYSTEM, step__offset_days__gt=0).count()


def test_after_three_weeks_without_sending_one_courteous_word_leaves_and_the_others_say_what_became_of_them(
    house,
):
    assert house.live(-4, 4).keys() == {-3}  # the reminder, as ever
    assert house.live(5, 25, sends=False) == {}

    afterwards = house.live(26, 30)

    [(_day, [word])] = afterwards.items()
    tells_a_stranger_nothing(word)
    waited = Contact.objects.filter(wanted_by__startswith="step:", created_at__gt=at(4, 23))
    ended = {each.state for each in waited.exclude(state=ContactState.SENT)}
    assert messages_planned() == 4  # days 5, 10, 13 and 20
    assert ended <= {ContactState.EXPIRED, ContactState.CANCELLED}
    assert waited.filter(state=ContactState.SENT).count() == 1
    for each in waited.filter(state=ContactState.EXPIRED):
        assert each.expires_at is not None
        assert each.concluded_at >= each.expires_at


def test_after_three_weeks_of_nothing_the_ladder_goes_on_from_where_it_stands_and_catches_nothing_up(house):
    house.live(-4, 4)
    assert house.live(5, 25, plans=False, sends=False) == {}

    left = house.live(26, 70)

    days = sorted(left)
    assert all(len(messages) == 1 for messages in left.values())
    assert all(later - earlier >= 2 for earlier, later in pairwise(days))
    assert [day for day in days if day <= 30] == days[:1]
    assert len(days) <= 3  # the word after the outage, the statement, the last letter
    tells_a_stranger_nothing(left[days[0]][0])
    assert "R$ 1.000,00" in left[days[1]][0].body


def tells_a_stranger_nothing(word: KeptMessage) -> None:
    assert "recado pessoal" in word.body
    assert indiscretions(word.subject + word.body) == ()


def test_the_last_word_missed_is_said_late_only_once_and_not_beside_the_ladders_next(house):
    house.live(-4, 4)
    house.live(5, 33, sends=False)

    left = house.live(34, 60)

    # Day 35 has its own message, which a holiday puts off by one: nothing is said late on day 34.
    assert min(left) == 36
    assert all(len(messages) == 1 for messages in left.values())
    assert not Contact.objects.filter(wanted_by__endswith=":2").exists()


def test_an_outage_of_one_morning_costs_nothing_but_the_morning(house):
    house.live(-4, 4)
    hours: list[Callable[[], datetime]] = [partial(at, 5, hour) for hour in (6, 9, 10)]
    for hour in hours:
        round.go(now=hour())

    [(day, [word])] = house.live(5, 6, plans=False).items()

    assert (day, word.channel) == (5, "email")
