"""The child process of `pdf.py`: reads an order in JSON from standard input, writes PDFs to standard output.

Started by its path, outside Django, with limits it sets itself before it does anything else.
"""

import json
import logging
import resource
import struct
import sys
from collections.abc import Iterable, Iterator
from math import ceil
from typing import Any

LARGEST_ORDER_BYTES = 16 * 1024 * 1024


def main() -> None:
    """Do one order; whatever goes wrong ends the process with a line on standard error."""
    order = json.loads(sys.stdin.buffer.read(LARGEST_ORDER_BYTES))
    _limit(resource.RLIMIT_AS, order["memory_bytes"])
    _limit(resource.RLIMIT_CPU, ceil(order["seconds"]))
    for pdf in _pdfs(order["pages"], css=order["css"]):
        sys.stdout.buffer.write(struct.pack(">I", len(pdf)) + pdf)


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


def _pdfs(pages: Iterable[str], *, css: str) -> Iterator[bytes]:
    import weasyprint  # after the limits are set
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)

    class OnlyOurOwn(URLFetcher):  # type: ignore[misc]
        """Opens nothing but data: URIs; anything else ends the printing."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:"):
                raise FatalURLFetchingError("the page asks for something from outside")
            return super().fetch(url, headers)

    fetcher = OnlyOurOwn(allowed_protocols=["data"])
    fonts = FontConfiguration()
    sheet = weasyprint.CSS(string=css, url_fetcher=fetcher, font_config=fonts)
    for html in pages:
        page = weasyprint.HTML(string=html, url_fetcher=fetcher)
        yield bytes(page.write_pdf(stylesheets=[sheet], font_config=fonts))


if __name__ == "__main__":
    main()
