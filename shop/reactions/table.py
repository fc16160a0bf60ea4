"""One table: event -> what follows.  Each reaction calls one service and runs once, in a transaction of its own."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Reaction = Callable[[Mapping[str, Any], datetime], None]

REACTIONS: dict[str, tuple[Reaction, ...]] = {}
