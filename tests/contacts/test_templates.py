"""A text is written, approved by a colleague, used, and never edited again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from contacts.models import Contact, Template
from contacts.rules.wording import PLACEHOLDERS, PlaceholderError
from contacts.services import dispatch, outbox, rendering, templates
from contacts.services.templates import Words
from contacts.vocabulary import Channel, ContactState, Disclosure, Purpose, TemplateState, Tone
from debtors.models import Creditor
from tests.factories import (
    house_creditor,
    make_agent,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_template,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
WORDS = Words(
    title="Recado",
    tone=Tone.FRIENDLY,
    disclosure=Disclosure.NEUTRAL,
    body="Ola, {{ name }}. Aqui e a {{ brand }}. Ligue {{ phone }}. {{ opt_out }}",
)
OTHER = replace(WORDS, body="Ola, {{ name }}! Somos da {{ brand }}. Ligue {{ phone }}. {{ opt_out }}")


@pytest.fixture
def ana(db):
    return make_manager(username="ana")


@pytest.fixture
def bruno(db):
    return make_manager(username="bruno")


def begin(by, *, words=WORDS, key="recado", channel=Channel.SMS):
    return templates.begin(key=key, channel=channel, words=words, by=by, now=NOW)


def bring_into_use(by, colleague, *, words=WORDS, key="recado", channel=Channel.SMS):
    draft = begin(by, words=words, key=key, channel=channel)
    templates.submit(draft.pk, revision=draft.revision, by=by, now=NOW)
    return templates.approve(draft.pk, revision=draft.revision, by=colleague, now=NOW)


def states():
    return list(Template.objects.order_by("version", "pk").values_list("version", "state"))


def test_a_text_is_used_once_a_colleague_approved_it(ana, bruno):
    draft = begin(ana)
    assert draft.state == TemplateState.DRAFT
    templates.submit(draft.pk, revision=1, by=ana, now=NOW)

    text = templates.approve(draft.pk, revision=1, by=bruno, now=NOW)

    assert (text.state, text.decided_by, text.decided_at) == (TemplateState.APPROVED, bruno, NOW)


def test_nobody_approves_or_refuses_his_own_text(ana):
    draft = begin(ana)
    templates.submit(draft.pk, revision=1, by=ana, now=NOW)

    with pytest.raises(templates.OwnTextError):
        templates.approve(draft.pk, revision=1, by=ana, now=NOW)
    with pytest.raises(templates.OwnTextError):
        templates.refuse(draft.pk, revision=1, reason="x", by=ana, now=NOW)
    assert states() == [(1, "waiting")]


def test_whoever_wrote_a_single_word_of_it_cannot_approve_it(ana, bruno):
    carla = make_manager(username="carla")
    draft = begin(ana)
    templates.edit(draft.pk, words=OTHER, revision=1, by=bruno, now=NOW)
    templates.edit(draft.pk, words=WORDS, revision=2, by=ana, now=NOW)
    templates.submit(draft.pk, revision=3, by=ana, now=NOW)

    with pytest.raises(templates.OwnTextError):
        templates.approve(draft.pk, revision=3, by=bruno, now=NOW)
    assert templates.approve(draft.pk, revision=3, by=carla, now=NOW).state == TemplateState.APPROVED


def test_the_database_refuses_a_text_in_use_that_its_author_approved(ana):
    with pytest.raises(IntegrityError):
        Template.objects.create(
            key="k", channel="sms", body="x", state=TemplateState.APPROVED, written_by=ana, decided_by=ana
        )


@pytest.mark.parametrize(
    "change",
    [
        {"body": "other"},
        {"subject": "other"},
        {"title": "other"},
        {"disclosure": Disclosure.FULL},
        {"tone": Tone.FORMAL},
        {"key": "other"},
        {"channel": Channel.EMAIL},
        {"state": TemplateState.DRAFT},
    ],
)
@pytest.mark.parametrize("state", [TemplateState.APPROVED, TemplateState.RETIRED])
def test_the_database_refuses_to_change_what_was_ever_approved(change, state):
    text = make_template()
    Template.objects.filter(pk=text.pk).update(state=state)

    with pytest.raises(IntegrityError), transaction.atomic():
        Template.objects.filter(pk=text.pk).update(**change)

    assert Template.objects.filter(pk=text.pk, body=text.body, state=state).exists()


def test_a_new_version_takes_the_place_of_the_one_before(ana, bruno):
    first = bring_into_use(ana, bruno)

    draft = templates.begin_from(first.pk, by=bruno, now=NOW)
    assert (draft.version, draft.body) == (2, first.body)
    templates.edit(draft.pk, words=OTHER, revision=1, by=bruno, now=NOW)
    templates.submit(draft.pk, revision=2, by=bruno, now=NOW)
    assert states() == [(1, "approved"), (2, "waiting")]
    templates.approve(draft.pk, revision=2, by=ana, now=NOW)

    assert states() == [(1, "retired"), (2, "approved")]


def test_one_version_of_a_text_is_written_at_a_time(ana, bruno):
    draft = begin(ana)

    with pytest.raises(templates.DraftExistsError) as refusal:
        begin(bruno)

    assert refusal.value.draft == draft


def test_what_waits_for_approval_is_not_edited_until_it_is_taken_back(ana):
    draft = begin(ana)
    templates.submit(draft.pk, revision=1, by=ana, now=NOW)

    with pytest.raises(templates.StaleTextError):
        templates.edit(draft.pk, words=OTHER, revision=1, by=ana, now=NOW)
    templates.take_back(draft.pk, revision=1, by=ana)
    assert templates.edit(draft.pk, words=OTHER, revision=1, by=ana, now=NOW).body == OTHER.body


def test_a_decision_about_words_that_were_changed_meanwhile_is_not_taken(ana, bruno):
    draft = begin(ana)
    templates.submit(draft.pk, revision=1, by=ana, now=NOW)
    templates.take_back(draft.pk, revision=1, by=ana)
    templates.edit(draft.pk, words=OTHER, revision=1, by=ana, now=NOW)
    templates.submit(draft.pk, revision=2, by=ana, now=NOW)

    with pytest.raises(templates.StaleTextError):
        templates.approve(draft.pk, revision=1, by=bruno, now=NOW)


def test_a_refusal_says_why_and_the_author_asks_again(ana, bruno):
    draft = begin(ana)
    templates.submit(draft.pk, revision=1, by=ana, now=NOW)

    with pytest.raises(templates.UnexplainedError):
        templates.refuse(draft.pk, revision=1, reason="  ", by=bruno, now=NOW)
    refused = templates.refuse(draft.pk, revision=1, reason="Frio demais.", by=bruno, now=NOW)
    assert (refused.state, refused.reason) == (TemplateState.DRAFT, "Frio demais.")
    templates.edit(draft.pk, words=OTHER, revision=1, by=ana, now=NOW)
    again = templates.submit(draft.pk, revision=2, by=ana, now=NOW)

    assert (again.state, again.reason, again.decided_by) == (TemplateState.WAITING, "", None)


def test_a_placeholder_that_does_not_exist_is_refused_when_it_is_saved(ana):
    with pytest.raises(PlaceholderError):
        begin(ana, words=replace(WORDS, body="Ola {{ nome }}"))
    draft = begin(ana)
    with pytest.raises(PlaceholderError):
        templates.edit(draft.pk, words=replace(WORDS, subject="{{ x }}"), revision=1, by=ana, now=NOW)


def test_what_is_not_courteous_may_be_drafted_but_not_sent_for_approval(ana):
    draft = begin(ana, words=replace(WORDS, body=WORDS.body + " Pague imediatamente!!"))

    with pytest.raises(templates.NotReadyError) as refusal:
        templates.submit(draft.pk, revision=1, by=ana, now=NOW)

    assert {each.kind for each in refusal.value.findings} == {"pressure", "storm"}
    assert states() == [(1, "draft")]


def test_a_new_version_may_not_tell_more_or_speak_harder_than_ladders_count_on(ana, bruno):
    bring_into_use(ana, bruno)
    bolder = replace(
        WORDS,
        disclosure=Disclosure.IDENTIFIED,
        tone=Tone.FORMAL,
        body=WORDS.body + " Vencimento em {{ due_date }}.",
    )
    for channel in (Channel.SMS, Channel.WHATSAPP):  # the same key in a channel of its own is bound as well
        draft = begin(ana, words=bolder, channel=channel)

        with pytest.raises(templates.NotReadyError) as refusal:
            templates.submit(draft.pk, revision=1, by=ana, now=NOW)

        assert {each.kind for each in refusal.value.findings} == {
            "tells_more_than_before",
            "harder_than_before",
        }


def test_what_was_taken_out_of_use_still_binds_the_version_after_it(ana, bruno):
    first = bring_into_use(ana, bruno)
    templates.retire(first.pk, revision=1, by=ana)
    draft = begin(ana, words=replace(WORDS, disclosure=Disclosure.IDENTIFIED))

    with pytest.raises(templates.NotReadyError):
        templates.submit(draft.pk, revision=1, by=ana, now=NOW)


def test_a_key_of_its_own_may_tell_what_its_channel_allows(ana, bruno):
    words = replace(WORDS, disclosure=Disclosure.IDENTIFIED, body=WORDS.body + " {{ due_date }}")

    assert bring_into_use(ana, bruno, words=words, key="outro").state == TemplateState.APPROVED


def test_who_may_only_look_writes_and_decides_nothing(ana):
    agent = make_agent()
    draft = begin(ana)

    for act in (
        lambda: begin(agent, key="x"),
        lambda: templates.edit(draft.pk, words=WORDS, revision=1, by=agent, now=NOW),
        lambda: templates.submit(draft.pk, revision=1, by=agent, now=NOW),
        lambda: templates.discard(draft.pk, revision=1, by=agent),
        lambda: templates.approve(draft.pk, revision=1, by=agent, now=NOW),
        lambda: templates.refuse(draft.pk, revision=1, reason="x", by=agent, now=NOW),
        lambda: templates.retire(draft.pk, revision=1, by=agent),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert states() == [(1, "draft")]


def test_a_draft_thrown_away_makes_room_for_another(ana):
    draft = begin(ana)
    templates.discard(draft.pk, revision=1, by=ana)

    assert begin(ana).version == 2


def test_shipping_leaves_alone_whatever_a_manager_put_there(ana):
    begin(ana)

    templates.ship(key="recado", channel=Channel.SMS, words=OTHER)
    templates.ship(key="recado", channel=Channel.EMAIL, words=replace(OTHER, subject="Um recado"))

    assert states() == [(1, "draft"), (1, "approved")]
    assert Template.objects.get(channel=Channel.EMAIL).subject == "Um recado"


# What leaves is the version in use at that moment.


@pytest.fixture
def waiting(settings, tmp_path, ana, bruno):
    """A message that waits to leave with the first version of a text."""
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    make_policy(now=NOW)
    debtor = make_debtor()
    make_debt(debtor=debtor)
    text = bring_into_use(ana, bruno)
    return outbox.want(
        Contact(
            wanted_by="test:1",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            purpose=Purpose.COLLECTION,
            template=text,
            not_before=NOW,
            created_at=NOW,
        )
    )


def test_what_already_waits_speaks_by_the_version_approved_last(waiting, ana, bruno):
    bring_into_use(bruno, ana, words=OTHER)

    dispatch.pump(clock=lambda: NOW)

    waiting.refresh_from_db()
    assert waiting.state == ContactState.SENT
    assert waiting.body.startswith("Ola, Maria! Somos da")


def test_what_waits_with_a_text_taken_out_of_use_does_not_leave(waiting, ana):
    templates.retire(waiting.template_id, revision=1, by=ana)

    dispatch.pump(clock=lambda: NOW)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.error_code) == (ContactState.FAILED, "cannot fill a text in use")
    assert waiting.attempts.count() == 0


def test_what_left_keeps_the_version_it_left_with(waiting, ana, bruno):
    dispatch.pump(clock=lambda: NOW)
    bring_into_use(bruno, ana, words=OTHER)

    waiting.refresh_from_db()
    assert waiting.template.version == 1


@pytest.mark.parametrize("brand", ["Cobrança Amiga", "Serasa Fácil"])
def test_a_creditor_whose_name_tells_is_not_named_in_a_neutral_text(waiting, brand):
    Creditor.objects.update(brand=brand)

    dispatch.pump(clock=lambda: NOW + timedelta(minutes=1))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.error_code) == (ContactState.FAILED, "cannot fill a neutral brand")


def test_every_placeholder_can_be_filled():
    assert set(rendering.VALUES) == set(PLACEHOLDERS)


def test_the_telephone_is_written_as_it_is_read_aloud(waiting):
    dispatch.pump(clock=lambda: NOW)

    waiting.refresh_from_db()
    assert "Ligue (11) 3000-0000. Para nao receber: SAIR" in waiting.body
