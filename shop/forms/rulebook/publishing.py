"""The form of how rules change."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from shop.forms.numbers import WholeField
from shop.forms.rulebook.section import SectionForm


class PublishingForm(SectionForm):
    notice_days = WholeField(_l("对会员变少的改动，至少提前几天"))
    adjustments_second_person_above = WholeField(
        _l("手工调整超过多少分要另一个人批准（留空：都不用）"), optional=True
    )
    second_person = BooleanField(_l("发布要另一个人批准"))
