"""Pages of lists that may be longer than anybody counts."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

#: A hundred pages: whoever has not found it by then needs a filter, not another page.
MOST_COUNTED = 2_500


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # generic in its stubs only
    """Counts and shows MOST_COUNTED rows at most: counting a million takes longer than reading a page.

    `is_capped` says that there are more; the pager then says so too.
    """

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        """How many rows are shown."""
        return min(self._counted, MOST_COUNTED)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than are shown."""
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        rows = self.object_list.order_by().values("pk")  # neither sorted nor reckoned: only counted
        return int(rows[: MOST_COUNTED + 1].count())
