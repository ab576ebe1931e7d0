# The product as one image: web, worker, beat and commands differ only in what is started.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=8000 VAR_DIR=/var/lib/collections-crm \
    STATIC_MANIFEST=1 PATH=/srv/venv/bin:$PATH

# What WeasyPrint draws letters with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --home-dir /srv/app crm \
    && mkdir -p /var/lib/collections-crm/media /var/lib/collections-crm/journal /var/lib/collections-crm/letters /var/lib/collections-crm/recordings /srv/app \
    && chown -R crm /var/lib/collections-crm

WORKDIR /srv/app
COPY requirements-product.lock ./
RUN python -m venv /srv/venv \
    && /srv/venv/bin/pip install --no-cache-dir --require-hashes -r requirements-product.lock
COPY manage.py gunicorn.conf.py ./
COPY collections_crm collections_crm
COPY debtors debtors
COPY contacts contacts
COPY dunning dunning
COPY templates templates
COPY static static
COPY locale locale

USER crm
RUN python manage.py collectstatic --noinput --verbosity 0
EXPOSE 8000
# The main process is the one that is signalled; it ends its own children.
STOPSIGNAL SIGTERM
CMD ["gunicorn", "collections_crm.wsgi"]
