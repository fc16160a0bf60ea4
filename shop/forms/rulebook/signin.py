"""The form of signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField

from shop.forms.numbers import WholeField
from shop.forms.rulebook.section import ROWS_MAX, SectionForm


class MilestoneRow(Form):
    days = WholeField(_l("连续满几天"))
    points = WholeField(_l("另加多少分"))


class MakeUpRow(Form):
    per_month = WholeField(_l("每月可以补几次"))
    within_days = WholeField(_l("最近几天内"))
    cost_points = WholeField(_l("每次用多少分"))


class SignInForm(SectionForm):
    lists = ("day_points", "milestones")
    day_points = FieldList(WholeField(), max_entries=366)
    cycle = BooleanField(_l("走完一轮从头再来（不勾：之后每天按最后一天算）"))
    milestones = FieldList(FormField(MilestoneRow), max_entries=ROWS_MAX)
    milestone_cycle_days = WholeField(_l("连续奖励几天一轮"))
    makeup = FormField(MakeUpRow, _l("补签"))
