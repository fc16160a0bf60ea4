"""How gunicorn serves the shop: threads, so that connections stay open; behind a proxy on the same machine."""

from typing import Any

from shop.config import read_settings
from shop.memory import keep_what_is_loaded

settings = read_settings()

bind = [f"127.0.0.1:{settings.port}"]
workers = settings.web_workers
worker_class = "gthread"
threads = 4
keepalive = 5
timeout = 60
graceful_timeout = 25  # requests under way may finish
control_socket_disable = True  # it would lie in $HOME, shared by every gunicorn of that user
loglevel = "warning"


def post_worker_init(_worker: Any) -> None:
    """The shop is loaded."""
    keep_what_is_loaded()
