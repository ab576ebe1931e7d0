"""Where a number or an address may be: every area code, the states in two zones, the odd municipalities."""

from datetime import UTC, datetime

import pytest

from contacts.rules import zones
from contacts.rules.calendar import zone

# The hours behind Greenwich of each area code; those not named are three hours behind.
ODD_OFFSETS = {
    **{code: {-4} for code in ("65", "66", "67", "69", "92", "95")},
    "68": {-5},
    "81": {-3, -2},
    "97": {-4, -5},
}
JANUARY, JULY = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


def test_there_are_sixty_seven_area_codes():
    assert len(zones.STATES_OF_AREA_CODE) == 67


@pytest.mark.parametrize("line", ["9{code}", "3{code}"])
@pytest.mark.parametrize("code", sorted(zones.STATES_OF_AREA_CODE))
def test_every_area_code_is_as_many_hours_behind_as_the_law_says(code, line):
    number = f"+55{code}987651234" if line.startswith("9") else f"+55{code}33334444"

    assert _offsets(zones.zones_of_number(number)) == ODD_OFFSETS.get(code, {-3})


@pytest.mark.parametrize(
    "number", ["", "+351912345678", "+5500987654321", "+5523987654321", "11987654321", "+551"]
)
def test_a_number_that_is_not_brazilian_is_nowhere(number):
    assert zones.zones_of_number(number) == frozenset()
    assert zones.states_of_number(number) == frozenset()


@pytest.mark.parametrize(
    ("state", "city", "offsets"),
    [
        ("SP", "", {-3}),
        ("AC", "Rio Branco", {-5}),
        ("AM", "Manaus", {-4}),
        ("AM", "TABATINGA", {-5}),
        ("AM", "  eirunepe ", {-5}),
        ("AM", "", {-4, -5}),
        ("PE", "Recife", {-3}),
        ("PE", "Fernando de Noronha", {-2}),
        ("PE", "", {-3, -2}),
        ("XX", "Recife", set()),
        ("", "", set()),
    ],
)
def test_the_municipality_decides_and_a_split_state_without_one_is_in_both_its_zones(state, city, offsets):
    assert _offsets(zones.zones_of_address(state=state, city=city)) == offsets


def test_an_area_code_at_a_state_line_belongs_to_both_states():
    assert zones.states_of_number("+5561987651234") == {"GO", "DF"}
    assert zones.states_of_number("+5542987651234") == {"PR", "SC"}


def _offsets(names):
    moments = {
        moment.astimezone(zone(name)).utcoffset().total_seconds() // 3600
        for name in names
        for moment in (JANUARY, JULY)
    }
    return {int(hours) for hours in moments}
