"""No cell of ours runs as a formula, and every cell can be read back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collections_crm.lib import csvsafe


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_a_spreadsheet_may_run_gets_an_apostrophe(first):
    assert csvsafe.safe_cell(first + "1+1") == "'" + first + "1+1"


@pytest.mark.parametrize("text", ["", "Maria", "'tis", "R$ -5", " =1", "'"])
def test_a_harmless_cell_stays_as_it_is(text):
    assert csvsafe.safe_cell(text) == text


def test_an_exported_phone_is_read_back():
    assert csvsafe.plain_cell("'+5511987654321") == "+5511987654321"
    assert csvsafe.plain_cell("+5511987654321") == "+5511987654321"


@given(st.text(alphabet="='+-@\t\r\nAé＝", max_size=6))
@example("'=x")
@example("''+x")
def test_a_safe_cell_is_safe_and_is_read_back(text):
    safe = csvsafe.safe_cell(text)

    assert safe[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert csvsafe.plain_cell(safe) == text
