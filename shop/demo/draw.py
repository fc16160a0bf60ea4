"""The demo's draw: 周末抽一抽, open since sixty days."""

from datetime import datetime, timedelta

from shop.demo.stage import Stage
from shop.services.engagement.draw_editing import DrawEdit, PrizeEdit, create_draw, publish_draw

SLUG = "weekend"
PRICE_POINTS = 50
OPEN_DAYS = 90
RULES = "抽到的实物可以到店领，也可以免费寄到家。"


def open_draw(stage: Stage, now: datetime) -> None:
    """Write the draw and its eight prizes, and open it."""
    edit = DrawEdit(
        title="周末抽一抽",
        slug=SLUG,
        rules_text=RULES,
        organiser="半日生活",
        starts_at=now,
        ends_at=now + timedelta(days=OPEN_DAYS),
        price_points=PRICE_POINTS,
        free_per_day=1,
        attempts_per_day=10,
        budget_points_per_day=None,
        claim_days=14,
        prizes=_prizes(stage),
    )
    draw_id = create_draw(edit, stage.staff["editor"], now)
    publish_draw(draw_id, stage.staff["editor"], now)


def _prizes(stage: Stage) -> tuple[PrizeEdit, ...]:
    """Eight cells; their chances sum to one."""
    return (
        _goods(stage, "秋栗香薰蜡烛", "scented-candle", "candle", 5_000, stock=10, market_price_cents=9_900),
        _points(20, "star", 324_000, is_consolation=True),
        _goods(
            stage,
            "冰爽汽水一杯",
            "sparkling-drink",
            "milktea",
            140_000,
            stock=300,
            market_price_cents=800,
        ),
        _prize(title="谢谢路过", kind="nothing", weight_ppm=400_000, picture="leaves"),
        _goods(stage, "保湿身体乳", "body-lotion", "lotion", 20_000, stock=40, market_price_cents=8_900),
        _goods(
            stage,
            "手冲咖啡一杯",
            "hand-drip-coffee",
            "latte",
            50_000,
            stock=100,
            market_price_cents=2_800,
        ),
        _points(100, "clover", 60_000),
        _goods(
            stage,
            "头戴式无线耳机",
            "over-ear-headphones",
            "headphone",
            1_000,
            stock=3,
            market_price_cents=69_900,
        ),
    )


def _goods(
    stage: Stage, title: str, slug: str, picture: str, weight_ppm: int, *, stock: int, market_price_cents: int
) -> PrizeEdit:
    return _prize(
        title=title,
        kind="product",
        sku=stage.good(slug).skus[0],
        weight_ppm=weight_ppm,
        stock=stock,
        picture=picture,
        market_price_cents=market_price_cents,
    )


def _points(points: int, picture: str, weight_ppm: int, *, is_consolation: bool = False) -> PrizeEdit:
    return _prize(
        title=f"{points} 积分",
        kind="points",
        points=points,
        weight_ppm=weight_ppm,
        picture=picture,
        is_consolation=is_consolation,
        market_price_cents=points,
    )


def _prize(
    *,
    title: str,
    kind: str,
    weight_ppm: int,
    picture: str,
    points: int = 0,
    sku: str = "",
    stock: int | None = None,
    is_consolation: bool = False,
    market_price_cents: int = 0,
) -> PrizeEdit:
    return PrizeEdit(
        title=title,
        kind=kind,
        points=points,
        sku=sku,
        weight_ppm=weight_ppm,
        stock=stock,
        is_consolation=is_consolation,
        picture=picture,
        market_price_cents=market_price_cents,
    )
