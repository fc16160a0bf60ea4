"""What a member may say about coupons: which one is named by the address, nothing else comes from the request."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from shop.forms.checkout import KEY, one_of_ours

OLD_PAGE = _l("页面放得太久了，刷新一下再试。")


class CouponRedemptionForm(FlaskForm):
    """Points for a coupon; the key makes a repeat harmless."""

    idempotency_key = StringField(validators=[one_of_ours(KEY, OLD_PAGE)])

    def validate_idempotency_key(self, field: StringField) -> None:
        """Our page always sends one."""
        if not field.data:
            raise ValidationError(OLD_PAGE)


class CouponWishForm(FlaskForm):
    """What shall be redeemed by itself."""

    on_reaching = BooleanField(_l("攒够就换"))
    before_lapse = BooleanField(_l("到期前换"))
