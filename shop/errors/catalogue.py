"""Products, stock and limits: what people are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


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


class PictureRefused(ShopError):
    code = "picture_refused"
    status = 422
    message = _l("这张图片用不了：请传 8 MB 以内的 JPG、PNG 或 WebP。")


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


class CategoryBringsGift(ShopError):
    code = "category_brings_gift"
    message = _l("有一个买赠算这个分类，先把那个买赠改成别的再删。")


class SlugTaken(ShopError):
    code = "slug_taken"
    message = _l("这个网址名已经用过了，换一个。")
