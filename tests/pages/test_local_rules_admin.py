"""Managers' pages for local rules, do-not-call lists, segments and preferences, in plain words."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts import overlay_words
from contacts.models import BlockList, Overlay, OverlayChange, Preference
from contacts.services import block_lists, overlays
from contacts.vocabulary import OverlayEvent
from debtors.models import Segment
from tests.factories import make_creditor, make_debtor, make_manager
from tests.factories.local_rules import LAW, daily, make_block_list, make_overlay

pytestmark = pytest.mark.django_db

INLINE = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
NO_CHANGES = {f"changes-{name}": value for name, value in INLINE.items()}
NO_EVENTS = {f"events-{name}": value for name, value in INLINE.items()}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ANA = "+5511987654321"


@pytest.fixture
def manager(client):
    user = make_manager()
    user.is_staff = True
    user.save()
    client.force_login(user)
    return user


def page(model: str, *args) -> str:
    app = "debtors" if model == "segment" else "contacts"
    return reverse(f"admin:{app}_{model}_{'change' if args else 'add'}", args=args)


def rule_form(**changes) -> dict:
    """Return the form of a state's rule as a browser sends it: calls from 8 to 20 on working days."""
    hours = {f"windows_{day}": "08:00-20:00" for day in DAYS[:5]}
    form = {"name": "Minha regra", "level": "state", "state": "SP", "channels": ["voice"], "is_on": "on",
            "has_hours": "on", **hours, **NO_CHANGES}  # fmt: skip
    return {key: value for key, value in (form | changes).items() if value is not None}


def test_a_rule_is_written_in_plain_words_and_kept_as_the_gate_reads_it(client, manager):
    response = client.post(
        page("overlay"),
        rule_form(
            windows_sat="8-14", close_public_holidays="on", per_day="2", gap_minutes="60", message_first="on"
        ),
    )

    assert response.status_code == 302, response.context["errors"]
    rule = Overlay.objects.get()
    assert (rule.state, rule.channels, rule.is_on) == ("SP", ["voice"], True)
    assert rule.terms == {
        "windows": {day: [["08:00", "20:00"]] for day in DAYS[:5]} | {"sat": [["08:00", "14:00"]], "sun": []},
        "hours_exempt_channels": [],
        "close_public_holidays": True,
        "dates_exempt_channels": [],
        "caps": {"total": {"per_day": 2, "gap_minutes": 60}},
        "message_first": True,
    }
    line = rule.changes.get()
    assert (line.what, line.by) == (OverlayEvent.WRITTEN, manager)


def test_a_rule_that_only_forbids_a_channel_says_nothing_of_hours(client, manager):
    creditor = make_creditor()
    form = rule_form(
        level="creditor",
        creditor=creditor.pk,
        state="",
        has_hours=None,
        **dict.fromkeys([f"windows_{day}" for day in DAYS[:5]]),
        forbidden_channels=["whatsapp", "letter"],
    )

    client.post(page("overlay"), form)

    assert Overlay.objects.get().terms == {"channels": ["email", "sms", "voice"]}


def test_every_shipped_rule_opens_and_saved_as_it_is_says_the_same(client, manager):
    overlays.ship(now=timezone.now())

    for rule in Overlay.objects.all():
        initial = client.get(page("overlay", rule.pk)).context["adminform"].form.initial
        form = {key: value for key, value in initial.items() if value not in (None, False)} | NO_CHANGES
        terms = rule.terms
        response = client.post(page("overlay", rule.pk), form)
        assert response.status_code == 302, response.context["errors"]
        rule.refresh_from_db()
        assert rule.terms == terms
        assert [change.what for change in rule.changes.all()] == [OverlayEvent.CHANGED, OverlayEvent.WRITTEN]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"state": ""}, "state"),
        ({"level": "city"}, "city"),
        ({"level": "segment"}, "segment"),
        ({"level": "creditor"}, "creditor"),
        ({"windows_mon": "manhã"}, "windows_mon"),
        ({"windows_tue": "20:00-08:00"}, "windows_tue"),
        ({"law": "Lei 1/2026"}, "source"),
        ({"law": "Lei 1/2026", "source": "DOE", "certainty": "read"}, "review_by"),
    ],
)
def test_what_is_missing_or_unreadable_is_said_beside_its_field(client, manager, changes, field):
    response = client.post(page("overlay"), rule_form(**changes))

    assert field in response.context["adminform"].form.errors
    assert not Overlay.objects.exists()


def test_what_a_rule_was_about_before_is_dropped_with_its_kind(client, manager):
    rule = make_overlay(now=timezone.now(), state="SP", message_first=True)
    creditor = make_creditor()
    form = rule_form(level="creditor", creditor=creditor.pk, channels=[])

    assert client.post(page("overlay", rule.pk), form).status_code == 302

    rule.refresh_from_db()
    assert (rule.level, rule.state, rule.creditor) == ("creditor", "", creditor)


@pytest.mark.parametrize(
    "changes", [{"is_on": None}, {"has_hours": None}, {"state": "RJ"}, {"channels": ["sms"]}]
)
def test_a_law_binds_less_only_after_somebody_wrote_why(client, manager, changes):
    law = make_overlay(now=timezone.now(), state="SP", is_law=True, windows=daily("08:00", "20:00"))
    about = LAW | {"reviewed_on": "21/11/2026", "review_by": "21/05/2027"}
    form = rule_form(**about, channels=["voice", "sms"], **{f"windows_{day}": "08:00-20:00" for day in DAYS})
    Overlay.objects.filter(pk=law.pk).update(channels=["voice", "sms"])
    form = {key: value for key, value in (form | changes).items() if value is not None}

    response = client.post(page("overlay", law.pk), form)
    assert list(response.context["adminform"].form.errors) == ["reason"]
    law.refresh_from_db()
    assert law.is_on

    response = client.post(page("overlay", law.pk), form | {"reason": "Revogada"})
    assert response.status_code == 302
    last = OverlayChange.objects.first()
    assert (last.reason, last.by) == ("Revogada", manager)


def test_past_its_review_a_rule_is_marked_and_still_binds(client, manager):
    rule = make_overlay(now=timezone.now(), state="SP", is_law=True, paused=True)
    Overlay.objects.filter(pk=rule.pk).update(review_by=timezone.localdate() - timedelta(days=1))

    text = client.get(reverse("admin:contacts_overlay_changelist")).content.decode()

    assert "⚠" in text
    assert "passaram da data de revisão: 1" in text
    assert Overlay.objects.get().is_on


def test_on_the_day_of_its_review_a_rule_is_not_late_yet(client, manager):
    rule = make_overlay(now=timezone.now(), state="SP", is_law=True)
    Overlay.objects.filter(pk=rule.pk).update(review_by=timezone.localdate())

    assert "⚠" not in client.get(reverse("admin:contacts_overlay_changelist")).content.decode()


def test_a_rule_that_cannot_be_read_is_said_above_the_list_and_can_be_opened_and_mended(client, manager):
    rule = make_overlay(now=timezone.now(), state="SP")
    Overlay.objects.filter(pk=rule.pk).update(terms={"windos": {}})

    text = client.get(reverse("admin:contacts_overlay_changelist")).content.decode()
    assert f"“{rule.name}” não pode ser lida" in text

    response = client.post(page("overlay", rule.pk), rule_form())
    assert response.status_code == 200
    assert response.context["adminform"].form.non_field_errors()


# Do-not-call lists


def upload(text: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("lista.csv", text)


def list_form(file: bytes | None, **changes) -> dict:
    form = {"name": "Procon-SP", "law": "", "source": "", "channels": ["voice", "sms"], **NO_EVENTS}
    return form | ({} if file is None else {"file": upload(file)}) | changes


def test_a_list_is_handed_in_as_a_file(client, manager):
    response = client.post(page("blocklist"), list_form(b"telefone\n11987654321\n"))

    assert response.status_code == 302, response.context["errors"]
    register = BlockList.objects.get()
    assert (register.size, register.channels, register.imported_by) == (1, ["sms", "voice"], manager)
    assert register.is_on
    assert register.numbers.get().number == ANA


def test_the_history_of_a_list_says_who_switched_it_off_and_why(client, manager):
    blocked = make_block_list(ANA, now=timezone.now())
    block_lists.switch(blocked, is_on=False, by=manager, reason="Registro extinto", now=timezone.now())

    text = client.get(page("blocklist", blocked.pk)).text

    assert "Registro extinto" in text
    assert manager.get_username() in text


def test_each_wrong_line_of_the_file_is_named_and_nothing_is_imported(client, manager):
    response = client.post(page("blocklist"), list_form(b"11987654321\nabc\n98765-4321\n"))

    assert response.context["adminform"].form.errors["file"] == [
        "Linha 2, “abc”: isto não é um telefone.",
        "Linha 3, “98765-4321”: falta o DDD.",
        "Nada foi importado.",
    ]
    assert not BlockList.objects.exists()


def test_a_new_file_replaces_the_numbers_and_no_file_leaves_them(client, manager):
    register = make_block_list(ANA, now=timezone.now())
    known = page("blocklist", register.pk)

    fewer_channels = list_form(None, name="Outro nome", is_on="on")
    refused = client.post(known, fewer_channels)
    assert list(refused.context["adminform"].form.errors) == ["reason"]
    client.post(known, fewer_channels | {"reason": "só mensagens e ligações"})
    register.refresh_from_db()
    assert (register.name, register.size, register.channels) == ("Outro nome", 1, ["sms", "voice"])

    other_numbers = list_form(b"11912345678\n11912345679", name="Outro nome", is_on="on")
    refused = client.post(known, other_numbers)
    assert list(refused.context["adminform"].form.errors) == ["reason"]
    other_numbers = list_form(b"11912345678\n11912345679", name="Outro nome", is_on="on")
    client.post(known, other_numbers | {"reason": "novo arquivo"})
    register.refresh_from_db()
    assert register.size == 2
    assert [event.reason for event in register.events.all()[:2]] == [
        "novo arquivo",
        "só mensagens e ligações",
    ]


def test_a_list_is_switched_off_here_with_a_reason_only(client, manager):
    register = make_block_list(ANA, now=timezone.now())
    known = page("blocklist", register.pk)

    response = client.post(known, list_form(None))
    assert list(response.context["adminform"].form.errors) == ["reason"]

    assert client.post(known, list_form(None, reason="lista antiga")).status_code == 302
    register.refresh_from_db()
    assert not register.is_on
    assert register.events.first().reason == "lista antiga"


# Segments and preferences


def test_debtors_are_put_into_a_segment_and_taken_out_by_their_numbers(client, manager):
    ana, rui = make_debtor(), make_debtor()
    client.post(page("segment"), {"name": "Enchente", "put_in": f"{ana.tax_id}\n{rui.tax_id}\n"})
    segment = Segment.objects.get()
    assert set(segment.members.all()) == {ana, rui}

    client.post(page("segment", segment.pk), {"name": "Enchente", "take_out": ana.tax_id})
    assert set(segment.members.all()) == {rui}

    response = client.post(page("segment", segment.pk), {"name": "Enchente", "put_in": "12345678900"})
    assert "12345678900" in response.content.decode()
    assert list(response.context["adminform"].form.errors) == ["put_in"]


def test_a_preference_is_kept_for_a_debtor_named_by_number(client, manager):
    debtor = make_debtor()
    form = {
        "debtor": debtor.tax_id,
        "working_days": "18:00-20:00",
        "sunday": "-",
        "unwanted_channels": ["sms"],
        "source": "ao telefone",
    }

    assert client.post(page("preference"), form).status_code == 302

    kept = Preference.objects.get()
    evenings = {key: [["18:00", "20:00"]] for key in DAYS[:5]}
    assert (kept.debtor, kept.windows) == (debtor, evenings | {"sun": []})
    assert (kept.unwanted_channels, kept.recorded_by) == (["sms"], manager)
    text = client.get(page("preference", kept.pk)).content.decode()
    assert "18:00-20:00" in text
    assert "não por: SMS" in text


def test_a_preference_without_any_wish_is_none(client, manager):
    form = {"debtor": make_debtor().tax_id, "source": "ao telefone"}

    response = client.post(page("preference"), form)

    assert response.context["adminform"].form.non_field_errors()
    assert not Preference.objects.exists()


def test_review_dates_are_days_as_brazilians_write_them(client, manager):
    client.post(
        page("overlay"),
        rule_form(**LAW | {"reviewed_on": "21/11/2026", "review_by": "21/05/2027"}),
    )

    assert Overlay.objects.get().review_by == date(2027, 5, 21)


def test_hours_that_were_typed_are_never_dropped_without_a_word(client, manager):
    refused = client.post(page("overlay"), rule_form(has_hours=None))

    assert "has_hours" in refused.context["adminform"].form.errors
    assert not Overlay.objects.exists()


def test_hours_are_taken_out_by_the_tick_alone(client, manager):
    rule = make_overlay(now=timezone.now(), state="SP", windows=daily("09:00", "18:00"), message_first=True)
    form = rule_form(name=rule.name, channels=[], has_hours=None, message_first="on")
    form |= {f"windows_{day}": "09:00-18:00" for day in DAYS}

    assert client.post(page("overlay", rule.pk), form).status_code == 302

    rule.refresh_from_db()
    assert rule.terms == {"message_first": True}


def test_hours_that_are_unticked_and_emptied_are_taken_out(client, manager):
    rule = make_overlay(now=timezone.now(), state="SP", windows=daily("08:00", "20:00"))
    emptied = {f"windows_{day}": "" for day in DAYS}

    answer = client.post(
        page("overlay", rule.pk), rule_form(**emptied, has_hours=None, per_day="2", channels=[])
    )

    assert answer.status_code == 302
    rule.refresh_from_db()
    assert rule.terms == {"caps": {"total": {"per_day": 2}}}


def test_what_a_rule_is_not_about_is_refused_where_it_was_typed(client, manager):
    refused = client.post(page("overlay"), rule_form(level="creditor", creditor=make_creditor().pk))

    assert set(refused.context["adminform"].form.errors) == {"state"}
    assert not Overlay.objects.exists()


@pytest.mark.parametrize("typed", ["3e", "1,5", "x"])
def test_a_figure_that_cannot_be_read_is_told(client, manager, typed):
    refused = client.post(page("overlay"), rule_form(per_7_days=typed))

    assert set(refused.context["adminform"].form.errors) == {"per_7_days"}
    assert 'type="number"' not in refused.text  # of what it cannot read such a field hands in nothing
    assert not Overlay.objects.exists()


def test_a_file_that_cannot_be_read_asks_for_no_reason(client, manager):
    register = make_block_list(ANA, "+5511987650001", now=timezone.now())
    form = list_form(b"PK\x03\x04", name=register.name, is_on="on", channels=[])

    refused = client.post(page("blocklist", register.pk), form)

    assert set(refused.context["adminform"].form.errors) == {"file"}
    assert "isto é uma planilha" in refused.text


def test_the_history_of_a_rule_says_what_it_narrowed_from_each_change_on(client, manager):
    rule = make_overlay(now=timezone.now(), state="SP", windows=daily("09:00", "18:00"))
    rule.terms |= {"windows": daily("10:00", "18:00")}
    overlays.keep(rule, by=manager, now=timezone.now())

    text = client.get(page("overlay", rule.pk)).text

    assert "Seg a Dom: 09:00-18:00" in text
    assert "Seg a Dom: 10:00-18:00" in text


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({}, []),
        ({"windows": {"mon": [["08:00", "12:00"], ["14:00", "18:00"]]}},
         ["Seg: 08:00-12:00, 14:00-18:00", "Ter a Dom: sem contato"]),
        ({"windows": {"mon": [["08:00", "12:00"]], "wed": [["08:00", "12:00"]], "fri": [["08:00", "12:00"]]}},
         ["Seg, Qua, Sex: 08:00-12:00", "Ter, Qui, Sáb, Dom: sem contato"]),
        ({"block_third_party": True, "message_first": False}, ["Nunca no número de outra pessoa"]),
        ({"channels": ["sms", "email", "voice", "letter"]}, ["não por: WhatsApp"]),
        ({"channels": ["sms", "email", "whatsapp", "voice", "letter"]}, []),
        ({"caps": {"total": {"per_day": 0, "gap_minutes": 60}}, "conversation_cooldown_hours": 4},
         ["No máximo, por dia: 0", "Minutos entre contatos, no mínimo: 60",
          "Horas de descanso depois de uma conversa: 4"]),
        ({"caps": {"total": None, "point": {"per_day": 1}}}, ["e mais, que só o seu JSON diz"]),
        ({"close_public_holidays": True, "close_feasts": ["black_friday"]},
         ["Sem contato em feriados", "e mais, que só o seu JSON diz"]),
        ({"hours_exempt_channels": []}, ["e mais, que só o seu JSON diz"]),
        ({"dates_exempt_channels": []}, ["e mais, que só o seu JSON diz"]),
        ({"hours": "08:00"}, ["Não pode ser lida: ninguém a quem ela obriga é contatado."]),
    ],
)  # fmt: skip
def test_what_a_rule_narrows_is_told_in_words_and_nothing_is_passed_over(terms, said):
    assert overlay_words.local_rule(terms, channels=["voice"]) == said


def test_a_rule_that_binds_nobody_knows_which_channels_is_told_as_unreadable():
    told = overlay_words.local_rule({"message_first": True}, channels=["pigeon"])

    assert told == ["Não pode ser lida: ninguém a quem ela obriga é contatado."]
