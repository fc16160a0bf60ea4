"""Words of the back office for a product: its kind, its state, what it lacks, how its stock moved."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

KIND_NAMES: dict[str, Any] = {
    "physical": _l("实物"),
    "voucher": _l("到店券"),
    "service": _l("到店服务"),
    "virtual": _l("虚拟"),
}
STATE_NAMES: dict[str, Any] = {"on_sale": _l("在架"), "off_sale": _l("已下架"), "draft": _l("草稿")}
NEEDS: tuple[tuple[str, Any], ...] = (
    ("category", _l("放进一个分类")),
    ("picture", _l("至少一张图片")),
    ("variant", _l("至少一个有价格的规格")),
)
MOVEMENT_NAMES: dict[str, Any] = {
    "received": _l("入库"),
    "reserved": _l("下单占用"),
    "released": _l("放回"),
    "sold": _l("换出"),
    "returned": _l("退回"),
    "adjusted": _l("盘点"),
}


def init_product_words(app: Flask) -> None:
    app.jinja_env.globals.update(
        product_kind_names=KIND_NAMES,
        product_state_names=STATE_NAMES,
        product_needs=NEEDS,
        stock_movement_names=MOVEMENT_NAMES,
    )
