"""What every test of a rule may rely on: nothing is remembered from before."""

import sys

import pytest


@pytest.fixture(autouse=True, scope="session")
def nothing_is_remembered() -> None:
    """Empty the caches of the rules.

    Mutation testing starts each run from a process in which the rules have answered already: what
    they remember would hide the change.
    """
    for name, module in list(sys.modules.items()):
        if ".rules." in name:
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()
