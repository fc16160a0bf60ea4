"""What an owner may say about a program's key."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from shop.forms.merchant.products import printable
from shop.forms.numbers import WholeField, YuanField
from shop.forms.texts import length, tidy
from shop.queries.catalogue.stores import StoreEntry
from shop.web.api.scopes import SCOPES

NAME_MAX = 40
POINTS_MAX = 999_999_999
CENTS_MAX = 999_999_999


class ApiKeyForm(FlaskForm):
    """A new key: what it is for, what it may do, where, and how much it may give."""

    name = StringField(
        _l("给谁用"),
        validators=[length(1, NAME_MAX, _l("写明给谁用，最多 40 个字。")), printable],
        filters=[tidy],
    )
    scopes = SelectMultipleField(
        _l("能做什么"), choices=[SelectChoice(scope, words) for scope, words in SCOPES.items()]
    )
    store_id = SelectField(lazy_pgettext("menu", "门店"), coerce=int, default=0)
    points_per_month = WholeField(
        _l("每月最多发多少分"),
        low=0,
        high=POINTS_MAX,
        message=_l("写 0 到 999,999,999 的整数，不限就空着。"),
        optional=True,
    )

    cents_per_thousand = YuanField(_l("每 1,000 分向合作方收多少元"), high=CENTS_MAX, optional=True)

    def offer_stores(self, stores: Sequence[StoreEntry]) -> None:
        """The stores that a key may belong to; 0 is any."""
        self.store_id.choices = [
            SelectChoice(0, _l("不限门店")),
            *(SelectChoice(store.id, store.name) for store in stores),
        ]

    def validate_scopes(self, field: Any) -> None:
        """A key that may do nothing opens nothing."""
        if not field.data:
            raise ValidationError(_l("至少选一项。"))
