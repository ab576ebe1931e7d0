"""Addresses of the agent's desk and of the ladders."""

from django.urls import path

from dunning.views import card, desk, strategies

app_name = "dunning"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("next/", desk.call_next, name="call_next"),
    path("cases/<int:pk>/", card.case, name="case"),
    path("cases/<int:pk>/take/", card.take, name="take"),
    path("cases/<int:pk>/call/", card.call, name="call"),
    path("cases/<int:pk>/dial/<int:point>/", card.dial, name="dial"),
    path("cases/<int:pk>/outcome/", card.record_outcome, name="outcome"),
    path("cases/<int:pk>/lease/", card.renew, name="renew"),
    path("cases/<int:pk>/give-back/", card.give_back, name="give_back"),
    path("ladders/", strategies.strategies, name="strategies"),
]
