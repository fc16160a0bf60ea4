"""A product page in words: which state it is in for this visitor, and the sentences that go with it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from shop.queries.catalogue.product import Choice, ProductPage
from shop.rules.points.advice import WayToGoal
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.tiers import needed_for
from shop.rules.rulebook import TierPolicy, TierRule
from shop.web.filters import yuan

OPEN, SHORT, SOLD_OUT, LOCKED, LIMITED, GUEST = "open", "short", "sold_out", "locked", "limited", "guest"
FEW = 10


@dataclass(frozen=True)
class Lock:
    """The tier that opens a product, and how far the member is from it, in the policy's measure."""

    tier: TierRule
    current_name: str
    policy: TierPolicy
    counted: int
    needed: int
    missing: int
    percent: int


@dataclass(frozen=True, kw_only=True)
class ProductView:
    """What the templates of a product show; ``state`` decides about card and action bar."""

    page: ProductPage
    state: str
    lock: Lock | None
    missing_points: int
    reached_percent: int
    saved_cents: int
    stock_text: str
    limit_text: str
    delivery_text: str
    notes: tuple[str, ...]
    way: WayToGoal | None = None

    @property
    def product(self) -> Any:
        return self.page.row

    @property
    def chosen(self) -> Choice:
        return self.page.chosen

    @property
    def is_redeemable(self) -> bool:
        """Whether the form to the checkout is there; a guest is asked to log in on the way."""
        return self.state in (OPEN, GUEST)

    @property
    def has_one_tap(self) -> bool:
        """Whether it can be had for points alone, right now: then one sheet is enough."""
        return (
            self.state == OPEN
            and self.chosen.points > 0
            and self.chosen.cents == 0
            and self.page.quote.points_kind == MAIN_KIND
        )

    @property
    def points_after(self) -> int:
        return (self.page.standing.points_available or 0) - self.page.quote.total_points


def product_view(page: ProductPage) -> ProductView:
    """Prepare a product for its visitor."""
    lock = _lock(page)
    available = page.standing.points_available or 0
    wanted = page.chosen.points
    return ProductView(
        page=page,
        state=_state(page, lock),
        lock=lock,
        missing_points=max(0, wanted - available),
        reached_percent=100 * available // wanted if wanted > available else 100,
        saved_cents=max(0, (page.row.market_price_cents or 0) - page.chosen.cents),
        stock_text=_stock(page.chosen.available),
        limit_text=_limit(page),
        delivery_text=_delivery(page),
        notes=_notes(page),
    )


def _state(page: ProductPage, lock: Lock | None) -> str:
    if page.chosen.available <= 0:
        return SOLD_OUT
    if page.visitor.member_id is None:
        return GUEST
    if lock:
        return LOCKED
    if page.quantity_max <= 0:
        return LIMITED
    return SHORT if page.quote.points_missing else OPEN


def _lock(page: ProductPage) -> Lock | None:
    standing = page.standing
    code = page.tier_code
    tier = next((tier for tier in standing.tiers[standing.reached :] if tier.code == code), None)
    if tier is None:
        return None
    policy, counted = page.rulebook.tier_policy, page.visitor.counted
    needed = needed_for(tier, policy)
    return Lock(
        tier=tier,
        current_name=standing.tiers[standing.reached - 1].name,
        policy=policy,
        counted=counted,
        needed=needed,
        missing=max(0, needed - counted),
        percent=min(100, 100 * counted // max(1, needed)),
    )


def _stock(available: int) -> str:
    if available <= 0:
        return _("缺货")
    return _("仅剩 %(count)s 件", count=available) if available <= FEW else _("有货")


def _limit(page: ProductPage) -> str:
    limit, per_order = page.row.limit_per_member, page.row.limit_per_order
    if limit is None:
        return _("每单最多 %(count)s 件", count=per_order) if per_order else ""
    if page.visitor.member_id is None:
        return _monthly(page, _("每人每月 %(count)s 件", count=limit), _("每人 %(count)s 件", count=limit))
    left = max(0, limit - page.taken)
    monthly = _("每人每月 %(count)s 件，你这个月还能换 %(left)s 件", count=limit, left=left)
    return _monthly(page, monthly, _("每人 %(count)s 件，你还能换 %(left)s 件", count=limit, left=left))


def _monthly(page: ProductPage, monthly: str, ever: str) -> str:
    return monthly if page.row.limit_period == "month" else ever


def _delivery(page: ProductPage) -> str:
    if page.ways[0] == "none":
        return _("换好就得到一个码，到店出示即可")
    if cents := page.quote.shipping_cents:
        return _("快递 %(fee)s，也可以到店自取", fee=yuan(cents))
    return _("快递包邮，也可以到店自取")


def _notes(page: ProductPage) -> tuple[str, ...]:
    """What redeeming means, told from the rulebook in force."""
    orders = page.rulebook.orders
    hold = _(
        "积分在下单时预留，%(minutes)s 分钟内没付款会自动退回，原来的有效期不变。",
        minutes=orders.hold_minutes,
    )
    if page.ways[0] == "none":
        return (hold, _("没用过之前可以取消，积分和现金原路退回。"))
    return (
        hold,
        _("发货前可以取消，积分和现金原路退回。"),
        _("发货 %(days)s 天后没有确认，会自动算作收到。", days=orders.receive_after_days),
    )
