"""At which hours somebody answers."""

from datetime import datetime

import pytest

from dunning.rules.best_time import Band, best


def calls(*told: tuple[int, bool]) -> list[tuple[datetime, bool]]:
    return [(datetime(2026, 11, 16, hour, 59), is_in) for hour, is_in in told]


@pytest.mark.parametrize(
    ("told", "band"),
    [
        ((), None),
        (((9, False), (10, False)), None),
        (((9, True),), Band(8, 1, 1)),
        (((18, True), (19, True), (9, True)), Band(18, 2, 2)),
        (((9, True), (8, False), (8, False), (14, True)), Band(14, 1, 1)),
        (((14, True), (9, True)), Band(8, 1, 1)),
        (((23, True),), Band(22, 1, 1)),
    ],
)
def test_the_best_two_hours_are_those_in_which_most_calls_were_answered(told, band):
    assert best(calls(*told)) == band


def test_a_band_says_when_it_ends():
    assert Band(22, 1, 1).ends == 24
