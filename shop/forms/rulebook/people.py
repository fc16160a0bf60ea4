"""Forms of what newcomers get, of what a full profile is, and of which friends count."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from shop.forms.numbers import WholeField
from shop.forms.rulebook.coupons import CouponField
from shop.forms.rulebook.rule_parts import WordsField
from shop.forms.rulebook.section import ROWS_MAX, SectionForm
from shop.rules.rulebook.sections.people import PROFILE_NAMES
from shop.web.rulebook_words.labels import WORDS


class NewcomerCouponRow(Form):
    code = CouponField(_l("哪种优惠券"), none=_l("选一种优惠券"))
    pieces = WholeField(_l("几张"))


class NewcomerForm(SectionForm):
    lists = ("coupons",)
    tickets = WholeField(_l("抽奖券几张（0：不送）"))
    coupons = FieldList(FormField(NewcomerCouponRow), max_entries=ROWS_MAX)


class ProfileFieldRow(Form):
    code = StringField(_l("代号（小写字母）"), [Length(max=30)])
    name = StringField(_l("会员看到的名称"), [Length(max=20)])
    choices = WordsField(_l("可选的回答（用顿号隔开）"), [Length(max=400)])


class ProfileFieldsForm(SectionForm):
    lists = ("own",)
    fields = SelectMultipleField(
        _l("要填哪些"),
        choices=[SelectChoice(name, WORDS[("fields", name)]) for name in PROFILE_NAMES],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    own = FieldList(FormField(ProfileFieldRow), max_entries=ROWS_MAX)

    def section_document(self) -> Any:
        """The answers as a list."""
        document = super().section_document()
        for row, entry in zip(document["own"], self.own.entries, strict=True):
            row["choices"] = entry.form.choices.words
        return document


class ReferralForm(SectionForm):
    refuse_same_device = BooleanField(_l("在邀请人登录过的设备上注册的朋友，不算邀请"))
