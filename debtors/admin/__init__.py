"""Managers' pages for people, debts and money: what was written once can be read, never changed."""

from debtors.admin import accounts, agreements, colleagues, loyalty, people, receiving  # noqa: F401  (each registers its pages)
