"""Who plays in the stories: an owner who opens the shop, and members who come in by the front door."""

import re
from io import BytesIO
from typing import Self

from flask import Flask

from shop.clock import now
from shop.extensions import db
from shop.jobs.schedule import tell_what_happened
from shop.jobs.worker import run_due
from tests.pictures import picture
from tests.walks import PageForm, Person

EMAIL = "zhou@shop.test"
PASSWORD = "a-long-walk-2026"


class Owner(Person):
    """The owner.  Whoever was away for days logs in again, and is led on to the page that was asked for."""

    def open(self, path: str) -> Self:
        super().open(path)
        if self.path == "/merchant/login":
            self.press("登录", email=EMAIL, password=PASSWORD)
        return self

    def put_on_sale(
        self,
        title: str,
        *,
        units: int,
        points: int = 0,
        yuan: str = "0",
        offset: bool = False,
        kind: str = "physical",
    ) -> str:
        """Make a product with picture, category and stock, and put it on sale.  Returns its path in the shop."""
        self.open("/merchant/products/new")
        category = next(form for form in self.forms if "category" in form.names).choices["category"][-1]
        price = {"variants-0-points": points, "variants-0-cents": yuan}
        offset_allowed = {"variants-0-offset_allowed": "y" if offset else None}
        self.press("保存", title=title, kind=kind, category=category, **price, **offset_allowed).reads(
            "存好了"
        )
        self.receive(units)
        self.press("上传", pictures=(BytesIO(picture()), "picture.png")).reads("图片加好了")
        self.press("上架").reads("上架了")
        found = re.search(r"/products/[\w-]+", self.text)
        assert found, self.text
        return found[0]

    def receive(self, units: int) -> None:
        """Stock arrives for the product that is open."""
        self.press("记一笔", units=units).reads("库存记好了")

    def give_points(self, phone: str, points: int, reason: str) -> None:
        """Find a member by phone and adjust the balance."""
        self.open(f"/merchant/members?q={phone}")
        member = next(href for href, _words in self.links if re.fullmatch(r"/merchant/members/\d+", href))
        direction = "give" if points > 0 else "take"
        self.open(f"{member}/adjustment").press(
            "调整", direction=direction, points=abs(points), reason=reason
        )
        self.reads("调整好了")

    def number_of(self, phone: str) -> int:
        """The member's number, from the list of members."""
        self.open(f"/merchant/members?q={phone}")
        numbers = [re.fullmatch(r"/merchant/members/(\d+)", href) for href, _words in self.links]
        found = next((each for each in numbers if each), None)
        assert found, self.text
        return int(found[1])

    def makes_key(self, name: str) -> str:
        """A key for a program that may do everything.  Returns its secret, which is shown once."""
        self.open("/merchant/developers/keys/new")
        scopes = next(form for form in self.forms if "scopes" in form.names).choices["scopes"]
        self.press("开一把密钥", name=name, scopes=scopes)
        found = re.search(r'id="api-key" value="([^"]+)"', self.answer.text)
        assert found, self.text
        return found[1]

    def ship(self, number: str) -> None:
        self.open(f"/merchant/orders/{number}").press(
            "发出，并告诉会员", carrier="中通", tracking_number="ZT-20260302"
        ).reads("发出了")

    def refund(self, number: str, pieces: dict[int, int] | None = None, reason: str = "东西有瑕疵") -> None:
        """Give back so many pieces of each line (by its place); all of it when nothing is said."""
        self.open(f"/merchant/orders/{number}/refund")
        form = next(form for form in self.forms if "reason" in form.names)
        names = sorted((name for name in form.names if name.startswith("pieces_")), key=_number_in)
        wanted = {name: self._all_of(form, name) for name in names} if pieces is None else {
            names[place]: count for place, count in pieces.items()
        }  # fmt: skip
        shipping: dict[str, object] = {"shipping": "y"} if pieces is None and "shipping" in form.names else {}
        self.press("确认退款", reason=reason, **wanted, **shipping).reads("退好了")

    def _all_of(self, _form: PageForm, name: str) -> int:
        highest = re.search(rf'<input[^>]*max="(\d+)"[^>]*name="{name}"', self.answer.text)
        assert highest, name
        return int(highest[1])

    def change_rules(self, section: str, **fields: object) -> None:
        """Keep a section of the rulebook in the draft."""
        self.open(f"/merchant/rulebook/sections/{section}").press("存进草稿", **fields)
        self.reads("草稿已经存好")

    def add_rule(self, name: str, **fields: object) -> None:
        """Add a rule of earning to the draft; ``birthday_on`` and the like are the form's ``birthday-on``."""
        typed = {key.replace("__", "-"): value for key, value in fields.items()}
        self.open("/merchant/rulebook/rules/new").press("存进草稿", name=name, **typed)
        self.reads(f"「{name}」存进草稿了")

    def publish_rules(self, note: str = "", **when: str) -> int:
        """Publish the draft; returns the version."""
        self.open("/merchant/rulebook/draft").press("发布为新的一版", note=note, **when)
        found = re.search(r"第 (\d+) 版发布好了", self.text)
        assert found, self.text
        return int(found[1])


class Guest(Person):
    """Somebody at the front door; after ``register`` a member, who logs in again after having been away for long."""

    phone = ""

    def open(self, path: str) -> Self:
        super().open(path)
        if self.path == "/login" and self.phone:
            self.press("登录", phone=self.phone, password=PASSWORD)
        return self

    def register(self, phone: str, name: str = "", link: str = "/register") -> None:
        self.open(link).press("注册", phone=phone, name=name, password=PASSWORD)
        self.phone = phone
        assert self.open("/member").path == "/member", self.text

    def add_address(self) -> None:
        self.open("/member/addresses/new").press(
            "保存地址", name="林小满", phone="13805712046", region="浙江省 杭州市 拱墅区", street="小河路 12 号"
        )  # fmt: skip

    @property
    def balance(self) -> int:
        """Available points as the points page says them."""
        return self.points_said("可用积分") or 0

    @property
    def owed(self) -> int:
        """The debt as the points page says it; 0 when it does not speak of one."""
        self.open("/member/points")
        found = re.search(r"([\d,]+) 欠分", self.text)
        return int(found[1].replace(",", "")) if found else 0

    def points_said(self, label: str) -> int | None:
        """The number behind a label of the points page; None when the page does not speak of it."""
        self.open("/member/points")
        found = re.search(rf"{label} (−?[\d,]+)", self.text)
        return int(found[1].replace(",", "").replace("−", "-")) if found else None

    def history(self) -> list[int]:
        """The points of every entry, newest first."""
        self.open("/member/points")
        return [
            int(each.replace(",", "").replace("−", "-").replace("+", ""))
            for each in ENTRY.findall(self.answer.text)
        ]

    def why(self, place: int = 0) -> str:
        """The explanation of an entry, counted from the newest, as the page tells it."""
        self.open("/member/points")
        entries = [href for href, _words in self.links if re.fullmatch(r"/member/points/\d+", href)]
        return self.open(entries[place]).text

    def redeem(self, path: str, *, qty: int = 1, points: int | None = None, way: str | None = None) -> str:
        """Redeem a product now, up to the cashier or the finished order.  Returns the order's number."""
        self.open("/member").open(path).press("买下" if self.has_button("买下") else "兑换")
        said: dict[str, object] = {"qty": qty, "way": way, "points": points}
        self.press("重新计算", **{name: value for name, value in said.items() if value is not None})
        self.press("去付款" if self.has_button("去付款") else "确认兑换")
        found = re.search(r"订单号 (SF[\d ]+\d)", self.text)
        assert found, self.text
        return found[1].replace(" ", "")

    def redeem_and_pay(self, path: str) -> str:
        """Redeem a product and pay it.  Returns the order's number."""
        number = self.redeem(path)
        self.pay()
        return number

    def pay(self) -> None:
        """At the cashier: through the sandbox, and back to the order."""
        self.press("付 ¥").reads("沙盒").press("付 ¥")

    def receive(self, number: str) -> None:
        self.open(f"/orders/{number}").press("收到了")

    def signs_in(self) -> None:
        self.open("/signin").press("拾一拾").reads("今天签过了")


ENTRY = re.compile(r'<b class="num (?:plus|minus)">([−+][\d,]+)</b>')


def _number_in(name: str) -> int:
    return int(re.sub(r"\D", "", name))


def open_shop(app: Flask) -> Owner:
    """A new shop: the default rulebook, and an owner who has set a password by the link from the command line."""
    app.config["WTF_CSRF_ENABLED"] = True
    runner = app.test_cli_runner()
    assert runner.invoke(args=["setup"]).exit_code == 0
    link = runner.invoke(args=["staff", "create", "--email", EMAIL, "--name", "周舟"]).output.strip()
    db.session.remove()
    owner = Owner(app.test_client())
    owner.open("/merchant/invitation/" + link.rpartition("/")[2]).press("设好并登录", password=PASSWORD)
    return owner


def newcomer(app: Flask, phone: str, name: str = "") -> Guest:
    guest = Guest(app.test_client())
    guest.register(phone, name)
    return guest


def let_the_jobs_run() -> None:
    """What the worker does between two steps of a story."""
    run_due(now())
    tell_what_happened(now())
    db.session.remove()
