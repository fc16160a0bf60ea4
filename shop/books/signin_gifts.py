"""What milestones and steps of the month bring besides points: draw tickets and coupons, through their books."""

from collections.abc import Iterator

from shop.books import tickets
from shop.books.coupons import grant, templates
from shop.books.rulebooks import Occasion
from shop.rules.engagement.signin import Due, RewardRow
from shop.rules.reasons import Reason, because


def give(member_id: int, due: Due, occasion: Occasion) -> tuple[Reason, ...]:
    """Hand out the tickets and coupons of a signed day.  Returns what came, and what could not come.

    Call it once for a day, with the account locked; coupons in the order of their codes, for templates are everybody's.
    """
    rows = due.reward.rows
    with_coupon = sorted((row for row in rows if row.coupon_code), key=lambda row: row.coupon_code or "")
    return (
        *_tickets(member_id, due, [row for row in rows if row.tickets], occasion),
        *(_coupon(member_id, due, row, occasion) for row in with_coupon),
    )


def _tickets(member_id: int, due: Due, rows: list[RewardRow], occasion: Occasion) -> Iterator[Reason]:
    draw = tickets.open_draw(occasion) if rows else None
    for row in rows:
        if draw is None:
            yield because("sign_in_tickets_gone", tickets=row.tickets)
            continue
        reference = _reference(member_id, due, row)
        tickets.give(member_id, draw.id, row.tickets, reference=reference, source="signin", occasion=occasion)
        yield because("sign_in_tickets", tickets=row.tickets, draw=draw.title)


def _coupon(member_id: int, due: Due, row: RewardRow, occasion: Occasion) -> Reason:
    assert row.coupon_code is not None, "only rows with a coupon come here"
    template = templates.by_code(row.coupon_code)
    name = template.name if template else row.coupon_code
    if grant(member_id, row.coupon_code, _reference(member_id, due, row), occasion):
        return because("sign_in_coupon", coupon=name)
    return because("sign_in_coupon_gone", coupon=name)


def _reference(member_id: int, due: Due, row: RewardRow) -> str:
    """Once for each milestone of a day, once for each step of a month."""
    named = f"{due.day:%Y-%m}" if row.kind == "month" else f"{due.day}"
    return f"signin-{row.kind}:{member_id}:{named}:{row.days}"
