"""What the back office may do with an order: ship it, hand it over, give it back."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Regexp

from shop.forms.numbers import WholeField
from shop.forms.texts import length, plain_text, tidy
from shop.queries.orders.order import LineView

REASON_MAX = 200
KEY = re.compile(r"[A-Za-z0-9_-]{8,80}", re.ASCII)
TRACKING = re.compile(r"[A-Za-z0-9-]{4,40}", re.ASCII)
CODE_TYPED_MAX = 40
WAIVE = _l("会员已经用掉的积分，不够收回的部分不用还")
EXPIRED_PAGE = _l("页面放得太久了，刷新一下再试。")


class ShipForm(FlaskForm):
    """By whom, and under which number.  Sent twice, the second finds the order shipped."""

    carrier = StringField(
        _l("快递"),
        validators=[length(1, 20, _l("写上快递公司，最多 20 个字。")), plain_text],
        filters=[tidy],
    )
    tracking_number = StringField(
        _l("运单号"),
        validators=[
            Regexp(
                re.compile(TRACKING.pattern + r"\Z", re.ASCII), message=_l("运单号是 4 到 40 位字母或数字。")
            )
        ],
        filters=[tidy],
    )
    idempotency_key = HiddenField(validators=[Regexp(KEY, message=EXPIRED_PAGE)])


class HandOverForm(FlaskForm):
    """A pick-up code, typed or scanned."""

    code = StringField(
        _l("取货码"),
        validators=[length(1, CODE_TYPED_MAX, _l("输入会员出示的 8 位取货码。"))],
        filters=[tidy],
    )
    idempotency_key = HiddenField(validators=[Regexp(KEY, message=EXPIRED_PAGE)])


class RefundForm(FlaskForm):
    """Why; which pieces are fields of ``refund_form_for``."""

    shipping = BooleanField(_l("运费也退"))
    waive = BooleanField(WAIVE)
    reason = StringField(
        _l("原因，会员看得到"),
        validators=[length(1, REASON_MAX, _l("写一句原因，会员能看到，最多 200 字。")), plain_text],
        filters=[tidy],
    )
    idempotency_key = HiddenField(validators=[Regexp(KEY, message=EXPIRED_PAGE)])
    line_ids: tuple[int, ...] = ()

    def pieces_of(self, line_id: int) -> Any:
        """The field for the pieces of a line."""
        return self[f"pieces_{line_id}"]

    def returned_of(self, line_id: int) -> Any:
        """The box "the goods are back"."""
        return self[f"returned_{line_id}"]

    @property
    def take(self) -> dict[int, int]:
        """Line id -> pieces to refund; a field with an error counts as nothing."""
        return {line_id: self.pieces_of(line_id).data or 0 for line_id in self.line_ids}

    @property
    def goods_back(self) -> frozenset[int]:
        """Lines whose goods lie on the shelf again."""
        return frozenset(line_id for line_id in self.line_ids if self.returned_of(line_id).data)


def refund_form_for(
    lines: Iterable[LineView], *, goods_still_here: bool, waives: bool = False
) -> type[RefundForm]:
    """The form for these lines.  Goods that never left are ticked as being on the shelf.

    How many pieces are left is for the books to say: a repeated form must reach them to get its first answer.
    """
    fields: dict[str, Any] = {"waive": BooleanField(WAIVE, default=waives)}
    ids = []
    for line in lines:
        ids.append(line.id)
        fields[f"pieces_{line.id}"] = WholeField(
            _l("退几件"),
            low=0,
            high=line.quantity,
            default=0,
            message=_l("填 0 到 %(left)s 的整数。", left=line.left),
        )
        fields[f"returned_{line.id}"] = BooleanField(_l("货已退回，放回库存"), default=goods_still_here)
    return type("RefundFormOfOrder", (RefundForm,), {**fields, "line_ids": tuple(ids)})
