"""Addresses of the agent's desk and of the ladders."""

from django.urls import path

from dunning.views import (
    card,
    departments,
    desk,
    forgotten,
    handing_over,
    my_day,
    objections,
    offers,
    strategies,
    talk,
    weights,
)

app_name = "dunning"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("next/", desk.call_next, name="call_next"),
    path("cases/<int:pk>/", card.case, name="case"),
    path("cases/<int:pk>/take/", card.take, name="take"),
    path("cases/<int:pk>/call/", card.call, name="call"),
    path("cases/<int:pk>/dial/<int:point>/", card.dial, name="dial"),
    path("cases/<int:pk>/confirm/", talk.confirm, name="confirm"),
    path("cases/<int:pk>/talk/", talk.go_on, name="talk"),
    path("cases/<int:pk>/note/", talk.note, name="note"),
    path("cases/<int:pk>/objections/", objections.search, name="objections"),
    path("practice/", objections.practice, name="practice"),
    path("cases/<int:pk>/offers/", offers.offers, name="offers"),
    path("cases/<int:pk>/agree/", offers.agree, name="agree"),
    path("cases/<int:pk>/proposal/", offers.send, name="send_proposal"),
    path("cases/<int:pk>/points/", talk.add_point, name="add_point"),
    path("cases/<int:pk>/outcome/", card.record_outcome, name="outcome"),
    path("cases/<int:pk>/lease/", card.renew, name="renew"),
    path("cases/<int:pk>/give-back/", card.give_back, name="give_back"),
    path("cases/<int:pk>/hand-over/", handing_over.hand_over, name="hand_over"),
    path("cases/<int:pk>/departments/", departments.departments, name="departments"),
    path("cases/<int:pk>/departments/fact/", departments.tell_fact, name="tell_fact"),
    path("views/", desk.save_view, name="save_view"),
    path("views/<int:view_id>/forget/", desk.forget_view, name="forget_view"),
    path("day/", my_day.my_day, name="my_day"),
    path("order/", weights.weights, name="weights"),
    path("forgotten/", forgotten.forgotten, name="forgotten"),
    path("forgotten/<int:pk>/", forgotten.bring_back, name="bring_back"),
    path("ladders/", strategies.strategies, name="strategies"),
]
