"""What keeps a draw from being opened, in words."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from shop.rules.faults import Fault
from shop.web.filters import percent_ppm, yuan

SENTENCES = {
    "weights_do_not_sum": _l("概率加起来要正好 100%%，现在是 %(sum)s。"),
    "too_many_prizes": _l("最多 %(maximum)s 种奖品。"),
    "too_few_prizes": _l("至少要 %(minimum)s 种奖品。"),
    "no_consolation": _l("要选一种安慰奖：别的发完以后，概率都归它。"),
    "several_consolations": _l("安慰奖只能有一种。"),
    "consolation_has_stock": _l("安慰奖不能限数量。"),
    "prize_too_dear": _l("单件奖品的市场价不能超过 %(cents_max)s。"),
    "negative_number": _l("不能是负数。"),
    "zero_weight": _l("第 %(place)s 种奖品的概率是 0，删掉它或给一点概率。"),
}


def sentences_of(faults: Iterable[object]) -> list[str]:
    """One sentence for each fault of a draw."""
    return [_sentence(fault) for fault in faults if isinstance(fault, Fault)]


def _sentence(fault: Fault) -> str:
    place = fault.path.partition("[")[2].partition("]")[0]
    values: dict[str, object] = dict(fault.params)
    values["place"] = int(place) + 1 if place else ""
    if "sum" in values:
        values["sum"] = percent_ppm(int(fault.params["sum"]))
    if "cents_max" in values:
        values["cents_max"] = yuan(int(fault.params["cents_max"]))
    return str(SENTENCES[fault.code]) % values
