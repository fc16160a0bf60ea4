"""Cart, checkout, payment, fulfilment and refunds: what people are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class CartFull(ShopError):
    code = "cart_full"
    message = _l("购物车放满了，先换走几样吧。")


class CartEmpty(ShopError):
    code = "cart_empty"
    message = _l("购物车还是空的。")


class WayNotPossible(ShopError):
    """The goods cannot get to the person this way; the page offers the other one."""

    code = "way_not_possible"
    message = _l("这里面有到店用的券或服务，没法快递。改成到店取，或者分开换。")


class StoreMissing(ShopError):
    code = "store_missing"
    status = 422
    message = _l("还没有选门店，挑一家方便去的吧。")


class AddressMissing(ShopError):
    code = "address_missing"
    status = 422
    message = _l("还没有收货地址，先添一个吧。")


class QuoteChanged(ShopError):
    """Price, stock or rules changed since the page was opened: show the new quote, charge nothing."""

    code = "quote_changed"
    message = _l("价格或规则刚刚变了，还没有扣任何东西，请看过新的明细再确认。")


class OrderPointsAbove(ShopError):
    """One order takes at most so many points, by the shop's rules."""

    code = "order_points_above"
    message = _l("每单最多用 %(points_max)s 积分，这单要 %(wanted_points)s 积分，减一点再试。")

    def __init__(self, points_max: int, wanted_points: int) -> None:
        super().__init__()
        self.points_max, self.wanted_points = points_max, wanted_points


class CodeNeeded(ShopError):
    """So many points are spent only by who holds the phone; nothing was charged."""

    code = "code_needed"
    status = 422
    message = _l("一单用满 %(points)s 积分要验证手机，先填收到的验证码。")

    def __init__(self, points: int) -> None:
        super().__init__()
        self.points = points


class PaymentTimeOver(ShopError):
    """The order was not paid in time; its points and goods go back by themselves."""

    code = "payment_time_over"
    message = _l("付款时间过了，订单已经结束。积分会原样退回，有效期不变。")


class ProviderUnreachable(ShopError):
    code = "provider_unreachable"
    status = 503
    message = _l("支付那边暂时连不上，钱和积分都没动，请稍后再试。")


class OrderMoved(ShopError):
    """The order is no longer in a state that allows this."""

    code = "order_moved"
    message = _l("订单状态已经变了，请刷新看看最新进展。")


class PickupCodeWrong(ShopError):
    code = "pickup_code_wrong"
    status = 422
    message = _l("没有这个取货码，请对着会员的手机再看一遍。")


class PickupCodeUsed(ShopError):
    """Handed over before: somebody was first, or the code is shown a second time."""

    code = "pickup_code_used"
    message = _l("这个取货码已经核销过了，东西不要再给一次。")


class PickupUnpaid(ShopError):
    code = "pickup_unpaid"
    message = _l("这一单还没付款，请会员先付好。")


class PickupEnded(ShopError):
    code = "pickup_ended"
    message = _l("这一单已经取消或全部退掉了，不能取货。")


class RefundTooLarge(ShopError):
    code = "refund_too_large"
    status = 422
    message = _l("退得比付的多了，请检查数量。")


class RefundAboveLeft(ShopError):
    """More is to go back than is left of a purchase."""

    code = "refund_above_left"
    status = 409
    message = _l("退得比剩下的多，最多还能退 %(left)s 元。")

    def __init__(self, left_cents: int) -> None:
        super().__init__()
        self.left_cents = left_cents
        self.left = f"{left_cents // 100}.{left_cents % 100:02d}"


class NoticeRefused(ShopError):
    """A payment notice whose signature, amount or order does not match ours."""

    code = "notice_refused"
    status = 400
    message = _l("支付通知核对不上。")
