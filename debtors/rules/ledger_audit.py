"""Whether the entries of a debt are exactly those that follow from its installments and payments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debtors.rules.allocation import REALISED
from debtors.rules.payoff import History
from debtors.vocabulary import EntryKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry of a debt; `reverses` is the id of another, `payment` of what it came from."""

    pk: int
    kind: str
    amount_cents: int
    payment: int | None = None
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it must be, in centavos.

    The codes: `charges` (against the installments), `reversal` (no mirror of its entry), `excess` (holds
    more than is owed), `principal` (the entries do not add up to what is open), `over_payment` (payments
    have entries beyond their amount), and the kinds of entries that payments realise.
    """

    code: str
    expected_cents: int
    found_cents: int


def differences(*, entries: Sequence[Entry], history: History) -> list[Difference]:
    """Return where the entries of one debt differ from what its history makes of them; none when sound."""
    settled = history.settled()
    undone = {entry.reverses for entry in entries}
    live = [entry for entry in entries if entry.pk not in undone]
    pairs = [
        ("charges", sum(due.amount_cents for due in history.installments), _sum(live, EntryKind.CHARGE)),
        *((kind.value, getattr(settled, name), _sum(live, kind)) for kind, name in REALISED.items()),
        ("excess", 0, settled.excess_cents),
        ("principal", settled.principal_cents, sum(entry.amount_cents for entry in entries)),
        *_reversals(entries),
    ]
    return [Difference(code, expected, found) for code, expected, found in pairs if expected != found]


def _sum(entries: Sequence[Entry], kind: EntryKind) -> int:
    return sum(entry.amount_cents for entry in entries if entry.kind == kind)


def _reversals(entries: Sequence[Entry]) -> Iterator[tuple[str, int, int]]:
    amounts = {entry.pk: entry.amount_cents for entry in entries}
    for entry in entries:
        if entry.reverses is not None:
            yield "reversal", -amounts.get(entry.reverses, 0), entry.amount_cents
