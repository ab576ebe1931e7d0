"""The product's addresses, and a view that does nothing but claim a row."""

import os
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from collections_crm.urls import urlpatterns as those_of_the_product
from tests.bench.claiming import CLAIM


def bare(request: HttpRequest) -> HttpResponse:
    """Claim one row for whoever is logged in, by one statement, and lead on."""
    now = timezone.now()
    words = [request.user.pk, now + timedelta(minutes=5), os.environ["BARE_PORTFOLIO"], now, now]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, words)
        row = cursor.fetchone()
    return HttpResponse(status=302 if row else 500, headers={"Location": "/desk/"})


urlpatterns = [path("bare/", bare), *those_of_the_product]
