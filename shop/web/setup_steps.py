"""The steps of setting up, in their order."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class SetupStep:
    """One page: its address is its name."""

    name: str
    label: Any


STEPS = (
    SetupStep("name", _l("店名")),
    SetupStep("colours", _l("颜色")),
    SetupStep("rules", _l("规则")),
    SetupStep("product", _l("第一件东西")),
    SetupStep("done", _l("好了")),
)


def after(name: str) -> str:
    """The step that follows; the last one is followed by itself."""
    names = [step.name for step in STEPS]
    return names[min(names.index(name) + 1, len(names) - 1)]
