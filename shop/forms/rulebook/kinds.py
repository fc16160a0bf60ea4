"""The form of further kinds of points."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, StringField
from wtforms.validators import Length

from shop.forms.rulebook.section import ROWS_MAX, SectionForm
from shop.forms.rulebook.spending import PolicyRow, policy_document


class KindRow(Form):
    code = StringField(_l("代号（小写字母，以后不能改）"), [Length(max=30)])
    name = StringField(_l("名称，比如“花朵”"), [Length(max=12)])
    unit = StringField(_l("单位，比如“朵”"), [Length(max=4)])
    expiry = FormField(PolicyRow, _l("有效期"))


class KindsForm(SectionForm):
    lists = ("kinds",)
    kinds = FieldList(FormField(KindRow), max_entries=ROWS_MAX)

    def section_document(self) -> Any:
        """What a policy does not use is nothing, whatever was typed there."""
        return [{**row, "expiry": policy_document(row["expiry"])} for row in super().section_document()]
