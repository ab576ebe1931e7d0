"""Logs hold ids only: what a debtor could be known by is blotted out."""

import json
import logging

import pytest
import structlog

from collections_crm import logs
from collections_crm.logs import BLOT, blot


@pytest.mark.parametrize(
    "secret",
    [
        "529.982.247-25",
        "52998224725",
        "12.ABC.345/01DE-35",
        "11.222.333/0001-81",
        "+5511988887777",
        "+55 (11) 98888-7777",
        "maria.silva+crm@example.com.br",
    ],
)
def test_what_a_person_could_be_known_by_is_blotted_out(secret: str) -> None:
    assert blot(f"Key (value)=({secret}) already exists.") == f"Key (value)=({BLOT}) already exists."


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (
            "DETAIL:  Key (name)=(Maria Souza) already exists.",
            f"DETAIL:  Key (name)=({BLOT}) already exists.",
        ),
        (
            "Key (debtor_id, name)=(1, João (pai)) already exists.",
            f"Key (debtor_id, name)=({BLOT}) already exists.",
        ),
        ("DETAIL:  Failing row contains (7, Maria, null, (x)).", f"DETAIL:  Failing row contains {BLOT}."),
    ],
)
def test_what_a_database_quotes_of_a_row_is_blotted_out(told: str, kept: str) -> None:
    assert blot(told) == kept


@pytest.mark.parametrize(
    "harmless",
    [
        "contact 4711 sent in 12 ms",
        "policy version 3, hash 9f86d081884c7d65",
        "2026-11-21 13:05:09",
        "step:812:3:1",
        "SM0123456789abcdef0123456789abcdef",
    ],
)
def test_ids_and_times_stay(harmless: str) -> None:
    assert blot(harmless) == harmless


@pytest.mark.parametrize("logger", [structlog.get_logger("contacts"), logging.getLogger("some.library")])
def test_every_logger_writes_one_blotted_line(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    formatter = logs.configure(is_json=True, level="INFO")["formatters"]["events"]
    handler = logging.StreamHandler()
    handler.setFormatter(formatter["()"](**{k: v for k, v in formatter.items() if k != "()"}))
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        try:
            raise ValueError("CPF 529.982.247-25")
        except ValueError:
            logger.exception("refused")
    finally:
        root.removeHandler(handler)

    line = json.loads(capsys.readouterr().err.strip().splitlines()[-1])

    assert line["event"] == "refused"
    assert BLOT in line["exception"]
    assert "529" not in json.dumps(line)
