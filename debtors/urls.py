"""Addresses of debtors."""

from django.urls import URLPattern, URLResolver

app_name = "debtors"

urlpatterns: list[URLPattern | URLResolver] = []
