"""Where a number or an address may be: every area code and state, the split states, the odd municipalities.

The tables in `tests/data` were drawn up independently of the product's: states and area codes from the
Federal Government's list of municipalities, hours from the laws.
"""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contacts.rules import zones
from contacts.rules.calendar import zone
from tests.factories.gate import at, every_day, make_facts, make_point, make_terms, reasons

DATA = Path(__file__).parents[1] / "data"
BUSINESS = make_terms(windows=every_day(("08:30", "21:00")))
MIDNIGHT = at("2026-11-18 00:00")
WESTERN_AMAZONAS = (
    *("Atalaia do Norte", "Benjamin Constant", "Boca do Acre", "Eirunepé", "Envira", "Guajará", "Ipixuna"),
    *("Itamarati", "Jutaí", "Lábrea", "Pauini", "São Paulo de Olivença", "Tabatinga"),
)


def _rows(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


AREA_CODES = _rows("area_codes.csv")
STATES = _rows("states.csv")
LINES = {"mobile": "+55{}987651234", "landline": "+55{}33334444"}


def test_the_tables_name_the_same_sixty_seven_area_codes_and_twenty_seven_states():
    assert len(AREA_CODES) == 67
    assert set(zones.STATES_OF_AREA_CODE) == {row["area_code"] for row in AREA_CODES}
    assert {row["state"]: row["zone_of_the_capital"] for row in STATES} == zones.ZONE_OF_STATE
    assert len(STATES) == 27


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("row", AREA_CODES, ids=lambda row: row["area_code"])
def test_every_area_code_may_be_in_exactly_these_zones_and_states(row, line):
    number = line.format(row["area_code"])

    assert zones.zones_of_number(number) == set(row["zones"].split())
    assert zones.states_of_number(number) == set(row["states"].split())
    assert _hours(zones.zones_of_number(number)) == {int(hours) for hours in row["hours_from_utc"].split()}


@pytest.mark.parametrize("row", AREA_CODES, ids=lambda row: row["area_code"])
def test_a_number_is_called_only_when_it_is_day_in_every_zone_of_its_area_code(row):
    hours = [int(each) for each in row["hours_from_utc"].split()]
    opens = MIDNIGHT + timedelta(hours=8.5) - timedelta(hours=min(hours))
    closes = MIDNIGHT + timedelta(hours=21) - timedelta(hours=max(hours))
    facts = make_facts(time_zones=tuple(zones.zones_of_number(LINES["mobile"].format(row["area_code"]))))
    moments = (opens - timedelta(seconds=1), opens, closes - timedelta(seconds=1), closes)

    answers = [reasons(facts, BUSINESS, now=moment) for moment in moments]

    assert answers == [("OUTSIDE_HOURS",), (), (), ("OUTSIDE_HOURS",)]


@pytest.mark.parametrize("row", STATES, ids=lambda row: row["state"])
def test_the_capital_of_every_state_keeps_its_hours(row):
    capital = {"AM": "Manaus", "PA": "Belém", "PE": "Recife"}.get(row["state"], "a capital")

    found = zones.zones_of_address(state=row["state"], city=capital)

    assert found == {row["zone_of_the_capital"]}
    assert _hours(found) == {int(row["hours_from_utc"])}


@pytest.mark.parametrize("row", STATES, ids=lambda row: row["state"])
def test_an_address_without_a_municipality_is_in_every_zone_of_its_state(row):
    further = {"AM": "America/Eirunepe", "PA": "America/Santarem", "PE": "America/Noronha"}
    expected = {row["zone_of_the_capital"], further.get(row["state"], row["zone_of_the_capital"])}

    assert zones.zones_of_address(state=row["state"], city="") == expected
    assert zones.zones_of_address(state=row["state"], city="  ") == expected


@pytest.mark.parametrize("city", WESTERN_AMAZONAS)
def test_the_thirteen_municipalities_of_western_amazonas_are_five_hours_behind(city):
    assert zones.zones_of_address(state="AM", city=city) == {"America/Eirunepe"}
    assert zones.zones_of_address(state="AM", city=f" {city.upper()} ") == {"America/Eirunepe"}


def test_the_other_forty_nine_municipalities_of_amazonas_are_four_hours_behind():
    eastern = [
        city
        for (state, city), name in zones._ZONE_OF_CITY.items()
        if state == "AM" and name == "America/Manaus"
    ]

    assert len(eastern) == 62 - len(WESTERN_AMAZONAS)
    assert "sao gabriel da cachoeira" in eastern  # far in the west too, and yet in this zone
    assert zones.zones_of_address(state="AM", city="Tefé") == {"America/Manaus"}


@pytest.mark.parametrize(
    ("state", "city", "expected"),
    [
        ("PE", "Fernando de Noronha", {"America/Noronha"}),
        ("PE", "FERNANDO DE NORONHA (Distrito Estadual)", {"America/Noronha"}),
        ("PE", "Vila dos Remédios", {"America/Noronha"}),
        ("PE", "Petrolina", {"America/Recife"}),
        ("PA", "Santarém", {"America/Santarem"}),
        ("PA", "Altamira", {"America/Santarem"}),
        ("PA", "Marabá", {"America/Belem"}),
        ("PA", "Itaituba", {"America/Belem", "America/Santarem"}),
        ("AM", "Benjamim Constant", {"America/Manaus", "America/Eirunepe"}),  # misspelt, as it often is
        ("AM", "Manaus - AM", {"America/Manaus", "America/Eirunepe"}),
        ("AC", "Tabatinga", {"America/Rio_Branco"}),  # another state's municipality changes nothing
        ("RN", "Fernando de Noronha", {"America/Fortaleza"}),
    ],
)
def test_the_municipality_decides_and_one_that_nobody_knows_may_be_in_either_zone(state, city, expected):
    assert zones.zones_of_address(state=state, city=city) == expected


@pytest.mark.parametrize(("state", "city"), [("XX", "Recife"), ("", ""), ("", "Manaus"), ("am", "Manaus")])
def test_an_address_without_a_known_state_is_nowhere(state, city):
    assert zones.zones_of_address(state=state, city=city) == frozenset()


@pytest.mark.parametrize(
    "number",
    [
        *("", "+351912345678", "+5500987654321", "+5523987654321", "+5520987654321", "11987654321", "+551"),
        *("+5411987654321", "+55119876543", "+55119876543210", "11+5511987654"),
    ],
)
def test_a_number_with_an_area_code_outside_the_table_is_nowhere_and_is_not_contacted(number):
    facts = make_facts(
        point=make_point(time_zones=tuple(zones.zones_of_number(number))),
        time_zones=tuple(zones.zones_of_number(number)),
    )

    assert zones.zones_of_number(number) == frozenset()
    assert zones.states_of_number(number) == frozenset()
    assert reasons(facts) == ("TZ_UNKNOWN",)


@pytest.mark.parametrize(
    ("number", "code"),
    [("+5511987654321", "11"), ("+551133334444", "11"), ("+5597987654321", "97"), ("+441133334444", "")],
)
def test_the_area_code_follows_the_country_code(number, code):
    assert zones.area_code(number) == code


def test_somebody_in_brazil_is_in_one_of_sixteen_zones():
    assert len(zones.all_zones()) == 16
    assert zones.all_zones() == (
        {row["zone_of_the_capital"] for row in STATES}
        | {name for row in AREA_CODES for name in row["zones"].split()}
    )


def _hours(names):
    """Return how many hours from Greenwich these zones are, in January and in July."""
    moments = [datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 7)]
    shifts = {moment.astimezone(zone(name)).utcoffset() for name in names for moment in moments}
    return {int(shift / timedelta(hours=1)) for shift in shifts}
