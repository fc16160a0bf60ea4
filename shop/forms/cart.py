"""What goes into the cart."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import ValidationError

from shop.forms.checkout import SKU, ChosenField, one_of_ours
from shop.forms.numbers import QuantityField


class AddForm(FlaskForm):
    """Pieces of one variant."""

    sku = StringField(validators=[one_of_ours(SKU, _l("没有找到这件商品。"))])
    qty = QuantityField(default=1)

    def validate_sku(self, field: StringField) -> None:
        """Which variant?"""
        if not field.data:
            raise ValidationError(_l("先选一个规格。"))


class QuantityForm(FlaskForm):
    """A new number of pieces for a line of the cart; ``item`` are the lines that stay chosen."""

    qty = QuantityField()
    item = ChosenField("")


class ChosenForm(FlaskForm):
    """Which lines are chosen.  ``chosen`` says that the page's boxes speak, even when none is ticked."""

    item = ChosenField("")
    chosen = StringField()
