"""Frozen, reinstated and merged points: what people are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class PointsFrozen(ShopError):
    """A merchant has frozen spending; the points page says why and what can be done."""

    code = "points_frozen"
    message = _l("你的积分暂时冻结了，现在不能用。积分页写着原因和怎么联系我们。")


class FrozenAlready(ShopError):
    code = "frozen_already"
    message = _l("这位会员的积分已经冻结了，先解冻才能换一种冻法。")


class ReinstatedAlready(ShopError):
    code = "reinstated_already"
    message = _l("这一笔过期的积分已经补回去过了。")


class MergeRefused(ShopError):
    """Two accounts cannot be merged as they stand; the code of the cause is in ``cause``."""

    code = "merge_refused"
    message = _l("这两个账号现在不能合并：%(sentence)s")

    def __init__(self, cause: str) -> None:
        super().__init__()
        self.cause = cause
        self.sentence = str(MERGE_CAUSES[cause])


MERGE_CAUSES = {
    "same": _l("是同一个账号。"),
    "closed": _l("有一个已经停用或注销。"),
    "unpaid": _l("要并掉的账号还有没付款的订单，等它付好或取消。"),
    "held": _l("要并掉的账号有积分正在结算，过一会儿再试。"),
    "frozen": _l("有一个账号的积分冻结着，先解冻。"),
    "prizes": _l("要并掉的账号还有没领的奖品，先领掉。"),
    "merged": _l("要并掉的账号里并着别的账号，先撤销那一次或等七天。"),
}


class MergeNotReversible(ShopError):
    code = "merge_not_reversible"
    message = _l("合并超过七天，或者已经撤销过，不能再撤销了。")
