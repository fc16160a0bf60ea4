"""Files as other systems write them, and what a story asks about an import."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from openpyxl import Workbook
from sqlalchemy import select

from shop.crypto import blind_index
from shop.extensions import db
from shop.models import Import, ImportFault, Lot, Member, PointsAccount
from shop.services.merchant.imports import Choice, Upload, choose_columns, load_import, upload_file
from tests.factories import MONDAY
from tests.walks import Person

YOUZAN = ("手机号", "姓名", "生日", "积分余额", "积分有效期", "会员等级", "注册时间")
THOUSAND = 1000


def csv_file(headers: Sequence[str], rows: Sequence[Sequence[object]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    lines = [",".join(str(cell) for cell in row) for row in (headers, *rows)]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def xlsx_file(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """The same as a workbook."""
    workbook = Workbook()
    for row in (headers, *rows):
        workbook.active.append(list(row))
    written = BytesIO()
    workbook.save(written)
    workbook.close()
    return written.getvalue()


def phone_of(number: int) -> str:
    return f"138{number:08d}"


def youzan_rows(count: int = THOUSAND) -> list[list[object]]:
    """Members of another platform.  Three rows are bad: a short phone, points below zero, a day that never was."""
    rows: list[list[object]] = [
        [phone_of(number), f"会员{number}", "1990-05-20", number % 500 + 1, "2027-12-31", "", "2024-03-01"]
        for number in range(count)
    ]
    rows[17][0] = "1380000"
    rows[400][3] = -5
    rows[count - 1][4] = "2026-02-30"
    return rows


def youzan_file(count: int = THOUSAND) -> bytes:
    return csv_file(YOUZAN, youzan_rows(count))


@dataclass(frozen=True)
class Standing:
    """How an import stands."""

    state: str
    rows_good: int
    rows_bad: int
    members_count: int
    points_total: int
    refusal: str | None


def standing(import_id: int) -> Standing:
    db.session.rollback()
    row = db.session.get_one(Import, import_id)
    return Standing(row.state, row.rows_good, row.rows_bad, row.members_count, row.points_total, row.refusal)


def faults(import_id: int) -> list[tuple[int, str, str]]:
    """(row, column, what is wrong) of every fault."""
    statement = select(ImportFault.row, ImportFault.field, ImportFault.code).where(
        ImportFault.import_id == import_id
    )
    return [tuple(row) for row in db.session.execute(statement.order_by(ImportFault.id))]


def uploaded(raw: bytes, *, kind: str = "members", source: str = "有赞", now: datetime = MONDAY) -> int:
    return upload_file(Upload(kind, raw, "members.csv", source), staff_id=None, now=now)


def checked(raw: bytes, *, kind: str = "members", now: datetime = MONDAY, **options: object) -> int:
    """Upload a file and check it with its columns as guessed."""
    import_id = uploaded(raw, kind=kind, now=now)
    fields = tuple(db.session.get_one(Import, import_id).columns)
    choose_columns(import_id, Choice(fields, **options), now=now)  # type: ignore[arg-type]
    return import_id


def loaded(raw: bytes, *, kind: str = "members", now: datetime = MONDAY, **options: object) -> int:
    """Upload, check and load a file."""
    import_id = checked(raw, kind=kind, now=now, **options)
    load_import(import_id, staff_id=None, now=now)
    return import_id


def member_of(phone: str) -> Member:
    return db.session.scalars(select(Member).where(Member.phone_index == blind_index(f"+86{phone}"))).one()


def balance_of_phone(phone: str) -> int:
    account = select(PointsAccount.balance_points).join(Member, Member.id == PointsAccount.member_id)
    return db.session.execute(account.where(Member.phone_index == blind_index(f"+86{phone}"))).scalar_one()


def lots_of_phone(phone: str) -> list[tuple[int, datetime]]:
    """(points left, end) of each lot, the first to end in front."""
    statement = (
        select(Lot.remaining_points, Lot.expires_at)
        .join(PointsAccount, PointsAccount.id == Lot.account_id)
        .join(Member, Member.id == PointsAccount.member_id)
        .where(Member.phone_index == blind_index(f"+86{phone}"))
        .order_by(Lot.expires_at, Lot.id)
    )
    return [tuple(row) for row in db.session.execute(statement)]


def the_day_after(moment: datetime) -> datetime:
    return moment + timedelta(hours=24, seconds=1)


def send(
    merchant: Person, raw: bytes, *, name: str = "会员.csv", kind: str = "members", source: str = ""
) -> Person:
    """Upload a file on the page of imports."""
    page = merchant.open("/merchant/imports")
    return page.press("上传，下一步对列", file=(BytesIO(raw), name), kind=kind, source=source)
