"""The rulebook's sections as plain forms."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from shop.forms.moments import ShopMomentField
from shop.forms.rulebook.earning import CapsForm, EarningForm, StackingForm
from shop.forms.rulebook.kinds import KindsForm
from shop.forms.rulebook.orders import OrdersForm, ReturnsForm, ShippingForm
from shop.forms.rulebook.people import NewcomerForm, ProfileFieldsForm, ReferralForm
from shop.forms.rulebook.publishing import PublishingForm
from shop.forms.rulebook.section import LIST_SECTIONS, SectionForm
from shop.forms.rulebook.signin import SignInForm
from shop.forms.rulebook.spending import ExpiryForm, OffsetForm, RemindersForm, WorthForm
from shop.forms.rulebook.tiers import TierPolicyForm, TiersForm
from shop.forms.texts import tidy
from shop.rules.rulebook.sections.expiry import COUNTED_IN_DAYS, PERIOD_ENDS

__all__ = ["SECTION_FORMS", "PublicationForm", "SectionForm", "WithdrawalForm", "section_form"]

SECTION_FORMS: Mapping[str, type[SectionForm]] = {
    "earning": EarningForm,
    "stacking": StackingForm,
    "tiers": TiersForm,
    "tier_policy": TierPolicyForm,
    "offset": OffsetForm,
    "expiry": ExpiryForm,
    "signin": SignInForm,
    "caps": CapsForm,
    "newcomer": NewcomerForm,
    "profile": ProfileFieldsForm,
    "referral": ReferralForm,
    "returns": ReturnsForm,
    "orders": OrdersForm,
    "shipping": ShippingForm,
    "publishing": PublishingForm,
    "reminders": RemindersForm,
    "worth": WorthForm,
    "kinds": KindsForm,
}


class PublicationForm(FlaskForm):
    """When the draft takes effect (empty: at once), and a sentence for members."""

    effective_at = ShopMomentField(_l("从什么时候起（留空：马上）"), optional=True)
    note = TextAreaField(_l("给会员看的一句话"), [Length(max=200)])


class WithdrawalForm(FlaskForm):
    """Why a version that has not started is taken back."""

    reason = StringField(_l("为什么撤回（只有同事看得到）"), [Length(min=1, max=200)], filters=[tidy])


def section_form(section: str, document: Mapping[str, Any]) -> SectionForm:
    """The form of a section, filled from the request or else from the document."""
    data = _shown(section, document[section])
    return SECTION_FORMS[section](data={section: data} if section in LIST_SECTIONS else data)


def _shown(section: str, data: Any) -> Any:
    """The section for its form: expiry policies without the numbers that they do not use."""
    if section == "expiry":
        return {source: _shown_policy(policy) for source, policy in data.items()}
    if section == "kinds":
        return [{**row, "expiry": _shown_policy(row["expiry"])} for row in data]
    return data


def _shown_policy(policy: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": policy["kind"],
        "days": policy["days"] if policy["kind"] in COUNTED_IN_DAYS else None,
        "periods_after": policy["periods_after"] if policy["kind"] in PERIOD_ENDS else None,
        "on": policy.get("on"),
        "times": policy.get("times") or None,
    }
