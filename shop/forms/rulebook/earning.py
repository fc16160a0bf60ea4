"""Forms of what is earned: purchases and caps."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from shop.forms.numbers import WholeField, YuanField
from shop.forms.rulebook.section import ROWS_MAX, SectionForm
from shop.web.rulebook_words.pieces import SOURCES

SOURCE_CHOICES = [SelectChoice(name, label) for name, label in SOURCES.items()]


class EarningForm(SectionForm):
    points = WholeField(_l("给多少积分"))
    per_cents = YuanField(_l("每满多少元"))
    includes_shipping = BooleanField(_l("运费也算"))
    credited = SelectField(
        _l("从什么时候开始算"),
        choices=[SelectChoice("received", _l("收货后")), SelectChoice("paid", _l("付款后"))],
        default="received",
    )
    wait_days = WholeField(_l("再过几天到账"))


class StackingForm(SectionForm):
    between_groups = SelectField(
        _l("不同的加倍碰到一起"),
        choices=[SelectChoice("add", _l("多得的相加")), SelectChoice("multiply", _l("倍数相乘"))],
    )
    order_points_max = WholeField(_l("每单最多得多少分（留空：不限）"), optional=True)


class CapRow(Form):
    name = StringField(_l("名称"), [Length(max=30)])
    classes = SelectMultipleField(
        _l("管哪些来源"),
        choices=SOURCE_CHOICES,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    points = WholeField(_l("最多多少分"))
    per = SelectField(_l("按"), choices=[SelectChoice("day", _l("每天")), SelectChoice("month", _l("每月"))])


class CapsForm(SectionForm):
    lists = ("caps",)
    caps = FieldList(FormField(CapRow), max_entries=ROWS_MAX)
