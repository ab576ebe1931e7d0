"""How long the slowest search among a million debtors takes, beside reading one by his CPF."""

from collections.abc import Iterator
from statistics import median

from debtors.models import Debtor, User
from debtors.queries import finding
from tests.bench import office
from tests.bench.measuring import Figure, seconds
from tests.factories import house_portfolio, make_agent, make_portfolio

PEOPLE = 1_000_000
TIMES = 5
FIRST = "Ana Maria José João Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Juliana Márcia Fernanda"
LAST = "Silva Santos Oliveira Souza Lima Pereira Ferreira Costa Rodrigues Almeida Nascimento Araújo Conceição"
RARE = "Zwetsch Quaresma Ximenes Uchôa Yamashita Wolff Kubitschek Itiberê"
#: What agents type: common names and rare ones, one word and several, numbers of each kind, and nobody.
TYPED = (
    "maria", "silva", "maria silva", "jose da conceicao", "ana paula ferreira", "ximenes", "zwetsch quaresma",
    "mar sil", "a", "CT-999999", "CT-9", "+5511900500500", "00000050000", "ninguém aqui",
)  # fmt: skip


def measure() -> Iterator[Figure]:
    """Give a figure for an agent of everything, and one for an agent of one debtor in a hundred."""
    everything, few = _fill()
    alone = median(seconds(lambda: list(Debtor.objects.filter(tax_id="00000050000"))) for _ in range(TIMES))
    for name, agent in (("all portfolios", everything), ("one in a hundred", few)):
        typed, slowest = max(((typed, _took(agent, typed)) for typed in TYPED), key=lambda each: each[1])
        yield Figure(
            path=f"search, {name}: “{typed}”",
            unit="searches",
            per_second=1 / slowest,
            yardstick="one debtor by his CPF",
            yardstick_per_second=1 / alone,
            goal="the slowest under 100 ms",
        )


def _took(agent: User, typed: str) -> float:
    return median(seconds(lambda: finding.found_by(agent, text=typed, most=51)) for _ in range(TIMES))


def _fill() -> tuple[User, User]:
    office.empty()
    large = house_portfolio()
    small = make_portfolio(creditor=large.creditor)
    office.run(_debtors())
    portfolio = f"CASE WHEN id % 100 = 0 THEN {small.pk} ELSE {large.pk} END"
    office.run(
        "INSERT INTO debtors_debt (debtor_id, creditor_id, portfolio_id, contract, product, instrument,"
        f" original_creditor, created_at) SELECT id, {large.creditor_id}, {portfolio}, 'CT-' || id, '',"
        " 'boleto', '', now() FROM debtors_debtor"
    )
    office.run(
        "INSERT INTO debtors_contactpoint (debtor_id, medium, kind, status, value, is_mobile, city, state,"
        " postal_code, source, created_at) SELECT id, 'phone', 'own', 'new',"
        " '+5511' || (900000000 + id), true, '', '', '', '', now() FROM debtors_debtor"
    )
    office.run("ANALYZE")
    return make_agent(portfolios=[large, small]), make_agent(portfolios=[small])


def _debtors() -> str:
    """Return the statement that writes the people: two first names and two surnames, of 500 one rare."""
    first, last, rare = (
        "ARRAY[" + ", ".join(f"'{name}'" for name in names.split()) + "]" for names in (FIRST, LAST, RARE)
    )
    surname = f"CASE WHEN n % 500 = 0 THEN ({rare})[1 + n / 500 % 8] ELSE ({last})[1 + n / 2925 % 13] END"
    parts = (f"({first})[1 + n % 15]", f"({first})[1 + n / 15 % 15]", f"({last})[1 + n / 225 % 13]", surname)
    people = f"SELECT n, concat_ws(' ', {', '.join(parts)}) AS name FROM generate_series(1, {PEOPLE}) AS n"
    folded = "' ' || translate(lower(name), 'áéíóúâêôãõç', 'aeiouaeoaoc')"
    return (
        "INSERT INTO debtors_debtor (kind, name, preferred_name, folded_name, tax_id, confirmed_time_zone,"
        f" revision, created_at) SELECT 'person', name, '', {folded}, lpad(n::text, 11, '0'), '', 0, now()"
        f" FROM ({people}) AS people"
    )
