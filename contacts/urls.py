"""Addresses of contacts."""

from django.urls import URLPattern, URLResolver, path

from contacts.views import debtors, messages, policy
from contacts.webhooks import twilio

app_name = "contacts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("debtors/<int:pk>/", debtors.debtor, name="debtor"),
    path("debtors/<int:pk>/hold/", debtors.place_hold, name="place_hold"),
    path("holds/<int:pk>/lift/", debtors.lift_hold, name="lift_hold"),
    path("debtors/<int:pk>/opt-out/", debtors.opt_out, name="opt_out"),
    path("opt-outs/<int:pk>/withdraw/", debtors.withdraw_opt_out, name="withdraw_opt_out"),
    path("messages/", messages.messages, name="messages"),
    path("outbox/", messages.outbox, name="outbox"),
    path("policy/", policy.policy, name="policy"),
    path("policy/<int:version>/", policy.policy, name="policy_version"),
    path("policy/pause/", policy.pause, name="pause"),
    path("twilio/status", twilio.status, name="twilio_status"),
    path("twilio/inbound", twilio.inbound, name="twilio_inbound"),
]
