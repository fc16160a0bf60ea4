"""The rulebook, as programs see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.queries.points.rulebook import PublishedRulebook, document_of
from shop.queries.points.simulations import SimulationView
from shop.web.api.saying import said

DOCUMENT = {"earning": {"points": 1, "per_cents": 100, "includes_shipping": False, "wait_days": 7}}


@dataclass(frozen=True, kw_only=True)
class RulebookVersion:
    """One version of the rulebook."""

    version: int = said(_l("第几版"), 3)
    state: str = said(_l("in_force 在用，scheduled 等着生效，past 用过的"), "in_force")
    effective_at: datetime = said(_l("从什么时候起生效"), "2026-03-01T16:00:00Z")
    published_at: datetime = said(_l("什么时候发布的"), "2026-02-20T02:00:00Z")
    note: str = said(_l("发布时写的话"), _l("春天的调整"))


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """The rulebook in force, and every version."""

    version: int = said(_l("在用的是第几版"), 3)
    effective_at: datetime = said(_l("从什么时候起生效"), "2026-03-01T16:00:00Z")
    document: Mapping[str, Any] = said(_l("整本规则，格式见 /rulebook/schema"), DOCUMENT)
    versions: tuple[RulebookVersion, ...] = said(_l("所有版本，最后生效的在前"))


@dataclass(frozen=True, kw_only=True)
class RulebookDraft:
    """The draft as it was kept."""

    document: Mapping[str, Any] = said(_l("存下的草稿"), DOCUMENT)
    saved_at: datetime = said(_l("什么时候存的"), "2026-03-02T04:00:00Z")


@dataclass(frozen=True, kw_only=True)
class RulebookSimulation:
    """A draft tried on the shop's own history."""

    id: int = said(_l("试算号"), 7)
    days: int = said(_l("过去多少天"), 90)
    state: str = said(_l("queued 排队，running 在算，done 好了，failed 没算完，cancelled 停了"), "done")
    progress_permille: int = said(_l("算了千分之几"), 1000)
    result: Mapping[str, Any] | None = said(
        _l("现在的规则和草稿并排的数字；算好才有"), {"live": {"issued": 1200}, "draft": {"issued": 1500}}
    )


def rulebook_answer(current: PublishedRulebook, versions: tuple[PublishedRulebook, ...]) -> Rulebook:
    """The version in force with its document."""
    return Rulebook(
        version=current.version,
        effective_at=current.effective_at,
        document=document_of(current.rulebook),
        versions=tuple(version_answer(each) for each in versions),
    )


def version_answer(published: PublishedRulebook) -> RulebookVersion:
    """One version without its document."""
    return RulebookVersion(
        version=published.version,
        state=published.state,
        effective_at=published.effective_at,
        published_at=published.published_at,
        note=published.note,
    )


def simulation_answer(run: SimulationView) -> RulebookSimulation:
    """A run, and its result once there is one."""
    return RulebookSimulation(
        id=run.id,
        days=run.days,
        state=run.state,
        progress_permille=run.progress_permille,
        result=run.result,
    )
