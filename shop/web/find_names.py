"""What the found things are called."""

from flask_babel import lazy_gettext as _l

FIND_NAMES = {
    "apple": _l("一只苹果"),
    "blueberry": _l("几颗蓝莓"),
    "bouquet": _l("一束花"),
    "butterfly": _l("一只蝴蝶"),
    "chestnut": _l("一颗栗子"),
    "cloud": _l("一朵云"),
    "clover": _l("一株四叶草"),
    "compass": _l("一个指南针"),
    "dice": _l("一颗骰子"),
    "feather": _l("一根羽毛"),
    "grapes": _l("一串葡萄"),
    "herb": _l("一把香草"),
    "honey": _l("一罐蜂蜜"),
    "ladybird": _l("一只瓢虫"),
    "leaves": _l("几片落叶"),
    "maple": _l("一片枫叶"),
    "moon": _l("一弯月亮"),
    "mushroom": _l("一朵蘑菇"),
    "nest": _l("一个鸟窝"),
    "peanut": _l("几粒花生"),
    "pear": _l("一只梨"),
    "persimmon": _l("一个柿子"),
    "plant": _l("一盆绿植"),
    "rice": _l("一穗稻子"),
    "seedling": _l("一棵小苗"),
    "shell": _l("一枚贝壳"),
    "snail": _l("一只蜗牛"),
    "squirrel": _l("一只松鼠"),
    "star": _l("一颗星星"),
    "stone": _l("一块石头"),
    "sunflower": _l("一朵向日葵"),
    "tangerine": _l("一个橘子"),
    "tea": _l("一杯热茶"),
    "umbrella": _l("一把伞"),
    "wood": _l("一段木头"),
}

PRIZE_NAMES = {
    "gift": _l("礼物"),
    "bear": _l("小熊"),
    "candle": _l("蜡烛"),
    "lotion": _l("护手霜"),
    "latte": _l("拿铁"),
    "coffee": _l("咖啡"),
    "milktea": _l("奶茶"),
    "cake": _l("蛋糕"),
    "chocolate": _l("巧克力"),
    "croissant": _l("可颂"),
    "mooncake": _l("月饼"),
    "bag": _l("包"),
    "cap": _l("帽子"),
    "scarf": _l("围巾"),
    "socks": _l("袜子"),
    "soap": _l("香皂"),
    "camera": _l("相机"),
    "headphone": _l("耳机"),
    "bike": _l("自行车"),
    "tent": _l("帐篷"),
    "notebook": _l("本子"),
    "puzzle": _l("拼图"),
    "ticket": _l("券"),
    "envelope": _l("红包"),
    "trophy": _l("奖杯"),
    **{
        name: FIND_NAMES[name]
        for name in ("star", "feather", "leaves", "clover", "honey", "tea", "plant", "bouquet")
    },
    "umbrella": FIND_NAMES["umbrella"],
}
"""Pictures that a prize can have."""


def find_name(picture: str) -> str:
    """A found thing in words, by the name of its picture."""
    return str(FIND_NAMES.get(picture, ""))
