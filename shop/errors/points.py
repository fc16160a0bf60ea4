"""Points and the rulebook: what people are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class InsufficientPoints(ShopError):
    code = "insufficient_points"
    message = _l("积分不够，还差 %(missing_points)s 分")

    def __init__(self, needed_points: int, available_points: int) -> None:
        super().__init__()
        self.missing_points = needed_points - available_points


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


class PublicationTooEarly(ShopError):
    """A rulebook takes effect now or later, never in the past (invariant L7)."""

    code = "publication_too_early"
    status = 422
    message = _l("生效时间已经过去了，请选现在或以后。")


class DraftMissing(ShopError):
    """There is no draft to publish: somebody published or discarded it meanwhile."""

    code = "draft_missing"
    message = _l("没有草稿可以发布，可能刚被发布或丢掉了。")
