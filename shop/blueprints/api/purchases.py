"""Purchases made elsewhere, their refunds, and other events that rules reward."""

from flask_babel import lazy_gettext as _l

from shop.blueprints.api.frame import Caller, Reply, call
from shop.errors import (
    BodyInvalid,
    InvalidInput,
    KeyReused,
    MemberSuspended,
    NotFound,
    RefundAboveLeft,
)
from shop.forms.api.purchases import EventBody, PurchaseBody, PurchaseRefundBody
from shop.queries.catalogue.stores import store_entry
from shop.queries.points.balance import last_day_before
from shop.services.points.events import ReportedDeed, record_deed
from shop.services.points.purchases import (
    AwardedPoints,
    RefundedLine,
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from shop.web.api.answers.members import explanation_of, reasons_answer
from shop.web.api.answers.purchases import Award, Event, Purchase, PurchaseRefund
from shop.web.api.calls import Call
from shop.web.api.reading import unknown_choice
from shop.web.api.writing import money

SOURCE = "api"  # one name for all keys: a till may be replaced between a purchase and its refund
PLACE = {"external_id": "T1-20260302-0042"}


@call(
    Call(
        name="record_purchase",
        method="POST",
        path="/purchases",
        area="purchases",
        scope="purchases:write",
        summary=_l("上报一笔消费"),
        says=_l(
            "和商城里的订单用同一套规则。同一个 external_id 再报一次，得到第一次的回答；内容不一样就拒绝。"
        ),
        body=PurchaseBody,
        answer=Purchase,
        status=201,
        repeats="by_itself",
        problems=(NotFound, MemberSuspended, InvalidInput, KeyReused),
    )
)
def record(caller: Caller, body: PurchaseBody) -> Reply:
    """Record a purchase and credit what it earns."""
    store_id = _store(body, caller)
    reported = ReportedPurchase(
        source=SOURCE,
        external_id=body.external_id,
        at=body.at,
        lines=tuple(
            ReportedLine(cents=line.amount, quantity=line.quantity, sku=line.sku, category=line.category)
            for line in body.lines
        ),
        channel="store" if store_id else "elsewhere",
        store_id=store_id,
    )
    recorded = record_purchase(body.member, reported, caller.now)
    answer = Purchase(
        external_id=body.external_id,
        member=recorded.member_id,
        points=recorded.points,
        awards=tuple(_award(each) for each in recorded.awards),
    )
    return Reply(answer, is_repeat=recorded.is_repeat)


@call(
    Call(
        name="refund_purchase",
        method="POST",
        path="/purchases/<external_id>/refunds",
        area="purchases",
        scope="purchases:write",
        summary=_l("上报一笔退款"),
        says=_l("按当时得分的流水撤回，不会重新套规则；可以分几次退，合起来不会多撤。"),
        body=PurchaseRefundBody,
        answer=PurchaseRefund,
        status=201,
        repeats="by_itself",
        problems=(NotFound, RefundAboveLeft, InvalidInput, KeyReused),
        places=PLACE,
    )
)
def refund(caller: Caller, external_id: str, body: PurchaseRefundBody) -> Reply:
    """Record a refund and take back what its part had earned."""
    reported = ReportedRefund(
        source=SOURCE,
        external_id=external_id,
        refund_id=body.refund_id,
        lines=tuple(
            RefundedLine(number=line.line, sku=line.sku, cents=line.amount, quantity=line.quantity)
            for line in body.lines
        ),
        cents=body.amount,
        reason=body.reason or "",
    )
    done = refund_purchase(reported, caller.now)
    answer = PurchaseRefund(
        external_id=external_id,
        refund_id=body.refund_id,
        refunded=money(done.cents),
        clawed_points=done.clawed_points,
        debt_points=done.debt_points,
        waived_points=done.waived_points,
    )
    return Reply(answer, is_repeat=done.is_repeat)


@call(
    Call(
        name="record_event",
        method="POST",
        path="/events",
        area="purchases",
        scope="events:write",
        summary=_l("上报一件互动"),
        says=_l("填问卷、到访、看直播：规则册里有规则认这个代号就得分，没有就只记下来。"),
        body=EventBody,
        answer=Event,
        status=201,
        repeats="by_itself",
        problems=(NotFound, MemberSuspended, InvalidInput, KeyReused),
    )
)
def event(caller: Caller, body: EventBody) -> Reply:
    """Record an event and credit what rules give for it."""
    deed = ReportedDeed(member_id=body.member, event=body.event, key=body.id, detail=body.detail)
    recorded = record_deed(deed, caller.now)
    answer = Event(id=body.id, event=body.event, member=body.member, points=recorded.points)
    return Reply(answer, is_repeat=recorded.is_repeat)


def _store(body: PurchaseBody, caller: Caller) -> int | None:
    """Where it was bought: the key's own store, or one that exists."""
    own = caller.key.store_id
    if body.store is None or body.store == own:
        return own
    if own is not None or store_entry(body.store) is None:
        raise BodyInvalid((unknown_choice("store", str(own or "")),))
    return body.store


def _award(awarded: AwardedPoints) -> Award:
    reasons = tuple(reason.to_document() for reason in awarded.reasons)
    return Award(
        entry=awarded.entry_id,
        points=awarded.points,
        points_kind=awarded.points_kind,
        source_class=awarded.source_class,
        rule=awarded.rule_code,
        rulebook_version=awarded.rulebook_version,
        available_at=awarded.available_at,
        expires_on=last_day_before(awarded.expires_at),
        explanation=explanation_of(reasons),
        reasons=reasons_answer(reasons),
    )
