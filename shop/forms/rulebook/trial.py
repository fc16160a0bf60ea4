"""Questions about a draft: what a made-up order would earn, and what points cost.  They change nothing, so they are GET."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Regexp

from shop.forms.moments import ShopMomentField
from shop.forms.numbers import WholeField, YuanField
from shop.forms.texts import tidy

ORDER_CENTS_MAX = 100_000_000
A_USUAL_ORDER = 12_600
USUAL = {"margin_percent": 40, "order_cents": A_USUAL_ORDER, "used_percent": 100}


class Question(FlaskForm):
    """A form of a page that only asks."""

    class Meta:
        csrf = False

    def is_asked(self, arguments: Any) -> bool:
        """Whether the page was asked this, and not only opened."""
        return any(name in arguments for name in self._fields)


class TrialForm(Question):
    """An order that nobody made, or one of the shop's by its number: then the rest does not count."""

    trial_cents = YuanField(_l("实付多少元"), validators=[NumberRange(1, ORDER_CENTS_MAX)])
    trial_tier = SelectField(_l("会员等级"))
    trial_at = ShopMomentField(_l("什么时候（留空：现在）"), optional=True)
    trial_category = SelectField(_l("分类"))
    trial_order = StringField(
        _l("或者写一个真订单的单号"),
        validators=[Regexp(r"\A[0-9A-Za-z-]{0,40}\Z", message=_l("单号只有字母、数字和短横。"))],
        filters=[tidy],
    )

    def offer(self, tiers: list[tuple[str, str]], categories: list[tuple[str, str]]) -> None:
        """What can be chosen, as (code, name)."""
        self.trial_tier.choices = [SelectChoice(code, name) for code, name in tiers]
        self.trial_category.choices = [
            SelectChoice("", _("不限")), *(SelectChoice(slug, name) for slug, name in categories)
        ]  # fmt: skip


class CostForm(Question):
    """What the shop knows of its own business."""

    margin_percent = WholeField(_l("毛利（%）"), validators=[NumberRange(1, 100)])
    order_cents = YuanField(_l("平均一单（元）"), validators=[NumberRange(1, ORDER_CENTS_MAX)])
    used_percent = WholeField(_l("估计会用掉的积分（%）"), validators=[NumberRange(0, 100)])
