"""Points given and taken by a program."""

from flask_babel import lazy_gettext as _l

from shop.blueprints.api.frame import Caller, Reply, call
from shop.errors import InsufficientPoints, KeyReused, NotFound, PartnerBudgetUsed, SecondPersonNeeded
from shop.forms.api.points import DeductionBody, GrantBody
from shop.queries.points.statement import ledger_entries
from shop.services.points.adjusting import adjust_points
from shop.services.points.program_grants import Gift, grant_by_program
from shop.web.api.answers.members import Entry, entry_answer
from shop.web.api.calls import Call


@call(
    Call(
        name="grant_points",
        method="POST",
        path="/points/grants",
        area="points",
        scope="points:write",
        summary=_l("发放积分"),
        says=_l(
            "有效期由规则册按来源类别决定。密钥设了每月额度时，超出的不发；超过规则册里一个人能调整的上限，也不发，要在后台由两个人办。"
        ),
        body=GrantBody,
        answer=Entry,
        status=201,
        repeats="key",
        problems=(NotFound, PartnerBudgetUsed, SecondPersonNeeded, KeyReused),
    )
)
def grant(caller: Caller, body: GrantBody) -> Reply:
    """Give points."""
    gift = Gift(
        member_id=body.member,
        points=body.points,
        reason=body.reason,
        source_class=body.source_class,
        points_kind=body.points_kind,
    )
    entry_id = grant_by_program(gift, api_key_id=caller.key.id, key=caller.idempotency_key, now=caller.now)
    return Reply(_entry(entry_id))


@call(
    Call(
        name="deduct_points",
        method="POST",
        path="/points/deductions",
        area="points",
        scope="points:write",
        summary=_l("扣除积分"),
        says=_l("从最先到期的扣起，不能超过可用积分；超过规则册里一个人能调整的上限，要在后台由两个人办。"),
        body=DeductionBody,
        answer=Entry,
        status=201,
        repeats="key",
        problems=(NotFound, InsufficientPoints, SecondPersonNeeded, KeyReused),
    )
)
def deduct(caller: Caller, body: DeductionBody) -> Reply:
    """Take points."""
    key = f"api:{caller.key.id}:{caller.idempotency_key}"
    adjustment = adjust_points(
        body.member,
        -body.points,
        reason=body.reason,
        staff_id=None,
        key=key,
        now=caller.now,
        points_kind=body.points_kind,
    )
    return Reply(_entry(adjustment.entry_id))


def _entry(entry_id: int) -> Entry:
    return entry_answer(ledger_entries([entry_id])[0])
