"""Which part of a file a player asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib.ranges import one_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", range(10)),
        ("bytes=0-1", range(2)),
        ("bytes=3-", range(3, 10)),
        ("bytes=3-99", range(3, 10)),
        ("bytes=9-9", range(9, 10)),
        ("bytes=-4", range(6, 10)),
        ("bytes=-99", range(10)),
        (" bytes=2-3 ", range(2, 4)),
    ],
)
def test_one_part_is_answered_as_it_was_asked_for(header, part):
    assert one_range(header, size=10) == part


@pytest.mark.parametrize(
    "header", ["", "bytes=10-", "bytes=5-3", "bytes=-0", "bytes=-", "bytes=0-1,3-4", "items=0-1", "bytes=a-b"]
)
def test_what_is_missing_malformed_many_or_not_there_is_answered_whole(header):
    assert one_range(header, size=10) is None


@given(first=st.integers(0, 50), last=st.none() | st.integers(0, 50), size=st.integers(0, 40))
def test_a_part_always_lies_in_the_file(first, last, size):
    part = one_range(f"bytes={first}-{'' if last is None else last}", size=size)

    assert part is None or (part.start == first < part.stop <= size)
