"""How big an SMS is, by the published vectors and by what Portuguese letters do to it."""

import json
from pathlib import Path

import pytest

from contacts.rules.sms_size import fold_to_gsm, sms_size

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "twilio.json").read_text())["sms_segments"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['text'][:6]}-{v['units']}")
def test_a_text_takes_the_segments_the_network_charges(vector):
    size = sms_size(vector["text"])

    assert (size.encoding, size.units, size.segments) == (
        vector["encoding"],
        vector["units"],
        vector["segments"],
    )


def test_the_letters_that_make_an_sms_expensive_are_named():
    assert sms_size("Olá, não é cobrança: ligue").offenders == "áãç"
    assert sms_size("É às 10h, você decide").offenders == "ê"
    assert sms_size("[ok] 5€").offenders == ""


@pytest.mark.parametrize(
    ("text", "segments"),
    [("a" * 152 + "€" + "a" * 151, 2), ("a" * 152 + "€" + "a" * 152, 3), ("x" * 66 + "😀" + "ç" * 66, 3)],
)
def test_a_character_of_two_places_is_never_torn_between_segments(text, segments):
    assert sms_size(text).segments == segments


def test_folding_leaves_what_the_network_has_and_plain_letters_for_the_rest():
    assert fold_to_gsm("Olá, não é às 10h – você “decide”…") == 'Ola, nao é às 10h - voce "decide"...'
    assert sms_size(fold_to_gsm("Informação já disponível")).encoding == "GSM-7"
    assert fold_to_gsm("😀") == "😀"
