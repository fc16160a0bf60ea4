"""The rulebook: publishing a draft."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from flask_babel import lazy_gettext as _l

from shop.rules.rulebook.limits import Text, Whole
from shop.web.api.saying import said


@dataclass(frozen=True, kw_only=True)
class PublicationBody:
    """When a draft takes effect."""

    effective_at: datetime | None = said(
        _l("从什么时候起生效，带时区；不给就马上生效"), "2099-01-01T00:00:00+08:00", default=None
    )
    note: Annotated[str | None, Text(200)] = said(
        _l("改了什么，写给以后的自己"), _l("新年调整"), default=None
    )


@dataclass(frozen=True, kw_only=True)
class SimulationBody:
    """Over how many of the last days the draft is tried."""

    days: Annotated[int, Whole(1, 730)] = said(_l("用过去多少天的往来试算"), 90, default=90)
