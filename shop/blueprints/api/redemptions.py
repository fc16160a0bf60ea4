"""Points as tender at a till: quote, hold, capture, void, refund."""

from functools import partial

from flask import url_for
from flask_babel import lazy_gettext as _l

from shop.blueprints.api.frame import Caller, Reply, call
from shop.errors import (
    InsufficientPoints,
    KeyReused,
    MemberSuspended,
    NotFound,
    PointsFrozen,
    PointsNotUsable,
    RedemptionEnded,
    RefundTooLarge,
)
from shop.forms.api.points import QuoteBody, RedemptionBody, RedemptionRefundBody
from shop.queries.members.lookup import member_by_id
from shop.queries.points.redemptions import quote_of_bill, redemption_of
from shop.services.points.tender import Bill, capture_tender, hold_for_bill, refund_tender, void_tender
from shop.web.api.answers.redemptions import Redemption, RedemptionQuote, quote_answer, redemption_answer
from shop.web.api.calls import Call

OfRedemptions = partial(Call, area="redemptions", scope="redemptions:write")
PLACE = {"redemption": "$REDEMPTION"}
ONE = "/redemptions/<redemption>"


@call(
    OfRedemptions(
        name="quote_redemption",
        method="POST",
        path="/redemptions/quote",
        summary=_l("报价：这张单能用多少积分"),
        says=_l("什么都不改动。规则和商城结账时一样：比例、上限、整数倍、最少付多少现金。"),
        body=QuoteBody,
        answer=RedemptionQuote,
        repeats="read",
        problems=(NotFound,),
    )
)
def quote(caller: Caller, body: QuoteBody) -> Reply:
    """What points could pay of a bill."""
    if member_by_id(body.member, caller.now) is None:
        raise NotFound
    return Reply(quote_answer(quote_of_bill(body.member, body.amount, body.points, caller.now), body.amount))


@call(
    OfRedemptions(
        name="hold_redemption",
        method="POST",
        path="/redemptions",
        summary=_l("冻结积分"),
        says=_l("收现金以前先冻结；收好了扣除，收不到就释放。过了时间没有扣除，会自动释放。"),
        body=RedemptionBody,
        answer=Redemption,
        status=201,
        repeats="key",
        problems=(NotFound, MemberSuspended, PointsNotUsable, PointsFrozen, InsufficientPoints, KeyReused),
        gives={"REDEMPTION": "id"},
    )
)
def hold(caller: Caller, body: RedemptionBody) -> Reply:
    """Set points aside for a bill."""
    bill = Bill(
        member_id=body.member,
        bill_cents=body.amount,
        points=body.points,
        receipt=body.receipt,
        hold_minutes=body.hold_minutes,
        api_key_id=caller.key.id,
        store_id=caller.key.store_id,
    )
    number = hold_for_bill(bill, caller.now)
    return Reply(_redemption(number, caller), url_for("api.show_redemption", redemption=number))


@call(
    OfRedemptions(
        name="show_redemption",
        method="GET",
        path=ONE,
        summary=_l("看一次积分付款"),
        answer=Redemption,
        problems=(NotFound,),
        places=PLACE,
    )
)
def show(caller: Caller, redemption: str) -> Reply:
    """A redemption as it stands."""
    return Reply(_redemption(redemption, caller))


@call(
    OfRedemptions(
        name="capture_redemption",
        method="POST",
        path=f"{ONE}/capture",
        summary=_l("扣除"),
        says=_l("把冻结的积分扣掉。重发不会扣两次。"),
        answer=Redemption,
        repeats="by_itself",
        problems=(NotFound, RedemptionEnded),
        places=PLACE,
    )
)
def capture(caller: Caller, redemption: str) -> Reply:
    """Take what was set aside."""
    capture_tender(redemption, store_id=caller.key.store_id, now=caller.now)
    return Reply(_redemption(redemption, caller))


@call(
    OfRedemptions(
        name="refund_redemption",
        method="POST",
        path=f"{ONE}/refunds",
        summary=_l("退回"),
        says=_l("货退回来时，积分退回原来的批次，有效期不变；已经过期的按规则册再给几天。可以分几次退。"),
        body=RedemptionRefundBody,
        answer=Redemption,
        repeats="by_itself",
        problems=(NotFound, RedemptionEnded, RefundTooLarge, KeyReused),
        places=PLACE,
    )
)
def refund(caller: Caller, redemption: str, body: RedemptionRefundBody) -> Reply:
    """Give points of a captured redemption back."""
    refund_tender(redemption, body.refund_id, body.points, store_id=caller.key.store_id, now=caller.now)
    return Reply(_redemption(redemption, caller))


@call(
    OfRedemptions(
        name="void_redemption",
        method="POST",
        path=f"{ONE}/void",
        summary=_l("释放"),
        says=_l("不买了：冻结的积分马上能用。已经扣除的不能释放，要退回。"),
        answer=Redemption,
        repeats="by_itself",
        problems=(NotFound, RedemptionEnded),
        places={"redemption": "$REDEMPTION_TO_VOID"},
    )
)
def void(caller: Caller, redemption: str) -> Reply:
    """Let what was set aside go."""
    void_tender(redemption, store_id=caller.key.store_id, now=caller.now)
    return Reply(_redemption(redemption, caller))


def _redemption(number: str, caller: Caller) -> Redemption:
    found = redemption_of(number.replace("\0", ""), caller.key.store_id, caller.now)
    if found is None:
        raise NotFound
    return redemption_answer(found)
