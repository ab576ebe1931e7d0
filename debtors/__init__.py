"""Knows who owes what: people, debts, payments, promises."""
