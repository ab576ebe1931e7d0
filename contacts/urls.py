"""Addresses of contacts."""

from django.urls import URLPattern, URLResolver, path

from contacts.views import (
    debtors,
    messages,
    points,
    policy,
    policy_decisions,
    policy_drafts,
    preferences,
    pressure,
    templates,
    unclear,
    wishes,
)
from contacts.webhooks import twilio

app_name = "contacts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("debtors/<int:pk>/", debtors.debtor, name="debtor"),
    path("debtors/<int:pk>/hold/", wishes.place_hold, name="place_hold"),
    path("holds/<int:pk>/lift/", wishes.lift_hold, name="lift_hold"),
    path("debtors/<int:pk>/opt-out/", wishes.opt_out, name="opt_out"),
    path("opt-outs/<int:pk>/withdraw/", wishes.withdraw_opt_out, name="withdraw_opt_out"),
    path("debtors/<int:pk>/consent/", wishes.grant_consent, name="grant_consent"),
    path("consents/<int:pk>/take-back/", wishes.take_back_consent, name="take_back_consent"),
    path("debtors/<int:pk>/preference/", preferences.keep, name="keep_preference"),
    path("preferences/<int:pk>/end/", preferences.end, name="end_preference"),
    path("points/<int:pk>/", points.point, name="point"),
    path("pressure/", pressure.pressure, name="pressure"),
    path("messages/", messages.messages, name="messages"),
    path("outbox/", messages.outbox, name="outbox"),
    path("unclear/", unclear.unclear, name="unclear"),
    path("unclear/<int:contact_id>/", unclear.decide, name="decide_unclear"),
    path("policy/", policy.policy, name="policy"),
    path("policy/<int:version>/", policy.policy, name="policy_version"),
    path("policy/pause/", policy.pause, name="pause"),
    path("policy/history/", policy.history, name="policy_history"),
    path("policy/compare/", policy.compare, name="policy_compare"),
    path("policy/drafts/", policy_drafts.write, name="policy_write"),
    path("policy/drafts/<int:draft_id>/", policy_drafts.draft, name="policy_draft"),
    path("policy/drafts/<int:draft_id>/edit/", policy_drafts.edit, name="policy_draft_edit"),
    path("policy/drafts/<int:draft_id>/judge/", policy_drafts.judge, name="policy_judge"),
    path("policy/drafts/<int:draft_id>/discard/", policy_decisions.discard, name="policy_discard"),
    path("policy/drafts/<int:draft_id>/publish/", policy_decisions.publish, name="policy_publish"),
    path("policy/drafts/<int:draft_id>/propose/", policy_decisions.propose, name="policy_propose"),
    path("policy/proposals/<int:proposal_id>/approve/", policy_decisions.approve, name="policy_approve"),
    path("policy/proposals/<int:proposal_id>/refuse/", policy_decisions.refuse, name="policy_refuse"),
    path("policy/proposals/<int:proposal_id>/withdraw/", policy_decisions.withdraw, name="policy_withdraw"),
    path("templates/", templates.templates, name="templates"),
    path("templates/new/", templates.new, name="template_new"),
    path("templates/check/", templates.check, name="template_check"),
    path("templates/<int:text_id>/", templates.template, name="template"),
    path("templates/<int:text_id>/edit/", templates.edit, name="template_edit"),
    path("templates/<int:text_id>/version/", templates.version, name="template_version"),
    path("templates/<int:text_id>/move/", templates.move, name="template_move"),
    path("twilio/status", twilio.status, name="twilio_status"),
    path("twilio/inbound", twilio.inbound, name="twilio_inbound"),
]
