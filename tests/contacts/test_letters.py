"""A letter is permitted, printed, gathered and posted; until it is posted whatever binds takes it back."""

from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from contacts.channels import registry
from contacts.models import Attempt, Contact, Letter, LetterBatch
from contacts.queries.underway import underway
from contacts.services import consent, dispatch, holds, instance, letter_batches, letters, outbox, reconciling
from contacts.vocabulary import (
    AttemptState,
    Channel,
    ContactState,
    Disclosure,
    HeldBecause,
    HoldKind,
    OptOutScope,
    Outcome,
)
from debtors.models import PointChange
from debtors.services import pdf
from debtors.vocabulary import PointStatus
from dunning.services import planner
from dunning.vocabulary import Actor
from tests.factories import (
    house_creditor,
    make_address,
    make_case,
    make_debt,
    make_debtor,
    make_manager,
    make_payment,
    make_policy,
    make_strategy,
    make_template,
)

pytestmark = pytest.mark.django_db

BODY = "Bom dia, {{ full_name }}.\n\nTemos um recado pessoal para você.\n\nLigue {{ phone }}. {{ opt_out }}."


@pytest.fixture
def monday_10am() -> datetime:
    return datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))


@pytest.fixture(autouse=True)
def house(settings, tmp_path, monday_10am, db):
    settings.CHANNELS = settings.CHANNELS | {"letter": "print"}
    settings.LETTERS_DIR = tmp_path / "letters"
    settings.JOURNAL_DIR = tmp_path / "journal"
    make_policy(now=monday_10am)
    return tmp_path / "letters"


@pytest.fixture
def helena(db):
    return make_manager(username="Helena")


@pytest.fixture
def quick_prints(monkeypatch):
    """Let the child process not be started: what it makes of a page is told elsewhere."""
    made = []

    def of_each(pages, *, css):
        made.extend(pages)
        return [f"%PDF {page}".encode() for page in pages]

    monkeypatch.setattr(pdf, "of_each", of_each)
    monkeypatch.setattr(pdf, "of", lambda page, *, css: of_each([page], css=css)[0])
    return made


def want_letter(*, now: datetime, debtor=None, name="Maria Silva", **values) -> Contact:
    debtor = debtor or make_debtor(name=name)
    if not debtor.points.filter(medium="address").exists():
        make_address(debtor=debtor, postal_code="01001000")
    make_debt(debtor=debtor)
    text = make_template(channel=Channel.LETTER, body=BODY, subject="Um recado para você")
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.LETTER,
            template=text,
            not_before=now,
            created_at=now,
            **values,
        )
    )


def pump(now: datetime) -> None:
    dispatch.pump(clock=lambda: now)
    letters.print_waiting(clock=lambda: now)


def permitted(*, now: datetime, **values) -> Letter:
    contact = want_letter(now=now, **values)
    pump(now)
    return Letter.objects.get(contact=contact)


def test_the_print_of_a_posted_letter_goes_after_months_and_its_words_and_hash_stay(
    house, settings, quick_prints, helena, monday_10am
):
    posted, waiting = permitted(now=monday_10am), permitted(now=monday_10am)
    letter_batches.gather(by=helena, now=monday_10am)
    Letter.objects.filter(pk=waiting.pk).update(batch=None)
    batch = LetterBatch.objects.get()
    letter_batches.post(batch.pk, on=monday_10am.date(), by=helena, now=monday_10am)
    before = letters.print_of(posted)

    for days, removed in ((90, 0), (91, 1), (92, 0)):
        assert letters.clear_posted(now=monday_10am + timedelta(days=days)) == removed

    posted.refresh_from_db()
    assert [path.name for path in house.iterdir()] == [waiting.file_name]
    assert sha256(before).hexdigest() == posted.sha256
    assert posted.cleared_at == monday_10am + timedelta(days=91)
    assert letters.print_of(posted) == before


def test_a_house_may_keep_its_prints_for_ever(house, settings, quick_prints, helena, monday_10am):
    settings.LETTERS_KEPT_DAYS = 0
    permitted(now=monday_10am)
    batch, _judged = letter_batches.gather(by=helena, now=monday_10am)
    letter_batches.post(batch.pk, on=monday_10am.date(), by=helena, now=monday_10am)

    assert letters.clear_posted(now=monday_10am + timedelta(days=9_000)) == 0


def gathered(*, by, now: datetime, **values) -> Letter:
    letter = permitted(now=now, **values)
    letter_batches.gather(by=by, now=now)
    letter.refresh_from_db()
    return letter


def state_of(letter: Letter) -> tuple[str, str]:
    contact = Contact.objects.get(pk=letter.contact_id)
    return contact.state, Attempt.objects.get(pk=Letter.objects.get(pk=letter.pk).attempt_id).state


def files(house) -> list[str]:
    return sorted(path.name for path in house.iterdir()) if house.exists() else []


def test_a_permitted_letter_is_printed_with_its_hash_and_does_not_leave(house, monday_10am):
    letter = permitted(now=monday_10am)

    [name] = files(house)
    content = (house / name).read_bytes()
    assert content.startswith(b"%PDF-")
    assert (letter.file_name, letter.sha256) == (name, sha256(content).hexdigest())
    assert (letter.printed_at, letter.trouble) == (monday_10am, "")
    assert state_of(letter) == (ContactState.SENDING, AttemptState.SENDING)
    assert letter.attempt.handed_at is None


def test_the_same_letter_is_the_same_bytes_on_every_machine(house, monday_10am):
    letter = permitted(now=monday_10am)

    again = pdf.of(letters.page_of(letter.words), css=letters.style())

    assert again == (house / letter.file_name).read_bytes()


def test_what_a_letter_says_is_fixed_when_it_is_permitted(quick_prints, monday_10am):
    letter = permitted(now=monday_10am)

    assert letter.words["to"] == ["Maria Silva", "Rua A, 1", "01001-000 São Paulo – SP"]
    assert letter.words["dated"] == "23 de novembro de 2026"
    assert letter.words["heading"] == "Um recado para você"
    assert letter.words["paragraphs"][0] == ["Bom dia, Maria Silva."]
    assert letter.words["creditor"] == ""


def test_who_is_told_an_amount_is_told_the_creditors_name_number_and_address(quick_prints, monday_10am):
    make_template(channel=Channel.LETTER, body=BODY, subject="Um recado", disclosure=Disclosure.FULL)

    letter = permitted(now=monday_10am)

    creditor = house_creditor()
    assert creditor.name in letter.words["creditor"]
    assert creditor.address in letter.words["creditor"]
    assert "CNPJ" in letter.words["creditor"]
    assert letter.words["creditor"] in quick_prints[0]


@pytest.mark.parametrize("half", [{"postal_code": ""}, {"city": ""}, {"state": ""}])
def test_a_letter_to_half_an_address_fails_in_sight(house, monday_10am, half):
    debtor = make_debtor(confirmed_time_zone="America/Sao_Paulo")
    make_address(debtor=debtor, **({"postal_code": "01001000"} | half))

    contact = want_letter(now=monday_10am, debtor=debtor)
    pump(monday_10am)

    contact.refresh_from_db()
    assert contact.state == ContactState.FAILED
    assert contact.error_code == f"cannot fill address: {next(iter(half))}"
    assert files(house) == []


def test_of_half_an_address_and_a_whole_one_the_whole_one_is_written_to(quick_prints, monday_10am):
    debtor = make_debtor()
    make_address(debtor=debtor, street="Rua sem fim")
    make_address(debtor=debtor, street="Rua B, 2", postal_code="01001000")

    letter = permitted(now=monday_10am, debtor=debtor)

    assert letter.words["to"][1] == "Rua B, 2"


def test_a_letter_to_a_person_who_said_no_is_never_printed(house, quick_prints, monday_10am):
    contact = want_letter(now=monday_10am)
    wish = {"scope": OptOutScope.CHANNEL, "channel": Channel.LETTER}
    consent.opt_out(debtor=contact.debtor, **wish, source="x", by=None, now=monday_10am)

    pump(monday_10am)

    contact.refresh_from_db()
    assert (contact.state, contact.objections) == (ContactState.BLOCKED, ["OPT_OUT_CHANNEL"])
    assert (Letter.objects.count(), files(house)) == (0, [])


def test_a_posted_letter_is_sent_and_counts_on_the_day_it_was_posted(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    tuesday = monday_10am + timedelta(days=1)

    judged = letter_batches.post(letter.batch_id, on=tuesday.date(), by=helena, now=tuesday)

    assert judged == letter_batches.Judged(1, 0)
    assert state_of(letter) == (ContactState.SENT, AttemptState.ACCEPTED)
    contact = Contact.objects.get(pk=letter.contact_id)
    assert contact.started_at == tuesday
    batch = LetterBatch.objects.get()
    assert (batch.posted_on, batch.posted_by, batch.marked_at) == (tuesday.date(), helena, tuesday)


def test_letters_said_to_be_posted_yesterday_count_at_its_noon(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    tuesday = monday_10am + timedelta(days=1)

    letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=tuesday)

    made_at = timezone.localtime(Contact.objects.get(pk=letter.contact_id).started_at)
    assert (made_at.date(), made_at.hour) == (monday_10am.date(), 12)


@pytest.mark.parametrize("days", [-1, 1])
def test_no_letter_was_posted_before_it_was_made_or_tomorrow(quick_prints, helena, monday_10am, days):
    letter = gathered(by=helena, now=monday_10am)

    with pytest.raises(letter_batches.WrongDayError):
        letter_batches.post(
            letter.batch_id, on=monday_10am.date() + timedelta(days=days), by=helena, now=monday_10am
        )

    assert state_of(letter) == (ContactState.SENDING, AttemptState.SENDING)


def test_a_batch_is_posted_once(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)

    with pytest.raises(letter_batches.PostedError):
        letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)


def say_no(debtor, now):
    consent.opt_out(debtor=debtor, scope=OptOutScope.GLOBAL, source="x", by=None, now=now)


def hold(debtor, now):
    holds.place(debtor=debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=now)


def pay(debtor, now):
    make_payment(debtor=debtor, creditor=house_creditor(), amount_cents=10_000_000, now=now)


@pytest.mark.parametrize("binds", [say_no, hold, pay])
@pytest.mark.parametrize("is_gathered", [False, True])
def test_what_binds_before_it_is_posted_takes_a_letter_back(
    house, quick_prints, helena, monday_10am, binds, is_gathered
):
    letter = gathered(by=helena, now=monday_10am) if is_gathered else permitted(now=monday_10am)
    later = monday_10am + timedelta(hours=1)

    binds(letter.contact.debtor, later)
    pump(later)

    assert state_of(letter)[1] == AttemptState.NOT_SENT
    assert state_of(letter)[0] in (ContactState.BLOCKED, ContactState.CANCELLED)
    assert files(house) == []
    if is_gathered:
        judged = letter_batches.post(letter.batch_id, on=later.date(), by=helena, now=later)
        assert judged.may_go == 0
        assert list(letter_batches.to_be_posted(LetterBatch.objects.get())) == []


def test_permitted_again_unchanged_it_is_the_same_letter(house, quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    before = files(house)
    outbox.withdraw(Contact.objects.all(), now=monday_10am)
    letters.print_waiting(clock=lambda: monday_10am)
    assert files(house) == []

    pump(monday_10am + timedelta(days=1))

    again = Letter.objects.get()
    assert (again.pk, again.sha256, again.batch_id) == (letter.pk, letter.sha256, letter.batch_id)
    assert again.attempt_id != letter.attempt_id
    assert files(house) == before


def test_taken_back_and_changed_it_is_another_letter_and_the_old_print_is_gone(
    house, quick_prints, helena, monday_10am
):
    letter = gathered(by=helena, now=monday_10am)
    letter.contact.debtor.points.filter(medium="address").update(value="Rua B, 2")
    outbox.withdraw(Contact.objects.all(), now=monday_10am)

    pump(monday_10am + timedelta(days=1))

    new = Letter.objects.exclude(pk=letter.pk).get()
    assert (new.words["to"][1], new.batch) == ("Rua B, 2", None)
    assert files(house) == [new.file_name]


def test_one_permitted_again_after_its_pile_was_posted_waits_for_the_next(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    outbox.withdraw(Contact.objects.all(), now=monday_10am)
    letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)

    pump(monday_10am)

    assert [each.pk for each in letter_batches.waiting()] == [letter.pk]
    batch, _judged = letter_batches.gather(by=helena, now=monday_10am)
    letter.refresh_from_db()
    assert letter.batch == batch


def test_another_policy_that_forbids_letters_takes_them_back_before_they_are_gathered(
    house, quick_prints, helena, monday_10am
):
    letter = permitted(now=monday_10am)
    make_policy(now=monday_10am, channels=["sms"])

    with pytest.raises(letter_batches.NothingToGatherError):
        letter_batches.gather(by=helena, now=monday_10am)

    assert state_of(letter) == (ContactState.PLANNED, AttemptState.NOT_SENT)
    assert files(house) == []


def test_another_policy_that_still_permits_them_is_what_they_are_posted_by(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    newer = make_policy(now=monday_10am, minor_age=None)

    letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)

    assert state_of(letter) == (ContactState.SENT, AttemptState.ACCEPTED)
    assert Attempt.objects.get().policy == newer


def test_while_everything_is_paused_no_letter_is_posted(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    make_policy(now=monday_10am, is_paused=True)

    judged = letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)

    assert judged == letter_batches.Judged(0, 1)
    assert state_of(letter)[1] == AttemptState.NOT_SENT


def test_the_hour_at_which_a_pile_is_gathered_does_not_matter_for_what_takes_days(
    quick_prints, helena, monday_10am
):
    permitted(now=monday_10am)

    _batch, judged = letter_batches.gather(by=helena, now=monday_10am + timedelta(hours=13))

    assert judged == letter_batches.Judged(1, 0)


def test_what_nobody_posts_in_time_ends_as_too_late(house, quick_prints, monday_10am):
    letter = permitted(now=monday_10am, expires_at=monday_10am + timedelta(days=3))
    friday = monday_10am + timedelta(days=4)

    letter_batches.take_back_the_late(now=friday)
    pump(friday)

    assert state_of(letter) == (ContactState.EXPIRED, AttemptState.NOT_SENT)
    assert files(house) == []


def test_a_manager_takes_one_letter_back(house, quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)

    letter_batches.take_back(letter.pk, by=helena, now=monday_10am)
    pump(monday_10am)

    assert state_of(letter) == (ContactState.CANCELLED, AttemptState.NOT_SENT)
    assert files(house) == []
    with pytest.raises(letter_batches.GoneError):
        letter_batches.take_back(letter.pk, by=helena, now=monday_10am)


def test_a_posted_letter_is_not_taken_back(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)

    with pytest.raises(letter_batches.GoneError):
        letter_batches.take_back(letter.pk, by=helena, now=monday_10am)
    say_no(letter.contact.debtor, monday_10am)

    assert state_of(letter) == (ContactState.SENT, AttemptState.ACCEPTED)


def test_a_letter_that_came_back_did_not_arrive_and_its_address_is_used_no_more(
    quick_prints, helena, monday_10am
):
    letter = gathered(by=helena, now=monday_10am)
    letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)

    letter_batches.came_back(letter.pk, by=helena, now=monday_10am)

    contact = Contact.objects.select_related("point").get(pk=letter.contact_id)
    assert (contact.state, contact.outcome) == (ContactState.CONCLUDED, Outcome.FAILED)
    assert contact.point.status == PointStatus.INVALID
    assert PointChange.objects.filter(point=contact.point, recorded_by=helena).exists()
    with pytest.raises(letter_batches.GoneError):
        letter_batches.came_back(letter.pk, by=helena, now=monday_10am)


def test_a_posting_that_was_ended_halfway_is_said_once_more_and_posts_each_letter_once(
    quick_prints, helena, monday_10am
):
    first, second = (want_letter(now=monday_10am, name=name) for name in ("Ana Lima", "Rui Melo"))
    pump(monday_10am)
    batch, _judged = letter_batches.gather(by=helena, now=monday_10am)
    handed = Letter.objects.get(contact=first)
    outbox.hand_over(handed.attempt, now=monday_10am)

    judged = letter_batches.post(batch.pk, on=monday_10am.date(), by=helena, now=monday_10am)

    assert judged.may_go == 2
    assert set(Contact.objects.values_list("state", flat=True)) == {ContactState.SENT}
    assert Attempt.objects.count() == 2
    assert second.pk != first.pk


def test_a_letter_lies_for_days_and_nobody_takes_it_for_a_worker_that_stands_still(quick_prints, monday_10am):
    permitted(now=monday_10am)
    in_two_days = monday_10am + timedelta(days=2)

    assert list(reconciling.standing_still(now=in_two_days)) == []
    assert Attempt.objects.get().run is None


def test_a_lost_print_is_made_again_with_the_same_bytes(house, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    before = (house / letter.file_name).read_bytes()
    (house / letter.file_name).unlink()

    assert letters.print_of(letter) == before


def test_a_print_that_would_be_another_is_not_passed_off_as_the_same(house, quick_prints, monday_10am):
    letter = permitted(now=monday_10am)
    (house / letter.file_name).write_bytes(b"somebody changed it")
    letter.words["heading"] = "Outra"

    with pytest.raises(letters.LostPrintError):
        letters.print_of(letter)


def test_a_letter_that_cannot_be_printed_keeps_nobody_else_from_being_printed(monkeypatch, monday_10am):
    def of_each(pages, *, css):
        if any("Ana Lima" in page for page in pages):
            raise pdf.CannotPrintError("too much")
        return [f"%PDF {page}".encode() for page in pages]

    monkeypatch.setattr(pdf, "of_each", of_each)
    for name in ("Ana Lima", "Rui Melo"):
        want_letter(now=monday_10am, name=name)

    pump(monday_10am)

    found = dict(Letter.objects.values_list("contact__debtor__name", "trouble"))
    assert found == {"Ana Lima": "too much", "Rui Melo": ""}
    assert [each.contact.debtor.name for each in letter_batches.waiting()] == ["Rui Melo"]


def test_only_who_may_gathers_and_posts(quick_prints, monday_10am):
    permitted(now=monday_10am)
    nobody = make_manager(permissions=["view_letter"])

    with pytest.raises(Exception, match="add_letterbatch"):
        letter_batches.gather(by=nobody, now=monday_10am)


def test_in_the_sandbox_a_letter_is_a_message_like_any_other(settings, tmp_path, monday_10am):
    settings.CHANNELS = settings.CHANNELS | {"letter": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    contact = want_letter(now=monday_10am)

    pump(monday_10am)

    contact.refresh_from_db()
    assert contact.state == ContactState.SENT
    assert Letter.objects.count() == 0


def test_the_print_folder_holds_no_half_letters_of_processes_that_ended(house, monday_10am):
    folder = registry.print_folder()
    folder.put("carta-1-abc.pdf", b"x")
    (house / ".carta-2-abc.pdf.999999999").write_bytes(b"half")

    folder.sweep_halves()

    assert files(house) == ["carta-1-abc.pdf"]


def test_while_all_senders_are_held_no_letter_is_posted(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    instance.hold(HeldBecause.OLDER, now=monday_10am)

    with pytest.raises(letter_batches.HeldError):
        letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)

    assert state_of(letter) == (ContactState.SENDING, AttemptState.SENDING)


def test_a_letter_that_waits_for_the_post_is_told_of_as_waiting(quick_prints, helena, monday_10am):
    letter = gathered(by=helena, now=monday_10am)
    assert underway(debtor_id=letter.contact.debtor_id).waiting == 1

    letter_batches.post(letter.batch_id, on=monday_10am.date(), by=helena, now=monday_10am)

    assert underway(debtor_id=letter.contact.debtor_id).waiting == 0


def test_the_ladders_next_message_is_said_instead_of_a_letter_that_nobody_posted(
    house, quick_prints, monday_10am
):
    make_template(channel=Channel.LETTER, body=BODY, subject="Um recado")
    make_template(channel=Channel.SMS)
    steps = [
        (5, Actor.SYSTEM, Channel.LETTER, "first_notice"),
        (8, Actor.SYSTEM, Channel.SMS, "first_notice"),
    ]
    make_strategy(steps=steps)
    debtor = make_debtor()
    make_address(debtor=debtor, postal_code="01001000")
    case = make_case(now=monday_10am, debtor=debtor, is_callable=False, days_late=5)
    planner.plan(now=monday_10am)
    pump(monday_10am + timedelta(hours=4))
    letter = Letter.objects.get(contact__debtor=case.debtor)
    assert files(house) == [letter.file_name]

    thursday = monday_10am + timedelta(days=3)
    planner.plan(now=thursday)
    letters.print_waiting(clock=lambda: thursday)

    assert state_of(letter) == (ContactState.CANCELLED, AttemptState.NOT_SENT)
    assert files(house) == []
    assert Contact.objects.filter(channel=Channel.SMS, state=ContactState.PLANNED).count() == 1
