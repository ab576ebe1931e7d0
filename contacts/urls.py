"""Addresses of contacts."""

from django.urls import URLPattern, URLResolver, path

from contacts.webhooks import twilio

app_name = "contacts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("twilio/status", twilio.status, name="twilio_status"),
    path("twilio/inbound", twilio.inbound, name="twilio_inbound"),
]
