"""Sign-in and lucky draw: what people are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class MakeUpRefused(ShopError):
    code = "makeup_refused"
    message = _l("这一天补不了：只能补最近 %(within_days)s 天里漏掉的，每月 %(per_month)s 次。")

    def __init__(self, within_days: int, per_month: int) -> None:
        super().__init__()
        self.within_days = within_days
        self.per_month = per_month


class DrawClosed(ShopError):
    code = "draw_closed"
    message = _l("这期抽奖现在没有开放。")


class PrizesGone(ShopError):
    """The day's budget is used up and the draw has no prize that gives nothing."""

    code = "prizes_gone"
    message = _l("今天的奖品发完了，积分没有动，明天再来。")


class PrizeNotClaimable(ShopError):
    code = "prize_not_claimable"
    message = _l("这件奖品已经领过，或者过了领取时间。")


class DrawRefused(ShopError):
    """A draw has faults: it is neither opened nor, when it is open, changed."""

    code = "draw_refused"
    status = 422
    message = _l("抽奖设置有 %(fault_count)s 处要改，先没有动。")

    def __init__(self, faults: tuple[object, ...]) -> None:
        super().__init__()
        self.faults = faults
        self.fault_count = len(faults)


class DrawAddressTaken(ShopError):
    code = "draw_address_taken"
    status = 422
    message = _l("这个网址别的抽奖在用，换一个。")


class DrawEditedMeanwhile(ShopError):
    """Somebody else saved the draw since this page was opened."""

    code = "draw_edited_meanwhile"
    message = _l("刚才有人改过这期抽奖，刷新看看再改。")


class PrizeInUse(ShopError):
    """A prize that somebody has won stays what it is: it can neither go nor become another."""

    code = "prize_in_use"
    message = _l("「%(title)s」已经有人抽到，不能删、不能换成别的，数量也不能少于抽走的。")

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title


class PrizeSkuUnknown(ShopError):
    code = "prize_sku_unknown"
    status = 422
    message = _l("没有编号是 %(sku)s 的商品。")

    def __init__(self, sku: str) -> None:
        super().__init__()
        self.sku = sku


class NoChancesLeft(ShopError):
    code = "no_chances_left"
    message = _l("今天的次数用完了，明天再来。")
