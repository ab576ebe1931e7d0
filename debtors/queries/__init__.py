"""Which debts, how much, and who may see them: the reads of the app that knows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from debtors.models import (
    ContactPoint,
    Creditor,
    Debt,
    Debtor,
    Installment,
    LedgerEntry,
    MoneyInTransit,
    Portfolio,
    PromiseToPay,
    User,
)
from debtors.queries import accounts
from debtors.queries.accounts import Pair, Party
from debtors.queries.compiled import Asking, Read, together
from debtors.rules import payoff
from debtors.rules.payoff import Balance, History
from debtors.vocabulary import Medium, PromiseStatus, TransitState

CHUNK = 500  # ids in one query; SQLite takes a limited number of parameters


def balances(*, debts: Iterable[int], on: date) -> dict[int, Balance]:
    """Return the balance on `on` of each debt id given, in three queries however many there are."""
    return {debt_id: each.owed(on=on) for debt_id, each in histories(debts=debts).items()}


def histories(*, debts: Iterable[int]) -> dict[int, History]:
    """Return what the balance of each debt id follows from, in three queries however many there are.

    On PostgreSQL these three go in one errand.
    """
    wanted = {"debts": list(debts)}
    if not wanted["debts"]:
        return {}
    read = together(
        parties=(accounts.of_debts, wanted), dues=(accounts.dues, wanted), credits=(accounts.credits, wanted)
    )
    return accounts.histories_of(accounts.parties_of(read["parties"]), read["dues"], read["credits"])


def histories_with(*, debtors: Iterable[int], creditor: Creditor) -> dict[int, dict[int, History]]:
    """Return, by debtor id and debt id, what balances with one creditor follow from."""
    found: dict[int, dict[int, History]] = defaultdict(dict)
    wanted = list(debtors)
    for start in range(0, len(wanted), CHUNK):
        between = Debt.objects.filter(debtor__in=wanted[start : start + CHUNK], creditor=creditor)
        parties = accounts.parties(between)
        for debt_id, history in accounts.histories(parties).items():
            found[parties[debt_id].pair[0]][debt_id] = history
    return found


def balances_of_pairs(*, pairs: Iterable[Pair], on: date) -> dict[Pair, Balance]:
    """Return the balance on `on` of each (debtor id, creditor id), over all debts between the two."""
    wanted = set(pairs)
    parties = accounts.parties_of(accounts.of_debtors(debtors=sorted({debtor for debtor, _ in wanted})))
    debts = {pk: party for pk, party in parties.items() if party.pair in wanted}
    by_pair: dict[Pair, list[Balance]] = {pair: [] for pair in wanted}
    for debt_id, history in accounts.histories(debts).items():
        by_pair[debts[debt_id].pair].append(history.owed(on=on))
    return {pair: payoff.combined(every, on=on) for pair, every in by_pair.items()}


def balance_with(*, debtor_id: int, creditor_id: int, on: date) -> Balance:
    """Return what the debtor owes the creditor on `on`, over all debts between the two."""
    pair = (debtor_id, creditor_id)
    return balances_of_pairs(pairs=[pair], on=on)[pair]


def histories_of_debtors(*, debtors: Iterable[int]) -> dict[int, dict[int, list[History]]]:
    """Return, by debtor id and creditor id, what the balance of each debt between the two follows from."""
    parties = accounts.parties_of(accounts.of_debtors(debtors=list(debtors)))
    return by_pair(parties, accounts.histories(parties))


def by_pair(
    parties: Mapping[int, Party], histories: Mapping[int, History]
) -> dict[int, dict[int, list[History]]]:
    """Return the histories of debts by debtor id and creditor id."""
    found: dict[int, dict[int, list[History]]] = defaultdict(lambda: defaultdict(list))
    for debt_id, history in histories.items():
        debtor_id, creditor_id = parties[debt_id].pair
        found[debtor_id][creditor_id].append(history)
    return found


def rests_until(*, debtor_id: int, creditor_id: int) -> date | None:
    """Return the last day on which money between the two may still arrive; None when none is on its way."""
    return accounts.rests_until_of(debtor_id, creditor_id).first()


def on_their_way(*, debtor_id: int, on: date) -> list[MoneyInTransit]:
    """Return what the debtor was given to pay and may still arrive on `on`, latest first."""
    waiting = MoneyInTransit.objects.filter(
        debtor=debtor_id, state=TransitState.WAITING, rests_until__gte=on
    )  # fmt: skip
    return list(waiting)


def everybody_at_the_numbers_of(debtors: Iterable[int]) -> set[int]:
    """Return the debtors, and all who share a number or an e-mail with one of them."""
    wanted = set(debtors)
    reachable = ContactPoint.objects.exclude(medium=Medium.ADDRESS)  # a street has one name in many towns
    values = reachable.filter(debtor__in=wanted).values("value")
    return wanted | set(reachable.filter(value__in=values).values_list("debtor_id", flat=True))


def portfolios_of(user: User) -> list[int]:
    """Return the ids of the portfolios the user may see: his own, or every one for a manager."""
    read, values = portfolios_asked_for(user)
    return read(**values)


def portfolios_asked_for(user: User) -> Asking:
    """Return what to ask for the same, along with other reads."""
    if user.has_perm("debtors.view_portfolio"):
        return _every_portfolio, {}
    return _portfolios_given, {"user": user.pk}


def portfolio_choices(portfolios: list[int]) -> dict[str, list[tuple[int, str]]]:
    """Return these portfolios as (id, name) for a filter to offer, and in the same way whose they are."""
    named = _portfolios_named(portfolios=portfolios)
    return {
        "portfolio": [(pk, f"{brand} · {name}") for pk, name, _owner, brand in named],
        "creditor": list({owner: brand for _pk, _name, owner, brand in named}.items()),
    }


@Read
def _portfolios_named(portfolios: list[int]) -> QuerySet[Portfolio, Any]:
    named = Portfolio.objects.filter(pk__in=portfolios).order_by("creditor__brand", "name", "pk")
    return named.values_list("pk", "name", "creditor_id", "creditor__brand")


@Read
def _every_portfolio() -> QuerySet[Portfolio, int]:
    return Portfolio.objects.order_by("pk").values_list("pk", flat=True)


@Read
def _portfolios_given(user: int) -> QuerySet[Portfolio, int]:
    return Portfolio.objects.filter(agents=user).order_by("pk").values_list("pk", flat=True)


def debtors_seen_by(user: User) -> QuerySet[Debtor]:
    """Return the debtors with a debt in a portfolio that was given to the user."""
    if user.has_perm("debtors.view_portfolio"):
        return Debtor.objects.all()
    given = Debt.objects.filter(portfolio__in=user.portfolios.all()).values("debtor_id")
    return Debtor.objects.filter(pk__in=given)


def debts_seen_by(user: User) -> QuerySet[Debt]:
    """Return the debts in the portfolios that were given to the user; every debt for a manager."""
    if user.has_perm("debtors.view_portfolio"):
        return Debt.objects.all()
    return Debt.objects.filter(portfolio__in=user.portfolios.all())


def promises_seen_by(user: User) -> QuerySet[PromiseToPay]:
    """Return the promises to creditors whose debts, of the same debtor, the user may see."""
    owed = debts_seen_by(user).filter(debtor=OuterRef("debtor"), creditor=OuterRef("creditor"))
    return PromiseToPay.objects.filter(Exists(owed))


def open_promises(*, debtors: Iterable[int], user: User) -> QuerySet[PromiseToPay]:
    """Return the debtors' promises that still bind us to wait, of those the user may see."""
    return promises_seen_by(user).filter(debtor__in=list(debtors), status=PromiseStatus.OPEN)


def listed(user: User) -> QuerySet[Debtor]:
    """Return the debtors the user may see, with what a list sorts and filters by.

    `principal_cents` is the principal still open, due or not, of the debts he may see (the ledger
    adds up to it), `is_promised` whether a payment is promised.
    """
    entries = LedgerEntry.objects.filter(debt__debtor=OuterRef("pk"), debt__in=debts_seen_by(user))
    moved = entries.order_by().values("debt__debtor").annotate(sum=Sum("amount_cents")).values("sum")
    promised = promises_seen_by(user).filter(debtor=OuterRef("pk"), status=PromiseStatus.OPEN)
    return debtors_seen_by(user).annotate(
        principal_cents=Coalesce(Subquery(moved), Value(0), output_field=BigIntegerField()),
        is_promised=Exists(promised),
    )


def with_oldest_open_due(debtors: QuerySet[Debtor], *, user: User) -> QuerySet[Debtor]:
    """Add `oldest_open_on`: the first due date, among debts he may see, that is not covered by what was paid.

    Money meets principal oldest first, so an installment is open when the installments up to it
    add up to more than the principal settled, which is their total less what the ledger adds up to.
    """
    same_debt = Installment.objects.filter(debt=OuterRef("debt")).order_by()
    total = same_debt.values("debt").annotate(sum=Sum("amount_cents")).values("sum")
    up_to_here = (
        same_debt.filter(
            Q(due_on__lt=OuterRef("due_on")) | Q(due_on=OuterRef("due_on"), number__lte=OuterRef("number"))
        )
        .values("debt")
        .annotate(sum=Sum("amount_cents"))
        .values("sum")
    )
    left = LedgerEntry.objects.filter(debt=OuterRef("debt")).order_by().values("debt")
    still_open = (
        Installment.objects.filter(debt__debtor=OuterRef("pk"), debt__in=debts_seen_by(user))
        .order_by()
        .annotate(
            settled_cents=Subquery(total) - Subquery(left.annotate(sum=Sum("amount_cents")).values("sum"))
        )
        .annotate(up_to_here_cents=Subquery(up_to_here))
        .filter(up_to_here_cents__gt=F("settled_cents"))
        .values("debt__debtor")
        .annotate(first=Min("due_on"))
        .values("first")
    )
    return debtors.annotate(oldest_open_on=Subquery(still_open))


def balances_of_debtors(*, debtors: Iterable[int], debts: QuerySet[Debt], on: date) -> dict[int, Balance]:
    """Return what each debtor owes on `on` over those of `debts` that are his."""
    wanted = list(debtors)
    parties = accounts.parties(debts.filter(debtor__in=wanted))
    found: dict[int, list[Balance]] = defaultdict(list)
    for debt_id, history in accounts.histories(parties).items():
        found[parties[debt_id].pair[0]].append(history.owed(on=on))
    return {debtor: payoff.combined(found[debtor], on=on) for debtor in wanted}


def creditors_of(*, debtors: Iterable[int], debts: QuerySet[Debt]) -> dict[int, list[Creditor]]:
    """Return the creditors of each debtor over those of `debts` that are his, by brand."""
    found: dict[int, list[Creditor]] = defaultdict(list)
    of_these = debts.filter(debtor__in=list(debtors)).select_related("creditor")
    for debt in of_these.order_by("creditor__brand", "pk"):
        if debt.creditor not in found[debt.debtor_id]:
            found[debt.debtor_id].append(debt.creditor)
    return found


def count_promises(promises: QuerySet[PromiseToPay], *, today: date) -> dict[str, int]:
    """Return how many of the promises are open, late, due today, due later, and settled."""
    is_open = Q(status=PromiseStatus.OPEN)
    found: dict[str, int] = promises.aggregate(
        all=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(promised_on__lt=today)),
        today=Count("pk", filter=is_open & Q(promised_on=today)),
        next=Count("pk", filter=is_open & Q(promised_on__gt=today)),
        settled=Count("pk", filter=~is_open),
    )
    return found
