"""Whether an invitation counts."""

from typing import Literal

from shop.rules.rulebook.sections.people import ReferralRule

Refusal = Literal["same_device"]


def refusal_of(*, is_same_device: bool, rule: ReferralRule) -> Refusal | None:
    """Why the invitation of a newcomer is refused; None when it counts.

    ``is_same_device``: the newcomer registers in a browser in which the one who invited was logged in.
    """
    return "same_device" if is_same_device and rule.refuse_same_device else None
