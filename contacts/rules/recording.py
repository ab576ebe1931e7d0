"""Whether a call is recorded and says so: where the law asks for it, or by the house's own choice."""

from collections.abc import Collection

#: States whose law has calls of collection recorded, the person told of it, and given a copy within seven
#: days. SP: Law 17.832/2023, arts. 49 and 50. RJ: Law 6.854/2014, art. 3. PR: Law 17.352/2012 with
#: Law 19.498/2018. MT: Law 12.395/2024 (from secondary sources).
RECORDED_BY_LAW = frozenset({"SP", "RJ", "PR", "MT"})
MODES = ("law", "always", "never")


def is_recorded(*, states: Collection[str], mode: str) -> bool:
    """Return whether a call to somebody who may be in one of `states` is recorded.

    `mode` is law (where one of the states asks for it, or none is known), always or never.
    Raises ValueError for any other word.
    """
    if mode not in MODES:
        raise ValueError(f"{mode} is no way to record calls")
    if mode == "law":
        return not states or not RECORDED_BY_LAW.isdisjoint(states)
    return mode == "always"
