"""What the back office may say about a file that it brings along."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from shop.forms.merchant.members import made_by_us
from shop.forms.merchant.products import NumberedList
from shop.forms.texts import length, plain_text, tidy

COLUMNS_MAX = 60
SOURCE_MAX = 40
KINDS = (
    SelectChoice("members", _l("会员和积分余额")),
    SelectChoice("grants", _l("给会员发积分")),
    SelectChoice("purchases", _l("店里的消费")),
)
EXISTING = (
    SelectChoice("add", _l("积分加到他们名下，其他资料不动")),
    SelectChoice("refuse", _l("这些行不要")),
)
BAD_ROWS = (SelectChoice("skip", _l("跳过，其他行照记")), SelectChoice("refuse", _l("有一行错就一行都不记")))


class UploadForm(FlaskForm):
    """A file, what is in it, and where it is from."""

    kind = RadioField(_l("里面是什么"), choices=list(KINDS), default="members")
    source = StringField(
        _l("从哪个系统来"),
        validators=[length(0, SOURCE_MAX, _l("最多 40 个字。")), plain_text],
        filters=[tidy],
    )
    file = FileField(_l("文件"))

    def validate_file(self, field: Any) -> None:
        """There is one; what is in it, the service looks at."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(_l("选一个文件。"))


class ColumnsForm(FlaskForm):
    """Which column is what, and what happens with members who are here and with rows that are wrong."""

    columns = NumberedList(
        SelectField(choices=[], validate_choice=False, filters=[lambda written: written or ""]),
        max_entries=COLUMNS_MAX,
    )
    existing = RadioField(_l("已经是会员的"), choices=list(EXISTING), default="add")
    bad_rows = RadioField(_l("有错的行"), choices=list(BAD_ROWS), default="skip")
    is_another = BooleanField(_l("这份文件是另一次发放，再记一遍"))


class LoadForm(FlaskForm):
    """Book what the report says."""

    idempotency_key = HiddenField(validators=[made_by_us])
