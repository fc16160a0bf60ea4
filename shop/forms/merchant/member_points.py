"""What staff may do with a member's points besides giving and taking: freeze them, give lapsed ones back, merge accounts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from shop.forms.merchant.members import REASON_MAX, made_by_us, whole_points
from shop.forms.moments import ShopDayField
from shop.forms.numbers import WholeField
from shop.forms.texts import length, plain_text, tidy

SPENDING, EARNING, BOTH = "spending", "earning", "both"
DAYS_MAX = 365


def reason_field(label: object) -> StringField:
    """A sentence that says why."""
    return StringField(
        label,
        validators=[length(1, REASON_MAX, _l("写一句原因，最多 200 字。")), plain_text],
        filters=[tidy],
    )


class FreezeForm(FlaskForm):
    """What stands still, why, and on which day somebody looks again."""

    what = RadioField(
        _l("冻结什么"),
        choices=[
            SelectChoice(SPENDING, _l("不能用积分")),
            SelectChoice(EARNING, _l("新得的积分先等着")),
            SelectChoice(BOTH, _l("两样都冻")),
        ],
        default=SPENDING,
    )
    review_on = ShopDayField(_l("哪天再看"), validators=[InputRequired(_l("选一天，到时候提醒同事再看。"))])
    reason = reason_field(_l("原因，会员看得到"))
    idempotency_key = HiddenField(validators=[made_by_us])

    @property
    def freezes_spending(self) -> bool:
        return self.what.data in (SPENDING, BOTH)

    @property
    def freezes_earning(self) -> bool:
        return self.what.data in (EARNING, BOTH)


class ThawForm(FlaskForm):
    """Why everything goes on."""

    reason = reason_field(_l("为什么解冻，只有同事看得到"))
    idempotency_key = HiddenField(validators=[made_by_us])


class ReinstatementForm(FlaskForm):
    """How many of the lapsed points come back, for how long, and why."""

    points = StringField(_l("补回多少分"), validators=[whole_points], filters=[tidy])
    days = WholeField(
        _l("补回来的能用几天"),
        low=1,
        high=DAYS_MAX,
        default=30,
        message=_l("填 1 到 365 的整数。"),
    )
    reason = reason_field(_l("原因，会员看得到"))
    idempotency_key = HiddenField(validators=[made_by_us])


class MergeForm(FlaskForm):
    """The second confirmation: the last four digits of the phone whose account ends."""

    into_id = HiddenField()
    digits = StringField(_l("再输一遍要并掉的账号的手机后四位"), filters=[tidy])
    reason = reason_field(_l("为什么合并，只有同事看得到"))
    idempotency_key = HiddenField(validators=[made_by_us])


class MergeUndoForm(FlaskForm):
    """Why a merge is undone."""

    reason = reason_field(_l("为什么撤销，只有同事看得到"))
    idempotency_key = HiddenField(validators=[made_by_us])
