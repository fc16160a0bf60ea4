"""The built-in messenger: keeps the latest messages in memory and writes a line to the log, for development and tests."""

import logging
from collections import deque

from shop.adapters.messaging.base import TextMessage

KEPT = 100

log = logging.getLogger(__name__)


class SandboxMessenger:
    def __init__(self) -> None:
        self.sent: deque[TextMessage] = deque(maxlen=KEPT)

    def send(self, message: TextMessage) -> None:
        """Keep the message.  The log names only the end of the phone number."""
        self.sent.append(message)
        log.info("text to ****%s", message.phone[-4:])
