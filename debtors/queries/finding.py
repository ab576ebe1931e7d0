"""Finding people among a million: by CPF or CNPJ, phone, contract, or how words of their names begin."""

from django.db.models import QuerySet

from debtors import queries
from debtors.models import ContactPoint, Debt, Debtor, User
from debtors.rules import searching
from debtors.rules.searching import Sought, Wanted
from debtors.vocabulary import Medium


def found_by(user: User, *, text: str, most: int) -> list[Debtor]:
    """Return at most `most` debtors the user may see who have what was typed, by name.

    Whoever is called exactly so is among them, and those whose name begins with it come first.
    Nothing is sorted by the database: it stops reading as soon as there are enough, however common
    a name is.
    """
    wanted = searching.understand(text)
    found = list(sought_by(user, wanted=wanted)[:most])
    if not found and wanted.kind != Sought.WORDS:  # a contract may be numbered like a phone
        found = list(sought_by(user, wanted=Wanted(Sought.WORDS, text))[:most])
    first = searching.folded(text)
    if len(found) == most:
        exactly = _seen_by(user).filter(folded_name=first)[:most]
        found = list({debtor.pk: debtor for debtor in [*exactly, *found]}.values())[:most]
    return sorted(found, key=lambda each: (not each.folded_name.startswith(first), each.folded_name, each.pk))


def sought_by(user: User, *, wanted: Wanted) -> QuerySet[Debtor]:
    """Return the debtors the user may see who have this tax id or phone, or these words."""
    seen = _seen_by(user)
    if wanted.kind == Sought.TAX_ID:
        return seen.filter(tax_id=wanted.value)
    if wanted.kind == Sought.PHONE:
        having = ContactPoint.objects.filter(medium=Medium.PHONE, value=wanted.value)
        return seen.filter(pk__in=having.values("debtor_id"))
    return _with_words(seen, text=wanted.value, debts=_debts_seen_by(user))


def _with_words(debtors: QuerySet[Debtor], *, text: str, debts: QuerySet[Debt]) -> QuerySet[Debtor]:
    """Return those with a word that begins so, for each word of `text`, in their names, accents aside.

    One word with a digit in it is a contract among `debts` that begins so, if there is one.
    """
    if searching.may_be_contract(text):
        having = debts.filter(contract__istartswith=text.strip())
        if having.exists():
            return debtors.filter(pk__in=having.values("debtor_id"))
    for word in searching.words(text):
        debtors = debtors.filter(folded_name__contains=word)
    return debtors


def _seen_by(user: User) -> QuerySet[Debtor]:
    """Return the debtors the user may see, his portfolios by their ids.

    The database knows how many debts a portfolio has that is named, and goes the shorter way; of
    whatever a query of its own will find it knows nothing.
    """
    if user.has_perm("debtors.view_portfolio"):
        return Debtor.objects.all()
    return Debtor.objects.filter(pk__in=_debts_seen_by(user).values("debtor_id"))


def _debts_seen_by(user: User) -> QuerySet[Debt]:
    if user.has_perm("debtors.view_portfolio"):
        return Debt.objects.all()
    return Debt.objects.filter(portfolio__in=queries.portfolios_of(user))
