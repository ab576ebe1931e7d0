"""Do-not-call lists: imported whole or not at all, and no number on one is dialled or messaged."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contacts import queries
from contacts.models import BlockedNumber, BlockList, BlockListEvent, Contact
from contacts.services import admission, block_lists, outbox
from contacts.services.block_lists import EmptyListError, ReasonMissingError, Taken, WrongLinesError
from contacts.vocabulary import BlockListEventKind, Channel, ContactState
from debtors.vocabulary import PointStatus
from tests.factories import (
    house_creditor,
    make_debt,
    make_debtor,
    make_manager,
    make_phone,
    make_policy,
    make_template,
)
from tests.factories.local_rules import make_block_list

pytestmark = pytest.mark.django_db

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
ANA, RUI = "+5511987654321", "+5511912345678"


@pytest.fixture
def debtor():
    make_policy(now=MONDAY_10AM)
    debtor = make_debtor(phone=ANA)
    make_debt(debtor=debtor)
    return debtor


def best(debtor, channel=Channel.SMS):
    return queries.may_contact(debtor=debtor, channel=channel, now=MONDAY_10AM).best


def take_in(text: str, *, register=None, now=MONDAY_10AM, by=None, reason="novo arquivo do Procon"):
    register = register or BlockList(name="Não Me Ligue")
    taken = block_lists.take_in(
        register, content=text.encode(), file_name="lista.csv", by=by, now=now, reason=reason
    )
    return register, taken


def numbers_of(register):
    return set(register.numbers.values_list("number", flat=True))


def admit_sms(debtor):
    contact = outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )
    admitted = admission.admit(outbox.claim_one(contact, now=MONDAY_10AM), now=MONDAY_10AM)
    contact.refresh_from_db()
    return admitted, contact


def test_a_number_on_a_list_is_refused_and_the_next_best_one_is_tried(debtor):
    make_block_list("11 98765-4321", now=MONDAY_10AM)
    assert best(debtor).reasons == ("BLOCK_LIST",)

    other = make_phone(debtor=debtor, number=RUI, status=PointStatus.NEW)

    assert (best(debtor).is_allowed, best(debtor).point) == (True, other)


def test_a_list_about_calls_leaves_messages_and_e_mails_alone(debtor):
    make_block_list(ANA, now=MONDAY_10AM, channels=(Channel.VOICE,))

    assert best(debtor, Channel.VOICE).reasons == ("BLOCK_LIST",)
    assert best(debtor, Channel.SMS).is_allowed
    assert best(debtor, Channel.EMAIL).is_allowed


def test_several_lists_forbid_together(debtor):
    make_block_list(ANA, now=MONDAY_10AM, channels=(Channel.VOICE,))
    make_block_list(ANA, now=MONDAY_10AM, channels=(Channel.SMS,))

    assert best(debtor, Channel.VOICE).reasons == best(debtor, Channel.SMS).reasons == ("BLOCK_LIST",)
    assert best(debtor, Channel.WHATSAPP).is_allowed


def test_an_import_replaces_the_numbers_of_the_list_and_of_no_other():
    other = make_block_list(ANA, now=MONDAY_10AM)
    register, taken = take_in("11987654321\n11912345678\n11987654321")
    assert (taken, numbers_of(register)) == (Taken(added=2, removed=0), {ANA, RUI})

    _register, taken = take_in("11912345678\n2133334444", register=register)

    assert taken == Taken(added=1, removed=1)
    assert numbers_of(register) == {RUI, "+552133334444"}
    assert numbers_of(other) == {ANA}
    assert (register.size, register.file_name) == (2, "lista.csv")


def test_the_same_file_twice_changes_nothing():
    register, _taken = take_in("11987654321")

    _register, taken = take_in("11987654321", register=register, now=MONDAY_10AM + timedelta(days=1))

    assert taken == Taken(added=0, removed=0)
    assert BlockList.objects.get().imported_at == MONDAY_10AM
    assert BlockListEvent.objects.count() == 1


def test_one_wrong_line_and_nothing_is_imported():
    register, _taken = take_in("11987654321")

    with pytest.raises(WrongLinesError) as refused:
        take_in("11912345678\n123\n", register=register)

    assert [(error.line, error.text) for error in refused.value.errors] == [(2, "123")]
    assert numbers_of(register) == {ANA}
    assert BlockListEvent.objects.count() == 1


def test_an_empty_file_does_not_empty_a_list():
    register, _taken = take_in("11987654321")

    with pytest.raises(EmptyListError):
        take_in("telefone\n\n", register=register)

    assert numbers_of(register) == {ANA}


def test_thousands_of_numbers_are_replaced_at_once():
    many = "\n".join(f"119{80_000_000 + number}" for number in range(3_000))
    register, taken = take_in(many)
    assert taken == Taken(added=3_000, removed=0)

    _register, taken = take_in("11987654321", register=register)

    assert taken == Taken(added=1, removed=3_000)
    assert BlockedNumber.objects.count() == 1


def test_what_was_admitted_before_the_import_is_taken_back(debtor):
    admitted, _contact = admit_sms(debtor)

    make_block_list(ANA, now=MONDAY_10AM)

    assert not outbox.hand_over(admitted.attempt, now=MONDAY_10AM)


def test_whose_number_is_no_longer_on_the_list_is_judged_again(debtor):
    register = make_block_list(ANA, now=MONDAY_10AM)
    _admitted, contact = admit_sms(debtor)
    assert contact.state == ContactState.BLOCKED

    take_in("11912345678", register=register)

    contact.refresh_from_db()
    assert contact.state == ContactState.PLANNED


def test_a_list_is_switched_off_with_a_written_reason_only_and_its_history_says_by_whom(debtor):
    register, manager = make_block_list(ANA, now=MONDAY_10AM), make_manager()
    _admitted, contact = admit_sms(debtor)

    with pytest.raises(ReasonMissingError):
        block_lists.switch(register, is_on=False, by=manager, reason="", now=MONDAY_10AM)
    block_lists.switch(register, is_on=False, by=manager, reason="lista de teste", now=MONDAY_10AM)

    assert best(debtor).is_allowed
    contact.refresh_from_db()
    assert contact.state == ContactState.PLANNED
    last = register.events.first()
    assert (last.what, last.by, last.reason) == (BlockListEventKind.SWITCHED_OFF, manager, "lista de teste")

    block_lists.switch(register, is_on=True, by=manager, reason="", now=MONDAY_10AM)
    assert best(debtor).reasons == ("BLOCK_LIST",)


def test_a_list_that_loses_more_than_a_tenth_of_its_numbers_needs_a_written_reason():
    ten = [f"1198765432{digit}" for digit in range(10)]
    register, _taken = take_in("\n".join(ten), reason="")

    take_in("\n".join(ten[:9]), register=register, reason="")  # one of ten: as registers change
    with pytest.raises(ReasonMissingError):
        take_in("\n".join(ten[:8]), register=BlockList.objects.get(), reason="  ")
    assert len(numbers_of(register)) == 9

    take_in("\n".join(ten[:8]), register=BlockList.objects.get(), reason="saíram do cadastro")
    assert register.events.first().reason == "saíram do cadastro"


def test_a_list_binds_fewer_channels_only_with_a_written_reason():
    make_block_list(ANA, now=MONDAY_10AM)

    def bound_to(*channels, reason=""):
        register = BlockList.objects.get()
        register.channels = list(channels)
        block_lists.describe(register, by=None, now=MONDAY_10AM, reason=reason)

    with pytest.raises(ReasonMissingError):
        bound_to("letter")
    bound_to("voice", reason="só ligações")
    with pytest.raises(ReasonMissingError):
        bound_to("sms")
    bound_to("sms", "voice")  # more than before
    bound_to()  # every channel
    narrower = BlockList(pk=BlockList.objects.get().pk, name="x", channels=["letter"])
    with pytest.raises(ReasonMissingError):
        take_in("11987654321\n11912345678", register=narrower, reason="")


def test_a_list_whose_channels_are_narrowed_lets_the_others_be_judged_again(debtor):
    register = make_block_list(ANA, now=MONDAY_10AM)
    _admitted, contact = admit_sms(debtor)
    register.channels = ["voice"]

    take_in("11987654321", register=register)

    contact.refresh_from_db()
    assert contact.state == ContactState.PLANNED
    assert best(debtor, Channel.VOICE).reasons == ("BLOCK_LIST",)


# From the command line


def import_file(tmp_path, content: bytes, *options: str) -> str:
    file, out = tmp_path / "lista.csv", StringIO()
    file.write_bytes(content)
    call_command(
        "import_block_list", str(file), "--name", "Procon-SP", "--language", "en", *options, stdout=out
    )
    return out.getvalue()


def test_the_command_imports_a_file_and_says_what_it_changed(tmp_path):
    said = import_file(tmp_path, b"telefone\n11987654321\n", "--channels", "voice", "sms", "--law", "Lei 1")

    register = BlockList.objects.get(name="Procon-SP")
    assert said == "Procon-SP: 1 number now, 1 new, 0 taken out.\n"
    assert (register.channels, register.law, numbers_of(register)) == (["sms", "voice"], "Lei 1", {ANA})

    assert "0 new, 0 taken out" in import_file(tmp_path, b"telefone\n11987654321\n")
    assert BlockList.objects.get().channels == ["sms", "voice"]


def test_the_command_names_each_wrong_line_and_imports_nothing(tmp_path):
    with pytest.raises(CommandError) as refused:
        import_file(tmp_path, b"11987654321\n98765-4321\nabc")

    said = str(refused.value)
    assert "Line 2, “98765-4321”: the area code is missing." in said
    assert "Line 3, “abc”: this is not a phone number." in said
    assert "Nothing was imported." in said
    assert not BlockList.objects.exists()


def test_the_command_refuses_an_empty_file_and_one_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="no number"):
        import_file(tmp_path, b"\n")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_block_list", str(tmp_path / "nothing.csv"), "--name", "x")
