"""Where a call is recorded."""

import pytest

from contacts.rules.recording import RECORDED_BY_LAW, is_recorded


@pytest.mark.parametrize(
    ("states", "mode", "expected"),
    [
        ({"SP"}, "law", True),
        ({"BA", "RJ"}, "law", True),  # where he may be in either, the stricter holds
        ({"BA"}, "law", False),
        (set(), "law", True),  # nothing is known of him: the law may ask for it
        ({"BA"}, "always", True),
        ({"SP"}, "never", False),
        (set(), "never", False),
    ],
)
def test_a_call_is_recorded_where_the_law_asks_or_the_house_chooses(states, mode, expected):
    assert is_recorded(states=states, mode=mode) is expected


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="sometimes"):
        is_recorded(states={"SP"}, mode="sometimes")


def test_the_states_are_those_whose_law_was_read():
    assert {"SP", "RJ", "PR", "MT"} == RECORDED_BY_LAW
