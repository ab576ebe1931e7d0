"""The words for the days that a policy may close: optional and commemorative ones."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Days on which offices may stay open or close (ponto facultativo).
OPTIONAL_DAY_WORDS: Mapping[str, Promise] = {
    "carnival": _("Carnival (Monday and Tuesday)"),
    "ash_wednesday": _("Ash Wednesday"),
    "corpus_christi": _("Corpus Christi"),
    "civil_servants_day": _("Civil Servants' Day (28 October)"),
    "christmas_eve": _("Christmas Eve"),
    "new_years_eve": _("New Year's Eve"),
}
COMMEMORATIVE_DAY_WORDS: Mapping[str, Promise] = {
    "new_year": _("New Year's Day"),
    "womens_day": _("Women's Day (8 March)"),
    "consumers_day": _("Consumer's Day (15 March)"),
    "good_friday": _("Good Friday"),
    "easter": _("Easter Sunday"),
    "mothers_day": _("Mother's Day"),
    "sweethearts_day": _("Sweethearts' Day (12 June)"),
    "saint_johns_day": _("Saint John's Day (24 June)"),
    "grandparents_day": _("Grandparents' Day (26 July)"),
    "fathers_day": _("Father's Day"),
    "customers_day": _("Customer's Day (15 September)"),
    "childrens_day": _("Children's Day (12 October)"),
    "teachers_day": _("Teachers' Day (15 October)"),
    "black_friday": _("Black Friday"),
    "christmas": _("Christmas Day"),
}
FEAST_WORDS: Mapping[str, Promise] = {**OPTIONAL_DAY_WORDS, **COMMEMORATIVE_DAY_WORDS}
