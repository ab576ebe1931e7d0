"""Twilio's signatures, by its own published vectors."""

import json
from pathlib import Path

import pytest

from contacts.channels.twilio_signature import is_genuine
from tests.fakes.twilio.callbacks import signature

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "twilio.json").read_text())["signature"]
SETTINGS = {"sha256": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}


def check(vector, **changes):
    fields = {name: value if isinstance(value, list) else [value] for name, value in vector["params"].items()}
    call = {
        "url": vector["url"],
        "fields": fields,
        "signature": vector["signature"],
        "tokens": [vector["token"]],
        "settings_header": SETTINGS.get(vector.get("hash", ""), ""),
    }
    return is_genuine(**call | changes)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_a_published_signature_is_genuine(vector):
    assert check(vector)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_any_change_makes_it_a_forgery(vector):
    assert not check(vector, url=vector["url"] + "3")
    assert not check(vector, tokens=["54321"])
    assert not check(vector, fields={})
    assert not check(vector, signature="")
    assert not check(vector, signature="ã" * 28)
    assert not check(vector, signature=vector["signature"].lower())


def test_while_a_token_is_changed_both_are_good_and_an_empty_one_never():
    vector = VECTORS[0]

    assert check(vector, tokens=["new", vector["token"]])
    assert not check(vector, tokens=["new", ""])
    assert not check(vector, tokens=[])


def test_an_empty_token_signs_nothing_even_if_the_forger_uses_it_too():
    forged = signature(token="", url="https://h.example/", fields={"A": "b"})

    assert not is_genuine(url="https://h.example/", fields={"A": ["b"]}, signature=forged, tokens=[""])


def test_an_algorithm_we_do_not_know_is_refused(caplog):
    assert not check(VECTORS[0], settings_header="key=k,algorithm=HMAC_MD5")


def test_the_stand_in_signs_as_the_vectors_do():
    vector = VECTORS[0]

    assert signature(token=vector["token"], url=vector["url"], fields=vector["params"]) == vector["signature"]
