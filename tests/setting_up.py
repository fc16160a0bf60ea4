"""The five pages of a new shop, as an owner goes through them."""

from tests.walks import Person


def set_up(owner: Person, *, preset: str = "simple") -> Person:
    """All steps of a new shop, as the owner goes through them."""
    owner.open("/merchant").reads("开店向导", "你的店叫什么")
    owner.press("就叫这个", name="街角面包", slogan="每天六点出炉").reads("选两种颜色")
    owner.press("就用这两种", brand_hue=75, spark_hue=20).reads("积分怎么来、怎么用", "最简单")
    owner.press("用这一套", preset=preset).reads("放上第一件东西")
    return owner.press("放上货架", title="一个可颂", points=100, units=12, find="cake").reads("可以开门了")
