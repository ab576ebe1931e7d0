"""Start the stand-in for Twilio on a port of one's own."""

import argparse
import contextlib
import signal
import sys
from pathlib import Path

from tests.fakes.twilio import Account, TwilioFake
from tests.fakes.twilio.moods import Weather


def main() -> int:
    options = parse(sys.argv[1:])
    fake = TwilioFake(
        Account(
            account_sid=options.account_sid,
            auth_token=options.auth_token,
            log=options.log,
            callback_base=options.callback_base,
            callback_delay_seconds=options.callback_delay,
            callback_repeat=options.repeat,
            is_shuffled=options.shuffle,
            slow_seconds=options.slow_seconds,
            inbound_url=options.inbound_url,
            callback_share=options.callback_share,
            forged_share=options.forged_share,
            list_lag_seconds=options.list_lag,
            weather=Weather(share=options.troubles, seed=options.seed),
        ),
        port=options.port,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"ready: {fake.url}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        fake.serve_forever()
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.fakes.twilio", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    parser.add_argument("--account-sid", default="AC" + "0" * 32)
    parser.add_argument("--auth-token", default="not-a-secret")
    parser.add_argument("--log", type=Path, help="append-only JSON lines of what was accepted")
    parser.add_argument(
        "--callback-base", default="", help="where webhooks really are, if not where they say"
    )
    parser.add_argument("--callback-delay", type=float, default=0.05, metavar="SECONDS")
    parser.add_argument("--repeat", type=int, default=1, help="how often each report is made")
    parser.add_argument("--shuffle", action="store_true", help="make reports out of order")
    parser.add_argument("--slow-seconds", type=float, default=30.0, help="how slow a slow answer is")
    parser.add_argument("--inbound-url", default="", help="our webhook for texts from debtors")
    parser.add_argument("--callback-share", type=float, default=1.0, help="share of messages reported on")
    parser.add_argument("--forged-share", type=float, default=0.0, help="share of reports forged before")
    parser.add_argument("--list-lag", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--troubles", type=float, default=0.0, help="share of create calls that end badly")
    parser.add_argument("--seed", type=int, default=1, help="of the lots that are drawn")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
