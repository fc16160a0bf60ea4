"""Orders for a member, through a program."""

from dataclasses import dataclass
from typing import Annotated, Literal

from flask_babel import lazy_gettext as _l

from shop.forms.api.bounds import Currency, MaybeRow, Phone, RowNumber, Sku
from shop.rules.rulebook.limits import Text, Whole
from shop.web.api.saying import said

Sum = Annotated[int, Whole(0, 100_000_000)]

EXAMPLE_ADDRESS = {
    "name": _l("林小满"),
    "phone": "13905712046",
    "region": _l("浙江省 杭州市 拱墅区"),
    "street": _l("小河路 12 号"),
}


@dataclass(frozen=True, kw_only=True)
class AddressBody:
    """Where a parcel goes."""

    name: Annotated[str, Text(20)] = said(_l("收件人"), _l("林小满"))
    phone: Phone = said(_l("收件人的手机号"), "13905712046")
    region: Annotated[str, Text(40)] = said(_l("省、市、区"), _l("浙江省 杭州市 拱墅区"))
    street: Annotated[str, Text(100)] = said(_l("详细地址"), _l("小河路 12 号"))


@dataclass(frozen=True, kw_only=True)
class ExpectedBody:
    """The price that the member has agreed to; an order at another price is refused."""

    points: Sum = said(_l("一共多少积分"), "$POINTS")
    amount: Sum = said(_l("一共多少现金，单位是分"), "$AMOUNT")
    currency: Currency = said(_l("币种"), "CNY", default="CNY")


@dataclass(frozen=True, kw_only=True)
class OrderBody:
    """One variant for a member."""

    member: RowNumber = said(_l("会员号"), "$MEMBER")
    sku: Sku = said(_l("规格编号"), "$SKU")
    quantity: Annotated[int, Whole(1, 999)] = said(_l("几件"), 1, default=1)
    way: Literal["shipping", "pickup", "none"] | None = said(
        _l("怎么拿：shipping 邮寄，pickup 到店，none 不用拿；不给就按商品默认"), default=None
    )
    address: AddressBody | None = said(
        _l("邮寄到哪里；不给就用会员的默认地址"), EXAMPLE_ADDRESS, default=None
    )
    store: MaybeRow = said(_l("到哪家门店取"), default=None)
    offset_points: Annotated[int, Whole(0, 10_000_000)] = said(_l("再用多少积分抵现金"), 0, default=0)
    coupon: Annotated[str | None, Text(16)] = said(_l("用哪张优惠券的券码；不给就不用券"), default=None)
    note: Annotated[str | None, Text(100)] = said(_l("给店家的留言"), default=None)
    expected: ExpectedBody = said(_l("会员同意的价格；和现在的价格不一样就不会下单"))
