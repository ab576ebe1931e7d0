"""The same in each language: who reads English here lives in Brazil too."""

from collections_crm.formats import *  # noqa: F403
