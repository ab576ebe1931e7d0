"""The parts of a page: what they say, and what they never let through."""

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import Client, RequestFactory

from tests.factories import make_agent, make_manager


def render(source, *, path="/", **context):
    template = engines["django"].from_string("{% load ui %}" + source)
    return template.render(context, request=RequestFactory().get(path))


class OneField(forms.Form):
    amount = forms.CharField(label="Amount", help_text="In reais", widget=forms.TextInput({"class": "money"}))


def test_text_from_outside_is_escaped_in_a_state():
    html = render('{% state "bad" word %}', word="<b>late</b>")

    assert "&lt;b&gt;late&lt;/b&gt;" in html


def test_a_verdict_opens_to_its_reasons_only_when_there_are_some():
    reasons = [{"text": "A birthday", "basis": "Policy 3"}]

    assert "<details" not in render('{% verdict "yes" "May call" %}')
    assert "Policy 3" in render('{% verdict "later" "Not now" reasons %}', reasons=reasons)


def test_a_wrong_field_says_so_beside_itself_and_to_screen_readers():
    html = render("{% field form.amount %}", form=OneField({"amount": ""}))

    assert 'class="form-control money is-invalid"' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_error"' in html


def test_the_pager_keeps_the_filters_in_the_address():
    page = Paginator(range(243), 25).get_page(4)

    html = render("{% pager page %}", path="/?q=ana&page=4", page=page)

    assert 'href="?q=ana&amp;page=5"' in html
    assert 'aria-current="page">4<' in html


@pytest.mark.parametrize(
    ("path", "href", "direction"),
    [
        ("/?q=ana", "?q=ana&amp;sort=days", None),
        ("/?sort=days&page=3", "?sort=-days", "ascending"),
        ("/?sort=-days", "?sort=days", "descending"),
    ],
)
def test_a_column_head_turns_the_order_and_goes_back_to_the_first_page(path, href, direction):
    html = render('{% sort_header "days" "Days late" numeric=True %}', path=path)

    assert f'href="{href}"' in html
    assert (f'aria-sort="{direction}"' in html) == bool(direction)


@pytest.mark.django_db
def test_the_bar_shows_each_role_its_own_places(client):
    client.force_login(make_agent(username="carlos", permissions=["work_queue", "view_debtor"]))
    agents_bar = client.get("/password/").text
    client.force_login(make_manager(username="helena"))
    managers_bar = client.get("/password/").text

    assert ">Fila</a>" in agents_bar
    assert ">Devedores</a>" in agents_bar
    assert ">Réguas</a>" not in agents_bar
    assert ">Réguas</a>" in managers_bar
    assert ">Modelos</a>" in managers_bar


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "shown"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ('"><b>', ""), ("", "")],
)
def test_only_a_known_theme_reaches_the_page(client, chosen, shown):
    client.cookies["theme"] = chosen

    assert f'<html lang="pt-br"{shown}>' in client.get("/login/").text


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_theme_never_leads_out_of_the_house(client, back):
    answer = client.post("/theme/", {"theme": "dark", "next": back})

    assert answer.headers["Location"] == "/"
    assert answer.cookies["theme"].value == "dark"


@pytest.mark.django_db
def test_the_automatic_theme_forgets_the_choice(client):
    client.cookies["theme"] = "dark"

    answer = client.post("/theme/", {"theme": "", "next": "/login/"})

    assert answer.headers["Location"] == "/login/"
    assert answer.cookies["theme"]["max-age"] == 0


@pytest.mark.django_db
def test_the_style_guide_is_for_colleagues_of_the_house_only(client):
    assert client.get("/styleguide/").status_code == 404

    client.force_login(make_agent(username="carlos"))

    assert client.get("/styleguide/").status_code == 404


@pytest.mark.django_db
def test_an_error_on_our_side_has_a_page_that_needs_nothing():
    html = engines["django"].get_template("500.html").render()

    assert "<h1>" in html
    assert "Cobrança Cortês" in html


@pytest.mark.django_db
def test_every_page_is_served_under_a_strict_content_policy():
    policy = Client().get("/login/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "style-src 'self'" in policy
