"""The demo's people: staff of every role, five members to log in as, and everybody else."""

from datetime import datetime
from random import Random

from shop.demo.stage import Person, Stage
from shop.services.members.addresses import Destination, add_address
from shop.services.members.joining import insert_member
from shop.services.members.passwords import hash_password
from shop.services.members.settings import change_profile
from shop.services.merchant.logins import log_out_staff, set_staff_password
from shop.services.merchant.staff import create_staff
from shop.services.points.adjusting import adjust_points
from shop.transaction import transaction

PASSWORD = "shifen-demo"  # noqa: S105 -- printed on the login page of every demo
STAFF = {"owner": "周店长", "editor": "许苗", "cashier": "何小满", "support": "简一"}
DEMO_PHONES = tuple(f"+861380000000{number}" for number in range(1, 6))
OTHERS = 207
OLD_MEMBERS = 130
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN_NAMES = (
    "一诺", "子墨", "雨桐", "思远", "嘉禾", "若溪", "明轩", "静怡", "书航", "可欣", "晓宇", "佳宁", "文博", "雪莹", "志远",
    "梓涵", "安琪", "浩然", "诗涵", "俊杰", "秋月", "海燕", "建国", "秀英", "丽华", "春生", "立新", "小雅", "云舒", "望舒",
)  # fmt: skip
NICKNAMES = (
    "阿岚", "慢慢", "周末在山里", "半糖", "橘子汽水", "一只麦穗", "小鱼干", "晚风", "早睡的人", "栗子", "不吃香菜",
    "芒果冰", "南风知意", "三分甜", "跑步的猫", "楼下老王", "小满妈妈", "青团", "豆浆油条", "云朵面包",
)  # fmt: skip
AVATARS = (
    "cat", "squirrel", "bear", "snail", "butterfly", "ladybird", "persimmon", "maple", "chestnut", "pear", "tangerine",
    "mushroom", "clover", "sunflower", "seedling", "herb", "moon", "cloud", "shell", "feather",
)  # fmt: skip
REGIONS = (
    "浙江省杭州市西湖区",
    "浙江省杭州市拱墅区",
    "上海市徐汇区",
    "江苏省苏州市姑苏区",
    "浙江省宁波市海曙区",
)
STREETS = (
    "文三路 218 号",
    "小河直街 45 号",
    "永嘉路 9 弄 3 号",
    "平江路 120 号",
    "月湖街 7 号",
    "翠苑三区 16 幢",
)
GRANT_REASON = "老会员积分迁移"


def hire_staff(now: datetime) -> dict[str, int]:
    """One person for each role, with the demo's password.  Returns their ids by role."""
    hired: dict[str, int] = {}
    for role, name in STAFF.items():
        by = hired.get("owner")
        invitation = create_staff(f"{role}@demo.test", name, role, by_staff_id=by, now=now)
        login = set_staff_password(invitation.token, PASSWORD, device="demo", now=now)
        log_out_staff(login.token, login.staff_id, now)
        hired[role] = login.staff_id
    return hired


def demo_password_hash() -> str:
    """The one hash that the demo's members share."""
    return hash_password(PASSWORD)


def join(phone: str, name: str, avatar: str, now: datetime, *, password_hash: str | None = None) -> int:
    """A member joins, as one who registers with a code sent to the phone.  Returns the id."""
    with transaction():
        member_id = insert_member(phone, name, password_hash, now)
    assert member_id is not None, f"{phone} is a member already"
    change_profile(member_id, name=name, avatar=avatar)
    return member_id


def give_address(member_id: int, name: str, phone: str, rng: Random, now: datetime) -> int:
    """A made-up address in the member's book.  Returns its id."""
    street = f"{rng.choice(STREETS)} {rng.randint(1, 9)}-{rng.randint(101, 1802)}"
    destination = Destination(name=name, phone=phone, region=rng.choice(REGIONS), street=street)
    return add_address(member_id, destination, is_default=True, now=now)


def grant(
    stage: Stage, member_id: int, points: int, key: str, now: datetime, reason: str = GRANT_REASON
) -> None:
    """Points by hand, as support books them."""
    adjust_points(
        member_id, points, reason=reason, staff_id=stage.staff["support"], key=f"demo:{key}", now=now
    )


def invite_everybody(stage: Stage) -> None:
    """Write into the diary when each of the other members joins: the old ones in the first days, the rest later."""
    for number in range(OTHERS):
        is_old = number < OLD_MEMBERS
        days = -stage.rng.randint(95, 98) if is_old else -stage.rng.randint(1, 94)
        moment = stage.diary.moment(days, stage.rng.randint(8, 22), stage.rng.randint(0, 59))
        stage.diary.at(moment, _Newcomer(stage, number, is_old=is_old))


class _Newcomer:
    """One member of the crowd, on the day of joining."""

    def __init__(self, stage: Stage, number: int, *, is_old: bool) -> None:
        self._stage, self._number, self._is_old = stage, number, is_old

    def __call__(self, now: datetime) -> None:
        rng = self._stage.rng
        phone, name = f"+86138000{self._number + 10000}", _name(rng, self._number)
        member_id = join(phone, name, rng.choice(AVATARS), now)
        address_id = give_address(member_id, name, phone, rng, now)
        if self._is_old:
            points = round(min(30_000, rng.lognormvariate(7.6, 0.9)), -1)
            grant(self._stage, member_id, int(points) + 200, f"migration-{member_id}", now)
        sign_in_percent = rng.choice((0, 1, 2, 2, 4, 6, 10, 18, 35, 75))
        self._stage.people.append(
            Person(member_id, name, address_id, sign_in_percent, rng.choice((1, 1, 1, 2, 4, 8, 24)))
        )


def _name(rng: Random, number: int) -> str:
    if number % 11 == 0:
        return NICKNAMES[number // 11 % len(NICKNAMES)]
    return rng.choice(SURNAMES) + rng.choice(GIVEN_NAMES)
