"""What a proof found, in groups that a merchant knows; the invariants themselves keep the names that engineers use."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.queries.points.proofs import Found

CHAIN, DERIVED, OTHER = "chain", "derived", "other"
CODE = re.compile(r"([A-Z])\d+ ")
GROUPS: Mapping[str, Any] = {
    "L": _l("积分账本"),
    CHAIN: _l("流水链"),
    DERIVED: _l("按流水重算的数"),
    "O": _l("订单和付款"),
    "S": _l("库存和限换"),
    "C": _l("优惠券"),
    "G": _l("签到"),
    "D": _l("抽奖"),
    "E": _l("接口"),
    OTHER: _l("其他"),
}


@dataclass(frozen=True)
class FoundTogether:
    """The findings of one group: how many rows were looked at, and how many invariants do not hold."""

    label: str
    findings: tuple[Found, ...]

    @property
    def rows(self) -> int:
        return sum(finding.rows for finding in self.findings)

    @property
    def broken(self) -> int:
        return sum(bool(finding.offenders) for finding in self.findings)


def found_by_group(findings: Iterable[Found]) -> tuple[FoundTogether, ...]:
    """The findings in the order of the groups; those that are broken first."""
    together: dict[str, list[Found]] = {}
    for finding in findings:
        together.setdefault(group_of(finding.name), []).append(finding)
    groups = [
        FoundTogether(str(GROUPS[code]), tuple(sorted(together[code], key=lambda each: not each.offenders)))
        for code in GROUPS
        if code in together
    ]
    return tuple(sorted(groups, key=lambda group: not group.broken))


def group_of(name: str) -> str:
    """The group of an invariant, by the letter of its code; a derived value has none."""
    code = CODE.match(name)
    if code is None:
        return DERIVED
    if " the chain " in name:
        return CHAIN
    return code[1] if code[1] in GROUPS else OTHER
