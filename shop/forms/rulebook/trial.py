"""Questions about a draft: what a made-up order would earn, and what points cost.  They change nothing, so they are GET."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from shop.forms.moments import ShopMomentField
from shop.forms.numbers import WholeField, YuanField

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
    """An order that nobody made."""

    trial_cents = YuanField(_l("实付多少元"), validators=[NumberRange(1, ORDER_CENTS_MAX)])
    trial_tier = SelectField(_l("会员等级"))
    trial_at = ShopMomentField(_l("什么时候（留空：现在）"), optional=True)
    trial_category = SelectField(_l("分类"))

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
