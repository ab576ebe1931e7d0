"""The sandbox keeps every message it takes, whoever writes at the same time, and plays a provider."""

import multiprocessing
from datetime import UTC, datetime

import pytest

from contacts.channels import sandbox
from contacts.channels.base import Accepted, Message, NotSent, Rejected, Unknown
from contacts.channels.manual import ManualChannel

NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def message(number, *, to="+5511987650000", body="Olá"):
    return Message(attempt_id=f"attempt-{number}", to=to, body=body, at=NOON, sender="Exemplo")


def write_many(path, first, count):
    channel = sandbox.SandboxChannel(name="sms", path=path)
    for number in range(first, first + count):
        channel.send(message(number, body="corpo " * 300))


def test_a_message_is_kept_as_it_was_given(tmp_path):
    path = tmp_path / "new" / "sandbox.jsonl"

    answer = sandbox.SandboxChannel(name="sms", path=path).send(message(1, body="Olá,\nMaria 🙏\u2028fim"))

    assert answer == Accepted(provider_id="sandbox-attempt-1")
    assert sandbox.read_messages(path, limit=9) == [
        sandbox.KeptMessage(
            at=NOON,
            attempt_id="attempt-1",
            channel="sms",
            to="+5511987650000",
            sender="Exemplo",
            subject="",
            body="Olá,\nMaria 🙏\u2028fim",
        )
    ]


def test_an_empty_sandbox_has_no_messages(tmp_path):
    assert sandbox.read_messages(tmp_path / "none.jsonl", limit=5) == []


@pytest.mark.parametrize(
    ("limit", "offset", "numbers"), [(2, 0, [6, 5]), (2, 2, [4, 3]), (9, 5, [1, 0]), (3, 7, [])]
)
def test_pages_run_from_the_newest_to_the_oldest(tmp_path, monkeypatch, limit, offset, numbers):
    monkeypatch.setattr(sandbox, "BLOCK_BYTES", 100)  # less than a line, so blocks are joined
    path = tmp_path / "sandbox.jsonl"
    write_many(path, 0, 7)

    page = sandbox.read_messages(path, limit=limit, offset=offset)

    assert [kept.attempt_id for kept in page] == [f"attempt-{number}" for number in numbers]


def test_a_line_still_being_written_is_not_shown(tmp_path):
    path = tmp_path / "sandbox.jsonl"
    write_many(path, 0, 1)
    with path.open("ab") as file:
        file.write(b'{"at": "2026-')

    assert [kept.attempt_id for kept in sandbox.read_messages(path, limit=5)] == ["attempt-0"]


def test_processes_writing_at_once_lose_and_tear_nothing(tmp_path):
    path = tmp_path / "sandbox.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(path, first, 100)) for first in (0, 100, 200, 300)]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    kept = sandbox.read_messages(path, limit=1000)
    assert sorted(k.attempt_id for k in kept) == sorted(f"attempt-{number}" for number in range(400))


@pytest.mark.parametrize(
    ("number", "mail", "kind", "is_kept"),
    [
        ("+5511999990001", "a@bad.example", Rejected, False),
        ("+5511999990002", "a@Unknown.example", Unknown, True),
        ("+5511999990003", "a@optout.example", Rejected, False),
        ("+5511999990004", "a@later.example", NotSent, False),
        ("+5511999990005", "a@lost.example", Unknown, False),
        ("+5511999990006", "a@refused.example", Rejected, False),
        ("+5511987650001", "a@mail.example", Accepted, True),
    ],
)
def test_special_addresses_play_a_moody_provider(tmp_path, number, mail, kind, is_kept):
    path = tmp_path / "sandbox.jsonl"
    channel = sandbox.SandboxChannel(name="any", path=path)

    answers = [channel.send(message(1, to=number)), channel.send(message(2, to=mail))]

    assert [type(answer) for answer in answers] == [kind, kind]
    assert len(sandbox.read_messages(path, limit=9)) == (2 if is_kept else 0)


def test_only_the_address_of_nobody_is_bad_and_only_a_no_is_an_opt_out(tmp_path):
    channel = sandbox.SandboxChannel(name="sms", path=tmp_path / "s.jsonl")
    bad, opted, refused = (channel.send(message(1, to=f"+551199999000{n}")) for n in (1, 3, 6))

    assert (bad.is_bad_address, opted.is_bad_address, refused.is_bad_address) == (True, False, False)
    assert (bad.is_opt_out, opted.is_opt_out, refused.is_opt_out) == (False, True, False)


def test_a_sandbox_that_cannot_write_has_sent_nothing(tmp_path):
    channel = sandbox.SandboxChannel(name="sms", path=tmp_path)  # a folder, not a file

    assert channel.send(message(1)) == NotSent(reason="sandbox file: IsADirectoryError")


def test_a_call_dialled_by_hand_is_only_numbered():
    assert ManualChannel(name="voice").send(message(7)) == Accepted(provider_id="manual-attempt-7")
