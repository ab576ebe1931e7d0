"""The stand-in's telephone exchange: two telephones in one room, answering machines, and a queue.

A number is answered by a human unless it ends otherwise (FATES), or `answers` holds what the next
call is answered by. Calls are played by `play`, in the caller's own thread, or by themselves where
`plays_by_itself`. What each telephone was served is kept: `heard` is every word of it.
"""

import re
import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urljoin
from xml.etree import ElementTree

from tests.fakes.twilio import callbacks, shape
from tests.fakes.twilio.account import Account

RECORDINGS = re.compile(r"/2010-04-01/Accounts/(AC\w+)/Recordings/(RE\w+)\.(mp3|json)")
CALLS = re.compile(r"/2010-04-01/Accounts/(AC\w+)/Calls(?:/(\w+))?\.json")
FINAL = {"completed", "busy", "no-answer", "failed", "canceled"}
#: The last eight digits of a number -> how its telephone ends, or who answers it.
FATES = {
    "99990301": "busy",
    "99990302": "no-answer",
    "99990303": "failed",
    "99990304": "machine_start",
    "99990305": "fax",
    "99990306": "unknown",
    "99990307": "",  # Twilio says nothing of who answered
    "99990308": "nobody presses a key",
}
MISSING = ""
Form = list[tuple[str, str]]


@dataclass(kw_only=True)
class StoredCall:
    """One telephone that was asked for."""

    sid: str
    form: Form
    queue_ms: int
    created_at: datetime
    status: str = "queued"
    served: list[str] = field(default_factory=list)  # TwiML, in its order
    room: str = ""

    def asked(self, name: str) -> str:
        return next((value for key, value in self.form if key == name), "")

    @property
    def events(self) -> set[str]:
        return {value for key, value in self.form if key == "StatusCallbackEvent"} or {"completed"}

    @property
    def heard(self) -> list[str]:
        """Every word and sound the telephone was served, a room full of people included."""
        found = []
        for twiml in self.served:
            for verb in ElementTree.fromstring(twiml).iter():
                if verb.tag in {"Say", "Play", "Conference", "Number", "Gather", "Record"}:
                    found.append(f"{verb.tag}: {(verb.text or '').strip()}".strip())
        return found

    def as_json(self, *, account_sid: str) -> dict[str, object]:
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "to": self.asked("To"),
            "from": self.asked("From"),
            "status": self.status,
            "direction": "outbound-api",
            "queue_time": str(self.queue_ms),
            "answered_by": None,
            "date_created": format_datetime(self.created_at),
            "date_updated": format_datetime(self.created_at),
            "start_time": None,
            "end_time": None,
            "duration": None,
            "uri": f"/2010-04-01/Accounts/{account_sid}/Calls/{self.sid}.json",
        }


class Exchange:
    """All calls of the account, and the rooms in which they meet."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.calls: dict[str, StoredCall] = {}
        self.answers: deque[str] = deque()
        self.queue_ms: deque[int] = deque()
        self.untold: list[StoredCall] = []  # ended by our own request, of which we are still to be told
        self.plays_by_itself = False
        self.talk_seconds = 0.2
        self.loses_reports = False
        self.recordings: dict[str, bytes] = {}
        self.sound = b"ID3\x04\x00\x00" + bytes(range(256)) * 8  # of the next talk
        self.talk_length = 61
        self.lock = threading.RLock()

    def serve(self, path: str, form: Form | None) -> tuple[int, dict[str, object]]:
        """Answer a request for the calls resource."""
        sid = CALLS.fullmatch(path)[2]  # type: ignore[index]
        if sid is None:
            return self._create(form or [])
        call = self.calls.get(sid)
        if call is None:
            return 404, {"code": 20404, "message": "not found", "status": 404}
        if form and dict(form).get("Status") in ("completed", "canceled"):
            self._hang_up(call)
        return 200, call.as_json(account_sid=self.account.account_sid)

    def to(self, number: str) -> list[StoredCall]:
        """Return the calls to a number, oldest first."""
        return [call for call in list(self.calls.values()) if call.asked("To") == number]

    def play(self, call: StoredCall) -> None:
        """Let a telephone ring, be answered or not, and do what it is told."""
        if call.status in FINAL:
            return None
        self._tell(call, "initiated")
        self._tell(call, "ringing")
        fate = self._fate(call)
        if fate in FINAL:
            return self._end(call, fate)
        self._tell(call, "in-progress")
        more = {"AnsweredBy": fate} if call.asked("MachineDetection") and fate != MISSING else {}
        self._obey(call, call.asked("Url"), more, presses_keys=fate != "nobody presses a key")
        return None

    def talk_is_over(self, call: StoredCall) -> None:
        """End what is said in the room of a call, by everybody hanging up."""
        room = call.room
        for other in list(self.calls.values()):
            if other.room == room and other.status == "in-progress":
                self._end(other, "completed")
        self.tell_the_rest()
        self._keep_recording(call)

    def tell_the_rest(self) -> None:
        """Report what we ended ourselves."""
        while self.untold:
            call = self.untold.pop(0)
            self._tell(call, call.status)

    def ask_while_waiting(self, call: StoredCall) -> None:
        """Ask once what a waiting telephone hears."""
        rooms = (ElementTree.fromstring(twiml).find(".//Conference") for twiml in call.served)
        (wait_url,) = {room.get("waitUrl", "") for room in rooms if room is not None}
        self._ask(call, wait_url, {})

    def _create(self, form: Form) -> tuple[int, dict[str, object]]:
        given = dict(form)
        for name, code, is_good in (
            ("From", 21213, bool(given.get("From"))),
            ("To", 21211, bool(shape.E164.fullmatch(given.get("To", "")))),
            ("Url", 21205, given.get("Url", "").startswith("http")),
        ):
            if not is_good:
                return 400, {"code": code, "message": f"bad {name}", "status": 400}
        call = StoredCall(
            sid=f"CA{uuid.uuid4().hex}",
            form=form,
            queue_ms=self.queue_ms.popleft() if self.queue_ms else 0,
            created_at=datetime.now(UTC),
        )
        with self.lock:
            self.calls[call.sid] = call
        if self.plays_by_itself and not call.queue_ms:
            threading.Thread(target=self._play_by_itself, args=(call,), daemon=True).start()
        return 201, call.as_json(account_sid=self.account.account_sid)

    def _hang_up(self, call: StoredCall) -> None:
        """End a call because we asked for it; the report comes afterwards."""
        with self.lock:
            if call.status in FINAL:
                return
            call.status = "completed" if call.status == "in-progress" else "canceled"
            self.untold.append(call)
        if self.plays_by_itself:
            threading.Thread(target=self.tell_the_rest, daemon=True).start()

    def _play_by_itself(self, call: StoredCall) -> None:
        time.sleep(0.05)
        self.play(call)
        if call.room and call.asked("MachineDetection"):
            time.sleep(self.talk_seconds)
            self.talk_is_over(call)

    def _fate(self, call: StoredCall) -> str:
        if call.asked("MachineDetection") and self.answers:
            return self.answers.popleft()
        return FATES.get(call.asked("To")[-8:], "human")

    def _obey(self, call: StoredCall, address: str, more: dict[str, str], *, presses_keys: bool) -> None:
        """Ask what to do, and do it: press a key, enter a room, or hang up."""
        answer = self._ask(call, address, more)
        gather, conference = answer.find("Gather"), answer.find(".//Conference")
        if gather is not None and presses_keys:
            return self._obey(call, gather.get("action", ""), {"Digits": "1"}, presses_keys=True)
        if conference is not None:
            call.room = (conference.text or "").strip()
            return None
        return self._end(call, "completed")

    def _ask(self, call: StoredCall, address: str, more: dict[str, str]) -> ElementTree.Element:
        whole = urljoin(call.asked("Url"), address)
        heard = callbacks.call(self.account, address=whole, fields=self._common(call) | more)
        call.served.append(heard.body if heard.status == 200 else "<Response/>")
        return ElementTree.fromstring(call.served[-1])

    def _tell(self, call: StoredCall, status: str) -> None:
        with self.lock:
            call.status = status
        event = {"in-progress": "answered"}.get(status, "completed" if status in FINAL else status)
        if event in call.events and not self.loses_reports and (address := call.asked("StatusCallback")):
            callbacks.call_until_heard(self.account, address=address, fields=self._common(call))

    def _end(self, call: StoredCall, status: str) -> None:
        with self.lock:
            if call.status in FINAL:
                return
            call.status = status
        self._tell(call, status)

    def _keep_recording(self, call: StoredCall) -> None:
        """Keep what was said in a room that was to be recorded, and tell where it is."""
        rooms = (ElementTree.fromstring(twiml).find(".//Conference") for twiml in call.served)
        for room in rooms:
            if room is None or room.get("record") != "record-from-start":
                continue
            sid = f"RE{uuid.uuid4().hex}"
            self.recordings[sid] = self.sound
            path = f"/2010-04-01/Accounts/{self.account.account_sid}/Recordings/{sid}"
            fields = {
                "AccountSid": self.account.account_sid,
                "ConferenceSid": f"CF{uuid.uuid4().hex}",
                "RecordingSid": sid,
                "RecordingUrl": f"https://api.twilio.com{path}",
                "RecordingStatus": "completed",
                "RecordingDuration": str(self.talk_length),
                "RecordingChannels": "1",
                "RecordingSource": "Conference",
            }
            address = urljoin(call.asked("Url"), room.get("recordingStatusCallback", ""))
            callbacks.call_until_heard(self.account, address=address, fields=fields)

    def _common(self, call: StoredCall) -> dict[str, str]:
        return {
            "AccountSid": self.account.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": call.sid,
            "CallStatus": call.status,
            "Direction": "outbound-api",
            "From": call.asked("From"),
            "To": call.asked("To"),
        }


def recording_in(path: str) -> tuple[str, str, str] | None:
    """Return account, id and kind of the recording at an address; None where it is none's."""
    found = RECORDINGS.fullmatch(path)
    return (found[1], found[2], found[3]) if found else None


def is_asked_for(path: str) -> bool:
    return CALLS.fullmatch(path) is not None


def shape_of(path: str) -> Mapping[str, shape.Check]:
    """Return what a POST to this address may hold."""
    return shape.CALL_UPDATE if CALLS.fullmatch(path)[2] else shape.NEW_CALL  # type: ignore[index]


def account_in(path: str) -> str:
    return CALLS.fullmatch(path)[1]  # type: ignore[index]
