"""Members: enrolled, found, and what they have."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.blueprints.api.frame import Caller, Reply, call
from shop.errors import BodyInvalid, NotFound, PhoneTaken
from shop.forms.api.members import EnrolBody, FindQuery, KindQuery, PageQuery
from shop.phones import international_phone
from shop.queries.members.lookup import FoundMember, member_by_id, member_by_phone
from shop.queries.points.balance import balance_of
from shop.queries.points.statement import ledger_page
from shop.services.members.enrolment import enrol_member
from shop.web.api.answers.members import Ledger, Member, Points, ledger_answer, member_answer, points_answer
from shop.web.api.calls import Call
from shop.web.api.reading import faulty_phone

MEMBER = {"member_id": "$MEMBER"}


@call(
    Call(
        name="enrol_member",
        method="POST",
        path="/members",
        area="members",
        scope="members:write",
        summary=_l("登记会员"),
        says=_l("一个手机号是一位会员。会员以后用手机验证码登录，不用设密码。"),
        body=EnrolBody,
        answer=Member,
        status=201,
        repeats="by_itself",
        problems=(PhoneTaken,),
        gives={"MEMBER": "id"},
    )
)
def enrol(caller: Caller, body: EnrolBody) -> Reply:
    """Make somebody a member."""
    phone = _phone(body.phone)
    name = body.name or _("拾友 %(last)s", last=phone[-4:])
    member_id = enrol_member(phone, name, caller.now)
    return Reply(_member(member_by_id(member_id, caller.now), caller), _address(member_id))


@call(
    Call(
        name="find_member",
        method="GET",
        path="/members",
        area="members",
        scope="members:read",
        summary=_l("按手机号找会员"),
        query=FindQuery,
        answer=Member,
        problems=(NotFound,),
        gives={"MEMBER": "id"},
    )
)
def find(caller: Caller, query: FindQuery) -> Reply:
    """The member of a phone."""
    return Reply(_member(member_by_phone(_phone(query.phone), caller.now), caller))


@call(
    Call(
        name="show_member",
        method="GET",
        path="/members/<int:member_id>",
        area="members",
        scope="members:read",
        summary=_l("看一位会员"),
        answer=Member,
        problems=(NotFound,),
        places=MEMBER,
    )
)
def show(caller: Caller, member_id: int) -> Reply:
    """One member."""
    return Reply(_member(member_by_id(member_id, caller.now), caller))


@call(
    Call(
        name="show_points",
        method="GET",
        path="/members/<int:member_id>/points",
        area="members",
        scope="points:read",
        summary=_l("看余额"),
        says=_l("可用的积分已经扣掉冻结的、没到账的和过期的。"),
        query=KindQuery,
        answer=Points,
        problems=(NotFound,),
        places=MEMBER,
    )
)
def points(caller: Caller, member_id: int, query: KindQuery) -> Reply:
    """What a member has of one kind of points, and when it ends."""
    _known(member_id, caller)
    return Reply(points_answer(balance_of(member_id, caller.now, query.points_kind)))


@call(
    Call(
        name="list_ledger",
        method="GET",
        path="/members/<int:member_id>/ledger",
        area="members",
        scope="points:read",
        summary=_l("看流水"),
        says=_l("每一条都说得清：为什么、按哪一版规则、带来哪一批、从哪几批用掉、更正了哪一条。"),
        query=PageQuery,
        answer=Ledger,
        problems=(NotFound,),
        places=MEMBER,
    )
)
def ledger(caller: Caller, member_id: int, query: PageQuery) -> Reply:
    """A page of the ledger."""
    _known(member_id, caller)
    return Reply(ledger_answer(ledger_page(member_id, query.after, query.limit)))


def _member(found: FoundMember | None, caller: Caller) -> Member:
    if found is None:
        raise NotFound
    return member_answer(found, balance_of(found.id, caller.now))


def _known(member_id: int, caller: Caller) -> None:
    if member_by_id(member_id, caller.now) is None:
        raise NotFound


def _phone(written: str) -> str:
    phone = international_phone(written)
    if phone is None:
        raise BodyInvalid((faulty_phone("phone"),))
    return phone


def _address(member_id: int) -> str:
    return url_for("api.show_member", member_id=member_id)
