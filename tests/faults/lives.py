"""Senders that live and die on order, in an office whose provider is Twilio's stand-in beside the test."""

import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.twilio import Account, TwilioFake
from tests.faults.judging import Verdict, judge
from tests.faults.offices import ROOT, Office, eventually

ACCOUNT, TOKEN = "AC" + "2" * 32, "lives-token"
#: Of all times the shortest that still tell one from the other.
SETTLE = 0.3
_numbers = itertools.count(50_000_000)


def hurried(twilio: TwilioFake, **other: str) -> dict[str, str]:
    """Return what an office is told that sends through the stand-in and waits for nothing for long."""
    return {
        "SMS_CHANNEL": "twilio",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_SMS_FROM": "+551140040000",
        "TWILIO_API_BASE_URL": twilio.url,
        "TWILIO_TIMEOUT": "0.5",
        "SMS_PER_MINUTE": "0",
        "SETTLE_SECONDS": str(SETTLE),
        "SECOND_LOOK_SECONDS": str(SETTLE),
        "LIST_WATCH_SECONDS": "0",
        "CLAIM_LEASE_SECONDS": "0.3",
        "LOG_LEVEL": "CRITICAL",
    } | other


@contextmanager
def provider(**how: Any) -> Iterator[TwilioFake]:
    """Run the stand-in beside the test; it reports on nothing by itself."""
    with TwilioFake(Account(account_sid=ACCOUNT, auth_token=TOKEN, callback_share=0.0, **how)) as twilio:
        yield twilio


@contextmanager
def living_in(office: Office, twilio: TwilioFake, folder: Path) -> Iterator["Lives"]:
    """Furnish the office, and let lives begin in it for the block."""
    lives = Lives(office, twilio, folder)
    try:
        assert lives.live("set_up") == 0, office.log()
        yield lives
    finally:
        lives.end()


class Lives:
    """The program `tests/faults/sender.py` in an office, and what Twilio's stand-in took from it."""

    def __init__(self, office: Office, twilio: TwilioFake, folder: Path) -> None:
        self.office, self.twilio, self.folder = office, twilio, folder
        # The same folder, said differently: it does not end with the office's workers.
        environment = office.environment | {"VAR_DIR": f"{office.folder}/"}
        with (office.folder / "log").open("ab") as log:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.sender"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def live(self, do: str, **order: Any) -> int:
        """Let a life be lived to its end, and return how it ended: 0, or minus the signal that killed it."""
        self.begin(do, wait=True, **order)
        return int(self._said())

    def begin(self, do: str, *, wait: bool = False, **order: Any) -> int:
        """Begin a life and return its pid."""
        assert self.program.stdin
        self.program.stdin.write(json.dumps({"do": do, "wait": wait, **order}) + "\n")
        self.program.stdin.flush()
        return int(self._said())

    def end(self) -> None:
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.close()
        self.program.wait(150)
        self.program.stdout.close()

    def _said(self) -> str:
        assert self.program.stdout
        said = self.program.stdout.readline()
        assert said, self.office.log()
        return said

    def want(self, count: int) -> list[str]:
        """Want that many messages, and return their numbers."""
        numbers = [f"+55119{next(_numbers)}" for _ in range(count)]
        assert self.live("want", numbers=numbers) == 0, self.office.log()
        return numbers

    def finish(self, **order: Any) -> None:
        """Let a life clear up until nothing is open."""
        assert self.live("finish", **order) == 0, self.office.log()

    def verdict(self, numbers: list[str]) -> Verdict:
        """Judge what became of these messages by what the provider took, and by the alarms."""
        taken = [message.fields["To"] for message in self.twilio.accepted()]
        ours = [number for number in taken if number in numbers]
        return judge(wanted=numbers, taken=ours, alarms=self._told(numbers).count("contradicted"))

    def states(self, numbers: list[str]) -> set[str]:
        """Return where the contacts stand in the database, `contradicted` among them after an alarm."""
        return set(self._told(numbers))

    def report_on(self, numbers: list[str]) -> None:
        """Let the provider tell of each message to these numbers that it was delivered."""
        told = [
            (parse_qs(urlsplit(message.fields["StatusCallback"]).query)["a"][0], message.sid)
            for message in self.twilio.accepted()
            if message.fields["To"] in numbers
        ]
        assert self.live("hear", delivered=told) == 0, self.office.log()

    def _told(self, numbers: list[str]) -> list[str]:
        path = self.folder / "told"
        assert self.live("tell", numbers=numbers, path=str(path)) == 0, self.office.log()
        told: list[str] = json.loads(path.read_text())
        return told


def killed_at(lives: Lives, places: tuple[str, ...]) -> tuple[list[str], int]:
    """Send two messages by lives that are killed at these places, once at each; return numbers and deaths."""
    numbers = lives.want(2)
    lives.twilio.account.next_moods.append("reset")  # one of them is of unclear fate anyway
    marks = {place: lives.folder / f"{place}-{numbers[0]}" for place in places}
    orders = ";".join(f"{place}=kill:{mark}" for place, mark in marks.items())
    deaths = 0
    while (ended := lives.live("finish", failpoints=orders)) != 0:
        assert ended == -signal.SIGKILL, lives.office.log()
        deaths += 1
        assert deaths <= len(places)
    assert [place for place, mark in marks.items() if not mark.exists()] == []
    return numbers, deaths


def stopped_at(lives: Lives, place: str, **order: Any) -> tuple[list[str], int]:
    """Begin a life that stops itself at a place, and return the number it was about, and its pid."""
    numbers = lives.want(1)
    pid = lives.begin("pump", failpoints=f"{place}=stop:{lives.folder / numbers[0]}", **order)
    assert eventually(lambda: _state_of(pid) == "T", within=20), lives.office.log()
    return numbers, pid


def wake(pid: int) -> None:
    """Wake a stopped life and let it come to its end."""
    os.kill(pid, signal.SIGCONT)
    assert eventually(lambda: _state_of(pid) == "Z", within=30)  # it ended; its parent does not ask how


def _state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
