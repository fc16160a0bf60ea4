"""Forms of orders: their waiting, their way and their return."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from shop.forms.numbers import WholeField, YuanField
from shop.forms.rulebook.section import SectionForm


class ReturnsForm(SectionForm):
    shortage = SelectField(
        _l("收回积分时余额不够"),
        choices=[
            SelectChoice("debt", _l("记作欠分，下次得分先抵")),
            SelectChoice("deduct", _l("按订单的抵现比例从退款里扣，扣不够的记作欠分")),
            SelectChoice("waive", _l("不够的部分不用还")),
        ],
    )
    grace_days = WholeField(_l("退回的积分已经过期，再给几天"))
    referral_days = WholeField(_l("朋友第一单在几天内全退，邀请奖励收回"))


class OrdersForm(SectionForm):
    hold_minutes = WholeField(_l("未付款的订单留多少分钟"))
    receive_after_days = WholeField(_l("发货几天后自动收货"))
    points_max = WholeField(_l("每单最多用多少积分（留空：不限）"), optional=True)
    code_from_points = WholeField(_l("一单用满多少积分要手机验证码（留空：不要）"), optional=True)


class ShippingForm(SectionForm):
    fee_cents = YuanField(_l("每单运费（元）"))
    free_from_cents = YuanField(_l("现金部分满多少元包邮（留空：从不）"), optional=True)
    free_for_points_only = BooleanField(_l("只用积分换的包邮"))
