"""What a column can be, and how other systems call it."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

SKIP = ""
"""A column that nobody needs."""

LOTS = ("", "_2", "_3")
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "members": (
            "phone",
            "name",
            "birthday",
            *(f"{name}{lot}" for lot in LOTS for name in ("points", "expires_on")),
            "tier",
            "growth",
            "joined_on",
        ),
        "grants": ("phone", "points", "reason", "source_class"),
        "purchases": ("member", "amount", "receipt", "bought_at", "store"),
    }
)
REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "members": ("phone",),
        "grants": ("phone", "points", "reason"),
        "purchases": ("member", "amount", "receipt", "bought_at"),
    }
)
HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "phone": (
            "手机号", "手机", "手机号码", "会员手机", "会员手机号", "联系电话", "电话", "电话号码", "phone", "mobile",
            "phonenumber", "mobilephone", "tel", "cellphone",
        ),
        "name": (
            "姓名", "名字", "昵称", "会员姓名", "会员名", "会员名称", "客户姓名", "客户名称", "name", "nickname", "fullname",
            "membername",
        ),
        "birthday": ("生日", "出生日期", "会员生日", "birthday", "birthdate", "dateofbirth", "dob"),
        "points": (
            "积分", "积分余额", "可用积分", "当前积分", "剩余积分", "积分数", "积分值", "points", "balance", "pointsbalance",
            "availablepoints", "point",
        ),
        "expires_on": (
            "到期日", "到期", "积分到期", "积分到期日", "积分有效期", "有效期", "有效期至", "过期时间", "过期日期",
            "到期时间", "到期日期", "积分过期时间", "expireson", "expiry", "expires", "expirydate", "expiredate",
            "expiresat", "validuntil",
        ),
        "tier": (
            "等级", "会员等级", "级别", "会员级别", "会员卡", "卡等级", "等级代码", "tier", "level", "grade", "tiercode",
            "membershiplevel",
        ),
        "growth": ("成长值", "成长", "经验值", "growth", "growthvalue", "experience", "exp"),
        "joined_on": (
            "注册时间", "注册日期", "入会时间", "入会日期", "加入时间", "加入日期", "成为会员时间", "开卡时间", "joined",
            "joinedon", "joinedat", "joindate", "registeredat", "registered", "createdat", "membersince",
        ),
        "reason": ("原因", "理由", "备注", "说明", "发放原因", "reason", "note", "remark", "memo"),
        "member": (
            "手机号", "手机", "手机号码", "会员手机", "会员手机号", "会员", "会员号", "会员码", "会员编号", "phone",
            "mobile", "phonenumber", "mobilephone", "member", "memberid", "membercode",
        ),
        "amount": (
            "金额", "实付", "实付金额", "实付元", "消费金额", "支付金额", "付款金额", "成交金额", "amount", "paid", "total",
            "paidamount",
        ),
        "receipt": (
            "小票号", "小票", "小票编号", "单号", "订单号", "流水号", "交易号", "收据号", "receipt", "receiptnumber",
            "receiptno", "orderno", "ordernumber",
        ),
        "bought_at": (
            "消费时间", "时间", "交易时间", "支付时间", "付款时间", "下单时间", "成交时间", "at", "time", "paidat",
            "boughtat", "datetime",
        ),
        "store": ("门店", "店铺", "门店名称", "分店", "store", "shop", "storename", "branch"),
        "source_class": ("类别", "来源", "积分类别", "来源类别", "class", "sourceclass", "source", "category"),
    }
)  # fmt: skip
NOISE = re.compile(r"[\s_\-()（）:：/*.#]+")
NUMBERED = re.compile(r"(.*?)([23])")


def guess_fields(headers: Sequence[str], kind: str, remembered: Mapping[str, str]) -> tuple[str, ...]:
    """What each column is: as it was the last time, or else by its name.  No field is given twice."""
    taken: set[str] = set()
    guesses = []
    for header in headers:
        name = plain_header(header)
        guess = remembered.get(name, SKIP) or _by_name(name, kind)
        guess = guess if guess in FIELDS[kind] and guess not in taken else SKIP
        taken.add(guess)
        guesses.append(guess)
    return tuple(guesses)


def missing_fields(fields: Sequence[str], kind: str) -> tuple[str, ...]:
    """The columns without which nothing can be read."""
    return tuple(field for field in REQUIRED[kind] if field not in fields)


def plain_header(header: str) -> str:
    """A column's name without spaces, brackets and capitals: what is remembered of it."""
    return NOISE.sub("", header).lower()[:60]


def _by_name(name: str, kind: str) -> str:
    for field, names in HEADERS.items():
        if name in names and field in FIELDS[kind]:
            return field
    numbered = NUMBERED.fullmatch(name)
    if numbered and numbered[1] in (*HEADERS["points"], *HEADERS["expires_on"]):
        return f"{_by_name(numbered[1], kind)}_{numbered[2]}"
    return SKIP
