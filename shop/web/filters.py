"""How numbers, days and phones are written; the same in every language where nothing else is said."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, current_app
from flask_babel import get_locale
from flask_babel import gettext as _

CENTS = 100
PPM_OF_A_PERCENT = 10_000
MINUS = "−"
NO_BREAK = "\u00a0"
CHINA = "+86"


def init_filters(app: Flask) -> None:
    for function in (
        points,
        signed_points,
        yuan,
        signed_yuan,
        percent_ppm,
        shop_date,
        shop_day,
        shop_month,
        shop_datetime,
        shop_time,
        relative_day,
        iso,
        phone,
        masked_phone,
    ):
        app.jinja_env.filters[function.__name__] = function


def points(number: int) -> str:
    """1,234; a debt is −1,234."""
    return f"{number:,}" if number >= 0 else f"{MINUS}{-number:,}"


def signed_points(number: int) -> str:
    """+151, −1,000 or 0."""
    return f"+{number:,}" if number > 0 else points(number)


def yuan(cents: int) -> str:
    """¥126.90 from 12690 cents."""
    whole, rest = divmod(abs(cents), CENTS)
    return f"{MINUS if cents < 0 else ''}¥{whole:,}.{rest:02d}"


def signed_yuan(cents: int) -> str:
    """+¥3.00 or −¥12.00."""
    return f"+{yuan(cents)}" if cents > 0 else yuan(cents)


def percent_ppm(ppm: int) -> str:
    """A share in millionths as percent, exact, with at least two decimals: 20000 is 2.00%."""
    whole, rest = divmod(ppm, PPM_OF_A_PERCENT)
    decimals = f"{rest:04d}"
    return f"{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}%"


def shop_date(when: date) -> str:
    """2027 年 2 月 19 日; 19 Feb 2027.  A moment is read in the shop's time zone."""
    day = _day(when)
    return (
        f"{day.year} 年 {_month_and_day(day)}" if _in_chinese() else format_date(day, "d MMM y", locale="en")
    )


def shop_day(when: date) -> str:
    """2 月 19 日; 19 Feb."""
    day = _day(when)
    return _month_and_day(day) if _in_chinese() else format_date(day, f"d{NO_BREAK}MMM", locale="en")


def shop_month(when: date) -> str:
    """2027 年 2 月; February 2027."""
    day = _day(when)
    if _in_chinese():
        return f"{day.year}{NO_BREAK}年 {day.month}{NO_BREAK}月"
    return format_date(day, "MMMM y", locale="en")


def shop_datetime(moment: datetime) -> str:
    """2027 年 2 月 19 日 14:30; 19 Feb 2027, 14:30."""
    return f"{shop_date(moment)}{' ' if _in_chinese() else ', '}{shop_time(moment)}"


def shop_time(moment: datetime) -> str:
    """14:30 in the shop's time zone."""
    return f"{_in_shop(moment):%H:%M}"


def relative_day(when: date, today: date) -> str:
    """今天, 昨天, 明天; else the day, with its year when it is not this one's."""
    day = _day(when)
    near = {today: _("今天"), today - timedelta(days=1): _("昨天"), today + timedelta(days=1): _("明天")}
    if day in near:
        return near[day]
    return shop_day(day) if day.year == today.year else shop_date(day)


def iso(when: date) -> str:
    """For the ``datetime`` attribute of ``<time>``."""
    return when.isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()


def phone(number: str) -> str:
    """138 0571 2046 from +8613805712046; other countries' numbers stay as they are."""
    local = number.removeprefix(CHINA)
    if len(local) != 11 or not local.isdigit():
        return number
    return NO_BREAK.join((local[:3], local[3:7], local[7:]))


def masked_phone(number: str) -> str:
    """138 **** 2046: enough to recognise one's own."""
    local = number.removeprefix(CHINA)
    return NO_BREAK.join((local[:3], "****", local[-4:]))


def _in_chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"


def _month_and_day(day: date) -> str:
    return f"{day.month}{NO_BREAK}月 {day.day}{NO_BREAK}日"


def _day(when: date) -> date:
    return _in_shop(when).date() if isinstance(when, datetime) else when


def _in_shop(moment: datetime) -> datetime:
    assert moment.tzinfo is not None, "a moment needs a time zone"
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    return moment.astimezone(zone)
