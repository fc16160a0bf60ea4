"""Points and the rulebook: what people are told."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class InsufficientPoints(ShopError):
    code = "insufficient_points"
    message = _l("积分不够，还差 %(missing_points)s 分")

    def __init__(self, needed_points: int, available_points: int) -> None:
        super().__init__()
        self.missing_points = needed_points - available_points


class KindInsufficient(InsufficientPoints):
    """Not enough points of a further kind."""

    message = _l("%(name)s不够，还差 %(missing_points)s %(unit)s")

    def __init__(self, needed_points: int, available_points: int, *, name: str, unit: str) -> None:
        super().__init__(needed_points, available_points)
        self.name, self.unit = name, unit


class KindsMixed(ShopError):
    """One order is paid with points of one kind."""

    code = "points_kinds_mixed"
    message = _l("一单只能用一种积分来换，请分开下单。")


class HoldEnded(ShopError):
    code = "hold_ended"
    message = _l("这笔积分的预留已经结束，请重新下单。")


class RulebookRefused(ShopError):
    """A rulebook document has faults; the draft is kept."""

    code = "rulebook_refused"
    status = 422
    message = _l("规则册有 %(fault_count)s 处要改，草稿已经留着。")

    def __init__(self, faults: tuple[object, ...]) -> None:
        super().__init__()
        self.faults = faults
        self.fault_count = len(faults)


class PointsKindInUse(ShopError):
    """A rulebook leaves out a kind of points that somebody has or owes, or that goods on sale are priced in."""

    code = "points_kind_in_use"
    status = 409
    message = _l("「%(names)s」还不能去掉：会员手里还有，或者在售商品还用它标价。")

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = "」「".join(names)


class PublicationTooEarly(ShopError):
    """A rulebook takes effect now or later, never in the past (invariant L7)."""

    code = "publication_too_early"
    status = 422
    message = _l("生效时间已经过去了，请选现在或以后。")


class NoticeTooShort(ShopError):
    """The version worsens something for members, so it has to be announced ahead (N05)."""

    code = "notice_too_short"
    status = 422
    message = _l("这一版有对会员变少的改动，要提前 %(days)s 天告知，最早从 %(earliest_on)s 起。")

    def __init__(self, earliest_at: datetime, earliest_on: date, days: int) -> None:
        super().__init__()
        self.earliest_at = earliest_at
        self.earliest_on = earliest_on
        self.days = days


class VersionStarted(ShopError):
    """Only a version that has not started can be withdrawn."""

    code = "version_started"
    message = _l("这一版已经生效，不能撤回。想换回去，就再发一版。")


class LaterVersionScheduled(ShopError):
    """A later version was announced as following this one."""

    code = "later_version_scheduled"
    message = _l("后面还排着一版，请先撤回后面那一版。")


class DraftMissing(ShopError):
    """There is no draft to publish: somebody published or discarded it meanwhile."""

    code = "draft_missing"
    message = _l("没有草稿可以发布，可能刚被发布或丢掉了。")


class TierHeldAlready(ShopError):
    """The member stands on this tier or above: nothing to buy or to grant."""

    code = "tier_held_already"
    message = _l("已经是「%(tier_name)s」了，不用再升。")

    def __init__(self, tier_name: str) -> None:
        super().__init__()
        self.tier_name = tier_name


class TierNotForSale(ShopError):
    code = "tier_not_for_sale"
    message = _l("「%(tier_name)s」现在不能用积分升。")

    def __init__(self, tier_name: str) -> None:
        super().__init__()
        self.tier_name = tier_name


class TierPriceRaised(ShopError):
    """The price rose between page and submit: it is shown, and confirmed again."""

    code = "tier_price_raised"
    message = _l("价格变了，现在要 %(price_points)s 积分，看好再确认一次。")

    def __init__(self, price_points: int) -> None:
        super().__init__()
        self.price_points = price_points
