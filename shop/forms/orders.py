"""What a member may send about an order: nothing but that it is meant, once."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Regexp

KEY = re.compile(r"[A-Za-z0-9_-]{8,80}", re.ASCII)


class DeedForm(FlaskForm):
    """A cancellation or a receipt: the order is in the address."""

    idempotency_key = StringField(validators=[Regexp(KEY, message=_l("页面放得太久了，刷新一下再试。"))])
