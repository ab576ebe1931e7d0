"""manage.py contact_decisions: JSON lines in, decisions out, in their order, with no database."""

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
OPEN = {"channels": ["sms"], "windows": {"wed": [["08:30", "21:00"]], "thu": [["08:30", "21:00"]]}}
POINT = {"id": "p1", "kind": "own", "status": "valid", "channels": ["sms"]}


def line(instant: str, *, case_id: object = "a", **more: object) -> str:
    case = {
        "id": case_id,
        "instant": instant,
        "channel": "sms",
        "policy": OPEN,
        "debtor": {"birth_date": None, "time_zones": ["America/Sao_Paulo"]},
        "point": POINT,
        **more,
    }
    return json.dumps(case)


NOON, NIGHT = "2026-11-18T15:00:00.000001Z", "2026-11-19T02:00:00Z"


@pytest.fixture
def ask(monkeypatch):
    """Return a function that runs the command on a text (or bytes) and gives its answers, line by line."""

    def run(text, *options):
        data = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        answers = io.StringIO()
        try:
            call_command("contact_decisions", *options, stdout=answers)
            status = 0
        except CommandError as error:
            status = error.returncode
        return answers.getvalue().splitlines(), status

    return run


def test_each_line_is_answered_in_its_order_with_its_id(ask):
    answers, status = ask(f"{line(NOON, case_id='7:42')}\n{line(NIGHT, case_id='ação')}\n")

    assert [json.loads(answer) for answer in answers] == [
        {"id": "7:42", "allowed": True, "reasons": []},
        {"id": "ação", "allowed": False, "reasons": ["OUTSIDE_HOURS"]},
    ]
    assert status == 0


def test_the_keys_of_an_answer_stand_in_their_order(ask):
    (answer,), _ = ask(line(NIGHT), "--next")

    assert list(json.loads(answer)) == ["id", "allowed", "reasons", "next_allowed"]


def test_the_next_moment_is_named_only_when_asked_for(ask):
    lines = f"{line(NOON)}\n{line(NIGHT)}\n{line(NIGHT, channel='voice')}\n"

    plain, _ = ask(lines)
    named, _ = ask(lines, "--next")

    assert all("next_allowed" not in json.loads(answer) for answer in plain)
    assert [json.loads(answer)["next_allowed"] for answer in named] == [NOON, "2026-11-19T11:30:00Z", None]


def test_the_horizon_can_be_set(ask):
    friday = line("2026-11-20T15:00:00Z")

    assert json.loads(ask(friday, "--next", "--horizon-days", "4")[0][0])["next_allowed"] is None
    assert (
        json.loads(ask(friday, "--next", "--horizon-days=5")[0][0])["next_allowed"] == "2026-11-25T11:30:00Z"
    )


def test_reasons_are_sorted_and_each_is_named_once(ask):
    holds = [{"kind": "legal"}, {"kind": "dispute"}, {"kind": "legal"}]
    debtor = {"time_zones": ["America/Sao_Paulo"], "holds": holds, "opt_outs": [{"scope": "global"}]}

    (answer,), _ = ask(line(NOON, debtor=debtor))

    assert json.loads(answer)["reasons"] == ["HOLD_DISPUTE", "HOLD_LEGAL", "OPT_OUT_GLOBAL"]


def test_malformed_lines_are_named_and_the_others_are_still_answered(ask):
    lines = ["{", line("2026-11-18T15:00:00", case_id="naive"), line(NOON), "[]", line(NOON, policy={})]

    answers, status = ask("\n".join(lines))
    found = [json.loads(answer) for answer in answers]

    assert [answer.get("id") for answer in found] == [None, "naive", "a", None, "a"]
    assert [answer.get("allowed") for answer in found] == [None, None, True, None, None]
    assert [set(answer) for answer in found if "allowed" not in answer] == [{"id", "error"}] * 4
    assert found[1]["error"] == "instant is an instant without zone ('2026-11-18T15:00:00')"
    assert found[4]["error"] == "policy.channels is missing"
    assert status == 1


def test_blank_lines_are_skipped_and_line_ends_may_be_any(ask):
    answers, status = ask(f"\n  \t\r\n{line(NOON)}\r\n\n{line(NIGHT)}")

    assert (len(answers), status) == (2, 0)


def test_nothing_asked_is_nothing_answered(ask):
    assert ask("") == ([], 0)


def test_a_byte_order_mark_is_no_content(ask):
    answers, status = ask(b"\xef\xbb\xbf" + line(NOON).encode())

    assert (len(answers), status) == (1, 0)


@pytest.mark.parametrize("case_id", [None, 5, 1.5, True, ["a", {"b": 1}], "", "\ud800", "a\u2028b"])
def test_an_id_is_echoed_as_it_came(ask, case_id):
    answers, _ = ask(line(NOON, case_id=case_id))

    assert [json.loads(answer)["id"] for answer in answers] == [case_id]


def test_without_an_id_the_answer_has_none(ask):
    case = json.loads(line(NOON))
    del case["id"]

    assert json.loads(ask(json.dumps(case))[0][0]) == {"id": None, "allowed": True, "reasons": []}


def test_it_runs_by_itself_without_any_database(tmp_path):
    """As an auditor runs it: a process, no migrated database, lines in, lines out, an exit status."""
    environment = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
        "DJANGO_SETTINGS_MODULE": "collections_crm.settings",
        "VAR_DIR": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "contact_decisions", "--next"],
        input=f"{line(NIGHT)}\n{{\n{line(NOON)}\n",
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert [json.loads(answer).get("next_allowed") for answer in done.stdout.splitlines()] == [
        "2026-11-19T11:30:00Z",
        None,
        NOON,
    ]
    assert done.returncode == 1
    assert "1 malformed lines" in done.stderr


def test_a_day_of_lines_is_answered_quickly(ask):
    """The aim is 20,000 lines a second; a tenth of it, so that a busy machine does not fail the test."""
    lines = "\n".join(
        line(f"2026-11-18T{hour:02}:{minute:02}:00Z") for hour in range(24) for minute in range(60)
    )
    ask(lines)

    began = time.process_time()
    answers, _ = ask(lines)
    seconds = time.process_time() - began

    assert len(answers) == 1440
    assert len(answers) / seconds > 2_000


@pytest.mark.parametrize("days", ["-1", "361", "soon"])
def test_a_horizon_beyond_the_calendar_is_refused(days):
    with pytest.raises(CommandError, match="--horizon-days"):
        call_command("contact_decisions", "--next", "--horizon-days", days)
