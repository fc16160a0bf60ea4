"""Coupons: what people are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class CouponNotOffered(ShopError):
    code = "coupon_not_offered"
    message = _l("这张券现在不发了，积分没有动。")


class CouponSoldOut(ShopError):
    code = "coupon_sold_out"
    message = _l("「%(name)s」刚刚发完了，积分没有动。")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class CouponLimitReached(ShopError):
    code = "coupon_limit_reached"
    message = _l("「%(name)s」每人最多 %(limit)s 张，你已经拿满了。")

    def __init__(self, name: str, limit: int) -> None:
        super().__init__()
        self.name = name
        self.limit = limit


class CouponNotUsable(ShopError):
    """It is used, held by another order, expired, not yet valid, or does not fit this order."""

    code = "coupon_not_usable"
    message = _l("这张券现在用不了，还没有扣任何东西，换一张或不用券再试。")


class CouponNotReturnable(ShopError):
    """Points come back only for an unused, unexpired coupon whose merchant allows it."""

    code = "coupon_not_returnable"
    message = _l("这张券不能换回积分了，券还在你这里。")


class CouponCodeTaken(ShopError):
    code = "coupon_code_taken"
    status = 422
    message = _l("这个编号已经有别的券在用，换一个吧。")


class CouponTargetUnknown(ShopError):
    """A product or category of the scope does not exist."""

    code = "coupon_target_unknown"
    status = 422
    message = _l("没有找到「%(target)s」，检查一下编号。")

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target


class GiftTargetUnknown(ShopError):
    """What is to be redeemed for a gift does not exist."""

    code = "gift_target_unknown"
    status = 422
    message = _l("没有找到「%(target)s」，检查一下编号。")

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target


class GiftGoodsUnknown(ShopError):
    """The gift itself does not exist, or is no longer sold."""

    code = "gift_goods_unknown"
    status = 422
    message = _l("没有找到「%(sku)s」，或者这个规格已经停用，检查一下编号。")

    def __init__(self, sku: str) -> None:
        super().__init__()
        self.sku = sku


class CouponLimitTooLow(ShopError):
    """More were issued than the new limit allows."""

    code = "coupon_limit_too_low"
    status = 422
    message = _l("已经发了 %(issued)s 张，总数不能比这个少。")

    def __init__(self, issued: int) -> None:
        super().__init__()
        self.issued = issued
