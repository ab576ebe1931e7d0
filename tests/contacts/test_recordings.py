"""Recordings of calls: fetched once, kept with their contact, heard by who may, forgotten in time."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from contacts.channels import twilio_recordings
from contacts.channels.twilio_api import FreshConnections
from contacts.models import Attempt, PhoneCall
from contacts.services import bridging, calls, clock, recordings
from tests.factories import house_creditor, make_agent, make_debt, make_debtor, make_manager, make_policy
from tests.fakes.twilio.in_process import telephones

pytestmark = pytest.mark.django_db

AGENT, THEIRS = "+5511970000001", "+5511987650001"
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def twilio(settings, tmp_path):
    settings.CALL_RECORDING, settings.RECORDINGS_DIR = "always", tmp_path / "recordings"
    with telephones(settings) as fake:
        yield fake


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def call(twilio, now):
    """A call that was recorded, of which the provider has told."""
    make_policy(now=now, windows=ALWAYS, minor_age=None)
    agent = make_agent()
    agent.phone = AGENT
    agent.save()
    debtor = make_debtor(name="Rui Prado", phone=THEIRS, email=None)
    make_debt(debtor=debtor)
    calls.place(
        debtor=debtor, creditor=house_creditor(), point=debtor.points.get(), agent=agent,
        wanted_by="call:1:1:1", now=now,
    )  # fmt: skip
    exchange = twilio.exchange
    exchange.play(exchange.to(AGENT)[0])
    (theirs,) = exchange.to(THEIRS)
    exchange.play(theirs)
    exchange.talk_is_over(theirs)
    return PhoneCall.objects.get()


def files_in(settings):
    return sorted(path.name for path in Path(settings.RECORDINGS_DIR).glob("*"))


# --- kept


def test_a_recording_is_fetched_once_and_kept_with_its_hash(call, twilio, now, settings):
    assert [recordings.fetch_waiting(now=now) for _ in range(2)] == [1, 0]

    call.refresh_from_db()
    assert files_in(settings) == [f"{call.attempt_id}.mp3"]
    assert call.recording_sha256 == sha256(twilio.exchange.sound).hexdigest()
    twilio.exchange.recordings.clear()
    assert recordings.sound_of(call) == twilio.exchange.sound


def test_only_its_owner_can_read_the_file(call, now, settings):
    recordings.fetch_waiting(now=now)

    (file,) = Path(settings.RECORDINGS_DIR).glob("*")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mood", ["20404", "20003", "20503", "cut"])
def test_what_cannot_be_fetched_now_is_fetched_later_and_nothing_half_is_kept(
    call, twilio, now, settings, mood
):
    twilio.account.next_moods.append(mood)
    first = recordings.fetch_waiting(now=now)
    call.refresh_from_db()
    after_the_first = (call.recording_tries, call.recording_kept_at, files_in(settings))

    second = recordings.fetch_waiting(now=now)

    assert (first, second) == (0, 1)
    assert after_the_first == (1, None, [])


def test_without_an_account_nothing_breaks_and_the_recording_waits(call, now, settings):
    settings.TWILIO_AUTH_TOKEN = ""

    assert recordings.fetch_waiting(now=now) == 0
    call.refresh_from_db()
    assert call.recording_tries == 1


def test_who_makes_trouble_keeps_no_other_from_being_fetched(call, twilio, now, monkeypatch):
    recordings.fetch_waiting(now=now)
    attempt = Attempt.objects.get()
    first = PhoneCall.objects.get()
    PhoneCall.objects.update(recording_kept_at=None, recording_sha256="", recording_tries=3)
    attempt.pk, attempt.provider_id, attempt.state = None, None, "not_sent"
    attempt._state.adding = True
    attempt.save()
    other = PhoneCall.objects.create(
        attempt=attempt, rung_at=now, is_recorded=True, recording_id=first.recording_id
    )
    monkeypatch.setattr(recordings, "MOST", 1)

    recordings.fetch_waiting(now=now)

    other.refresh_from_db()
    assert other.recording_kept_at is not None


def test_an_id_that_is_none_never_becomes_an_address(call, now, monkeypatch):
    asked = []
    monkeypatch.setattr(
        FreshConnections, "content_of", lambda *about, **_more: asked.append(about) or (200, b"x")
    )
    PhoneCall.objects.update(recording_id="../Messages")

    assert recordings.fetch_waiting(now=now) == 0
    assert asked == []


def test_what_is_told_of_another_recording_later_changes_nothing_but_the_log(call, now, caplog):
    told = bridging.keep_recording(call.attempt_id, recording_id="RE2", url="", seconds=1)

    call.refresh_from_db()
    assert not told
    assert call.recording_seconds == 61
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert str(call.attempt_id) in caplog.text


def test_a_file_that_was_changed_is_never_played(call, twilio, now, settings):
    recordings.fetch_waiting(now=now)
    call.refresh_from_db()
    (file,) = Path(settings.RECORDINGS_DIR).glob("*")
    file.write_bytes(b"other words")

    assert recordings.sound_of(call) == twilio.exchange.sound


def test_another_sound_by_the_same_name_is_not_taken_for_what_was_kept(call, twilio, now, settings):
    recordings.fetch_waiting(now=now)
    call.refresh_from_db()
    (file,) = Path(settings.RECORDINGS_DIR).glob("*")
    file.unlink()
    twilio.exchange.recordings[call.recording_id] = b"other words"

    with pytest.raises(recordings.LostRecordingError):
        recordings.sound_of(call)


# --- forgotten


def test_an_old_recording_is_removed_here_and_at_the_provider(call, twilio, now, settings):
    recordings.fetch_waiting(now=now)
    settings.RECORDINGS_KEPT_DAYS = 30

    removed = [recordings.forget_old(now=now + timedelta(days=days)) for days in (29, 31, 32)]

    assert removed == [0, 1, 0]
    assert (files_in(settings), twilio.exchange.recordings) == ([], {})
    call.refresh_from_db()
    with pytest.raises(recordings.LostRecordingError):
        recordings.sound_of(call)


def test_a_provider_that_does_not_answer_is_asked_again_to_remove_it(call, twilio, now, settings):
    settings.RECORDINGS_KEPT_DAYS = 30
    twilio.account.next_moods.append("20503")
    later = now + timedelta(days=31)

    assert [recordings.forget_old(now=later) for _ in range(2)] == [0, 1]


def test_past_its_time_a_recording_is_neither_shown_nor_heard_nor_fetched(client, call, now, settings):
    settings.RECORDINGS_KEPT_DAYS = 30
    PhoneCall.objects.update(rung_at=now - timedelta(days=31))
    client.force_login(listener())

    page = client.get(f"/contacts/debtors/{call.attempt.contact.debtor_id}/").content.decode()
    assert "<audio" not in page
    assert client.get(address(call)).status_code == 404
    assert recordings.fetch_waiting(now=now) == 0


def test_without_an_account_what_is_here_is_removed_all_the_same(call, twilio, now, settings):
    recordings.fetch_waiting(now=now)
    settings.RECORDINGS_KEPT_DAYS, settings.TWILIO_AUTH_TOKEN = 30, ""

    assert recordings.forget_old(now=now + timedelta(days=31)) == 0
    assert files_in(settings) == []


def test_what_is_removed_while_it_is_fetched_is_not_kept(call, twilio, now, settings, monkeypatch):
    fetch = twilio_recordings.fetch

    def slowly(*about):
        PhoneCall.objects.update(recording_removed_at=now)
        return fetch(*about)

    monkeypatch.setattr(twilio_recordings, "fetch", slowly)
    recordings.fetch_waiting(now=now)

    assert files_in(settings) == []


def test_recordings_are_kept_for_good_where_no_end_is_set(call, now, settings):
    settings.RECORDINGS_KEPT_DAYS = 0

    assert recordings.forget_old(now=now + timedelta(days=36_500)) == 0


# --- listened to


def address(call):
    return f"/contacts/calls/{call.pk}/recording/"


def listener(**more):
    return make_agent(permissions=["view_debtor", "listen_to_phonecall"], **more)


def test_who_may_listen_finds_it_on_the_debtors_page_and_hears_it_whole_or_in_parts(
    client, call, twilio, now
):
    client.force_login(listener())
    page = client.get(f"/contacts/debtors/{call.attempt.contact.debtor_id}/").content.decode()

    whole = client.get(address(call))
    part = client.get(address(call), headers={"Range": "bytes=2-5"})
    copy = client.get(address(call) + "?copy")

    assert f'src="{address(call)}"' in page
    assert "1:01" in page
    assert (whole.status_code, whole.content) == (200, twilio.exchange.sound)
    assert (part.status_code, part.content) == (206, twilio.exchange.sound[2:6])
    assert part["Content-Range"] == f"bytes 2-5/{len(twilio.exchange.sound)}"
    assert copy["Content-Disposition"] == f'attachment; filename="ligacao-{call.attempt.contact_id}.mp3"'


def test_who_may_not_listen_neither_sees_nor_hears_it(client, call):
    client.force_login(make_agent(permissions=["view_debtor"]))
    page = client.get(f"/contacts/debtors/{call.attempt.contact.debtor_id}/").content.decode()

    assert "<audio" not in page
    assert client.get(address(call)).status_code == 403


def test_a_recording_of_another_portfolio_does_not_exist(client, call):
    client.force_login(listener(portfolios=[]))

    assert client.get(address(call)).status_code == 404


def test_a_recording_that_cannot_be_had_is_no_page(client, call, twilio):
    twilio.exchange.recordings.clear()
    client.force_login(make_manager())

    assert client.get(address(call)).status_code == 404


def test_who_listened_is_in_the_log(client, call, caplog):
    user = listener()
    client.force_login(user)
    client.get(address(call))

    assert any("a recording was listened to" in record.getMessage() for record in caplog.records)
