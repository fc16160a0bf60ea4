"""What the back office may change about a member."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from shop.forms.moments import ShopDayField
from shop.forms.texts import length, plain_text, tidy
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import KindRule
from shop.web.rulebook_words.pieces import SOURCES

POINTS_MAX = 1_000_000
REASON_MAX = 200
KEY = re.compile(r"[A-Za-z0-9_-]{8,80}", re.ASCII)
WHOLE = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
GIVE, TAKE = "give", "take"


def whole_points(_form: Any, field: Any) -> None:
    """A whole number of points, written with plain digits."""
    if not WHOLE.fullmatch(field.data or "") or int(field.data) > POINTS_MAX:
        raise ValidationError(_l("写一个 1 到 1,000,000 的整数。"))


def made_by_us(_form: Any, field: Any) -> None:
    """A key that came with the page."""
    if not KEY.fullmatch(field.data or ""):
        raise ValidationError(_l("页面放得太久了，刷新一下再试。"))


def signed_points_of(direction: str, points: str) -> int | None:
    """The change that two fields describe; None while they say nothing that can be done."""
    if direction not in (GIVE, TAKE) or not WHOLE.fullmatch(points) or int(points) > POINTS_MAX:
        return None
    return int(points) if direction == GIVE else -int(points)


class AdjustmentForm(FlaskForm):
    """Points given or taken by hand.  The member reads the reason."""

    direction = RadioField(
        _l("方向"),
        choices=[SelectChoice(GIVE, _l("补给会员")), SelectChoice(TAKE, _l("扣回来"))],
        default=GIVE,
    )
    points_kind = SelectField(
        _l("哪种积分"), choices=[SelectChoice(MAIN_KIND, _l("积分"))], default=MAIN_KIND
    )
    points = StringField(_l("多少分"), validators=[whole_points], filters=[tidy])
    reason = StringField(
        _l("原因，会员看得到"),
        validators=[length(1, REASON_MAX, _l("写一句原因，会员在明细里能看到，最多 200 字。")), plain_text],
        filters=[tidy],
    )
    source_class = SelectField(
        _l("算作哪一类（只看有效期）"),
        choices=[SelectChoice(name, label) for name, label in SOURCES.items()],
        default="grant",
    )
    expires_on = ShopDayField(_l("有效到哪天（留空：按规则）"))
    attachment = FileField(_l("附件（可以不传）"))
    idempotency_key = HiddenField(validators=[made_by_us])

    def offer(self, kinds: Iterable[KindRule]) -> None:
        """Further kinds of points that can be given and taken too."""
        further = (SelectChoice(kind.code, kind.name) for kind in kinds)
        self.points_kind.choices = [SelectChoice(MAIN_KIND, _l("积分")), *further]

    def is_of_today(self, today: date) -> bool:
        """Whether the last day is not over; what is taken has none."""
        if self.direction.data == TAKE or self.expires_on.data is None or self.expires_on.data >= today:
            return True
        self.expires_on.errors = [_("要选今天或以后。")]
        return False

    @property
    def last_day(self) -> date | None:
        """The last day of what is given, if one was chosen."""
        return self.expires_on.data if self.direction.data == GIVE else None

    @property
    def attached(self) -> bytes | None:
        """What was attached, whole."""
        file = self.attachment.data
        return file.read() if isinstance(file, FileStorage) and file.filename else None

    @property
    def signed_points(self) -> int:
        """Above 0 to give, below 0 to take.  Only for a form that is valid."""
        change = signed_points_of(self.direction.data, self.points.data)
        assert change is not None
        return change


class MemberStateForm(FlaskForm):
    """Suspend a member, or let them back in."""

    state = SelectField(choices=[SelectChoice("active"), SelectChoice("suspended")])
    reason = StringField(
        _l("原因"),
        validators=[length(1, REASON_MAX, _l("写一句原因，最多 200 字。")), plain_text],
        filters=[tidy],
    )
