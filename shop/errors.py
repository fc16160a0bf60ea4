"""Everything we may have to tell a person.  ``status`` goes to the browser, ``code`` to the log, the message to people."""

from datetime import date

from flask_babel import lazy_gettext as _l


class TransactionLost(Exception):
    """The database gave a transaction up (deadlock, serialisation, connection): repeat the whole unit of work.

    Not for people: the application repeats the request, and says ``Busy`` when that did not help.
    """


class ShopError(Exception):
    """A refusal that a person meets.  The message is shown where the person acted."""

    code = "refused"
    status = 409
    message = _l("这一步没有成功，请再试一次。")

    def __str__(self) -> str:
        return str(self.message) % vars(self)


class InvalidInput(ShopError):
    """What was sent is malformed or out of range; nothing was written."""

    code = "invalid_input"
    status = 422
    message = _l("有一处填得不对，请检查后再提交。")


class NotFound(ShopError):
    """There is no such thing, or it is not yours: the answer is the same."""

    code = "not_found"
    status = 404
    message = _l("没有找到这个内容，可能已经下架或换了地址。")


class NotAllowed(ShopError):
    code = "not_allowed"
    status = 403
    message = _l("你的角色不能做这件事，请找店主开通。")


class Busy(ShopError):
    """The database stayed busy after all retries.  Safe to repeat with the same key."""

    code = "busy"
    status = 503
    message = _l("店里有点忙，你的积分和订单都没动，请稍后再试。")


class TooManyRequests(ShopError):
    code = "too_many_requests"
    status = 429
    message = _l("点得太快了，请过 %(retry_after_seconds)s 秒再试。")

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class KeyReused(ShopError):
    """The same idempotency key came with another request (invariant L4)."""

    code = "key_reused"
    message = _l("这个页面已经提交过别的内容了，请刷新后再试。")


# -- points ---------------------------------------------------------------------------------------------------------


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


# -- catalogue and orders -------------------------------------------------------------------------------------------


class SoldOut(ShopError):
    code = "sold_out"
    message = _l("「%(title)s」刚刚被换完了，积分没有动。")

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title


class OutOfStock(SoldOut):
    """Known before anybody pressed a button."""

    message = _l("「%(title)s」换完了，等等补货。")


class StockTooLow(ShopError):
    code = "stock_too_low"
    message = _l("「%(title)s」只剩 %(left)s 件了。")

    def __init__(self, title: str, left: int) -> None:
        super().__init__()
        self.title = title
        self.left = left


class OrderLimitReached(ShopError):
    code = "order_limit_reached"
    message = _l("「%(title)s」一单最多换 %(limit)s 件。")

    def __init__(self, title: str, limit: int) -> None:
        super().__init__()
        self.title = title
        self.limit = limit


class CartFull(ShopError):
    code = "cart_full"
    message = _l("购物车放满了，先换走几样吧。")


class WayNotPossible(ShopError):
    """The goods cannot get to the person this way; the page offers the other one."""

    code = "way_not_possible"
    message = _l("这里面有到店用的券或服务，没法快递。改成到店取，或者分开换。")


class StoreMissing(ShopError):
    code = "store_missing"
    status = 422
    message = _l("还没有选门店，挑一家方便去的吧。")


class PaymentTimeOver(ShopError):
    """The order was not paid in time; its points and goods go back by themselves."""

    code = "payment_time_over"
    message = _l("付款时间过了，订单已经结束。积分会原样退回，有效期不变。")


class ProviderUnreachable(ShopError):
    code = "provider_unreachable"
    status = 503
    message = _l("支付那边暂时连不上，钱和积分都没动，请稍后再试。")


class LimitReached(ShopError):
    code = "limit_reached"
    message = _l("「%(title)s」每人最多换 %(limit)s 件，你还能换 %(left)s 件。")

    def __init__(self, title: str, limit: int, left: int) -> None:
        super().__init__()
        self.title = title
        self.limit = limit
        self.left = left


class TierTooLow(ShopError):
    code = "tier_too_low"
    message = _l("这件是 %(tier_name)s 会员专享，再攒攒成长值就能换。")

    def __init__(self, tier_name: str) -> None:
        super().__init__()
        self.tier_name = tier_name


class NotOnSale(ShopError):
    code = "not_on_sale"
    message = _l("这件已经下架了，看看别的吧。")


class CartEmpty(ShopError):
    code = "cart_empty"
    message = _l("购物车还是空的。")


class AddressMissing(ShopError):
    code = "address_missing"
    status = 422
    message = _l("还没有收货地址，先添一个吧。")


class QuoteChanged(ShopError):
    """Price, stock or rules changed since the page was opened: show the new quote, charge nothing."""

    code = "quote_changed"
    message = _l("价格或规则刚刚变了，还没有扣任何东西，请看过新的明细再确认。")


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


class NoticeRefused(ShopError):
    """A payment notice whose signature, amount or order does not match ours."""

    code = "notice_refused"
    status = 400
    message = _l("支付通知核对不上。")


# -- engagement -----------------------------------------------------------------------------------------------------


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


# -- members and staff ----------------------------------------------------------------------------------------------


class MemberSuspended(ShopError):
    code = "member_suspended"
    status = 403
    message = _l("账号暂时不能使用，请联系店家。")


class PhoneTaken(ShopError):
    code = "phone_taken"
    message = _l("这个手机号已经注册过了，直接登录就好。")


class WrongCredentials(ShopError):
    code = "wrong_credentials"
    status = 422
    message = _l("手机号或密码不对。")


class WrongCode(ShopError):
    code = "wrong_code"
    status = 422
    message = _l("验证码不对或已过期，可以重新获取。")

    def __init__(self, tries_left: int = 0) -> None:
        super().__init__()
        self.tries_left = tries_left
        if tries_left:
            self.message = _l("验证码不对，还可以试 %(tries_left)s 次。")


class WrongPassword(ShopError):
    """The old password, asked for before a new one is set, is not right."""

    code = "wrong_password"
    status = 422
    message = _l("原来的密码不对。")


class PasswordTooCommon(ShopError):
    code = "password_too_common"
    status = 422
    message = _l("这个密码太常见，容易被猜到，换一个吧。")


class BirthdayFixed(ShopError):
    code = "birthday_fixed"
    message = _l("生日一年只能改一次，%(free_on)s 之后可以再改。")

    def __init__(self, free_on: date) -> None:
        super().__init__()
        self.free_on = free_on


class AddressBookFull(ShopError):
    code = "address_book_full"
    message = _l("地址最多存 %(limit)s 个，先删掉用不到的吧。")

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class StaffCredentialsWrong(ShopError):
    code = "staff_credentials_wrong"
    status = 422
    message = _l("邮箱或密码不对。")


class StaffEmailTaken(ShopError):
    code = "staff_email_taken"
    message = _l("这个邮箱已经在同事里了。")


class LastOwner(ShopError):
    """Somebody must stay who may do everything."""

    code = "last_owner"
    message = _l("店里至少要留一位能用的店主，先请另一位同事当店主吧。")


class InvitationEnded(ShopError):
    code = "invitation_ended"
    status = 404
    message = _l("这个链接用过了，或者过期了，请店主再发一个。")


class PictureRefused(ShopError):
    code = "picture_refused"
    status = 422
    message = _l("这张图片用不了：请传 8 MB 以内的 JPG、PNG 或 WebP。")


# -- the catalogue in the back office, and what members keep an eye on ------------------------------------------------


class WatchesFull(ShopError):
    code = "watches_full"
    message = _l("最多收藏 %(limit)s 件，先放下几件吧。")

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class EditedMeanwhile(ShopError):
    """Somebody saved the same product after this page was opened: nothing was written, what was typed is kept."""

    code = "edited_meanwhile"
    message = _l("你打开之后，这件商品被别人改过。还没有保存，你填的都在；对照最新内容再存一次。")


class SkuTaken(ShopError):
    code = "sku_taken"
    message = _l("编号 %(sku)s 已经用在别的规格上了。")

    def __init__(self, sku: str) -> None:
        super().__init__()
        self.sku = sku


class NotReadyForSale(ShopError):
    """``missing`` names what a product needs before people may see it: category, picture, variant."""

    code = "not_ready_for_sale"
    message = _l("还不能上架，先把「上架前」里没打勾的补齐。")

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__()
        self.missing = missing


class LastVariant(ShopError):
    code = "last_variant"
    message = _l("在架的商品至少留一个规格，要全部停用请先下架。")


class UnitsReserved(ShopError):
    code = "units_reserved"
    message = _l("没有这么多可以减：在手 %(on_hand)s 件，其中 %(reserved)s 件有人下了单。")

    def __init__(self, on_hand: int, reserved: int) -> None:
        super().__init__()
        self.on_hand = on_hand
        self.reserved = reserved


class PicturesFull(ShopError):
    code = "pictures_full"
    status = 422
    message = _l("一件商品最多 %(limit)s 张图。")

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class CategoryInUse(ShopError):
    code = "category_in_use"
    message = _l("分类里还有商品或下级分类，先挪走再删。")


class SlugTaken(ShopError):
    code = "slug_taken"
    message = _l("这个网址名已经用过了，换一个。")
