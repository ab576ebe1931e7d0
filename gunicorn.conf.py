"""How gunicorn serves the product: `gunicorn collections_crm.wsgi` reads this file by itself."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
preload_app = True  # loaded once, then forked; nothing connects to anything while it loads
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 15
max_requests, max_requests_jitter = 5000, 500
accesslog = os.environ.get("ACCESS_LOG") or None
# The path without its query: what people search for must not be kept in a log.
access_log_format = "%(m)s %(U)s %(s)s %(B)s %(M)sms"
