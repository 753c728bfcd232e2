"""How the server runs: two processes of threads that wait for nobody for ever; no access log, no control socket."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from whistle.web.quiet_log import QuietFilter

logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")


class QuietLogger(Logger):
    """Gunicorn's logger with the filter on it and no access log."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(QuietFilter())

    def access(self, *args: Any, **kwargs: Any) -> None:
        """Nobody's visits are written down."""


#: Wrong settings stop the start once and in one line, and not each process by itself.
preload_app = True
worker_class = "whistle.web.paced_worker.PacedWorker"
workers = 2
#: Most of them only listen to a form on its way in; `web/waiting_room.py` says how many work.
threads = 96
timeout = 60
graceful_timeout = 20
keepalive = 5
#: No process ends after so many requests: it takes nobody in while it waits for uploads that go on, and a stranger's
#: cheap requests would bring both to that at once.
max_requests = 0

accesslog = None
errorlog = "-"
loglevel = "warning"
logger_class = QuietLogger
control_socket_disable = True
#: Forwarded headers are read by the program, and only as far as it was told to trust them.
forwarded_allow_ips = ""
