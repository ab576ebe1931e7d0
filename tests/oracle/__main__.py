"""Compares the product's gate with the oracle on random cases: `python -m tests.oracle --cases 200000`."""

import argparse
import sys
from random import Random

from .comparing import HORIZON_DAYS, Comparison, Looking, compare, random_lines, random_waiting_lines

CHUNK = 20_000
CHUNK_OF_NEXT = 1_000
SHOWN = 10


def main() -> int:
    """Print the disagreements and what was exercised; return 1 where there was any disagreement."""
    options = read_options()
    rng, result = Random(options.seed), Comparison()
    looking = Looking(options.horizon_days, options.every_minute, Random(options.seed))
    make_lines, chunk = (random_waiting_lines, CHUNK_OF_NEXT) if options.next else (random_lines, CHUNK)
    for start in range(0, options.cases, chunk):
        lines = make_lines(rng, min(chunk, options.cases - start))
        compare(lines, result, looking=looking if options.next else None)
        print(f"{result.compared} compared, {len(result.disagreements)} disagreements", flush=True)
    for disagreement in result.disagreements[:SHOWN]:
        print(disagreement, end="\n\n")
    print(f"{'code':26}{'cases':>9}{'alone':>9}")
    for code, cases in sorted(result.codes.items()):
        print(f"{code:26}{cases:>9}{result.deciding_alone[code]:>9}")
    for outcome, cases in sorted(result.outcomes.items()):
        print(f"{outcome:26}{cases:>9}")
    print(
        f"{result.compared} lines compared, {len(result.disagreements)} disagreements (seed {options.seed})"
    )
    return 1 if result.disagreements else 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--next", action="store_true", help="compare the next allowed moment too")
    parser.add_argument("--horizon-days", type=int, default=HORIZON_DAYS)
    parser.add_argument(
        "--every-minute",
        type=float,
        default=0.05,
        metavar="SHARE",
        help="of how many next moments every minute before is judged, not only the edges and a coarse walk",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
