"""An amount split into shares that add up to it, to the centavo."""

from collections.abc import Sequence


def split(cents: int, *, weights: Sequence[int]) -> list[int]:
    """Return one share of `cents` for each weight, in proportion, adding up to `cents` exactly.

    Each share is its exact part rounded down or up; what is left after rounding down goes, a
    centavo each, to the shares with the largest remainders, the earlier first among equals. A
    negative amount is split as its opposite is.

    Raises ValueError when weights are negative, or all of them zero while there is something to split.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    total = sum(weights)
    if not total:
        if cents:
            raise ValueError(f"nothing to split {cents} by")
        return [0] * len(weights)
    if cents < 0:
        return [-share for share in split(-cents, weights=weights)]
    parts = [divmod(cents * weight, total) for weight in weights]
    shares = [whole for whole, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda at: -parts[at][1])
    for at in by_remainder[: cents - sum(shares)]:
        shares[at] += 1
    return shares


def equally(cents: int, *, parts: int) -> list[int]:
    """Return `parts` shares that differ by a centavo at most, the larger ones first.

    Raises ValueError for fewer than one part.
    """
    if parts < 1:
        raise ValueError(f"cannot split into {parts} parts")
    return split(cents, weights=[1] * parts)
