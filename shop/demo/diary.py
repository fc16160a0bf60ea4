"""The demo's moving clock: what shall happen, in the order of time, until the present moment."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

Deed = Callable[[datetime], object]

OPENS_AT, CLOSES_AT = 9, 20  # the hours in which staff ship and hand over


class Diary:
    """Deeds at their moments.  A deed may write further ones for later; what lies after the present never happens."""

    def __init__(self, present: datetime, zone: ZoneInfo) -> None:
        self.present = present
        self._zone = zone
        self.today = present.astimezone(zone).date()
        self._numbers = count()
        self._deeds: list[tuple[datetime, int, Deed]] = []

    def moment(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A moment in the shop's zone, so many days from today (negative: ago)."""
        day = self.today + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), tzinfo=self._zone)

    def day_of(self, moment: datetime) -> date:
        """The shop's day on which a moment falls."""
        return moment.astimezone(self._zone).date()

    def at(self, moment: datetime, deed: Deed) -> None:
        """Let something happen at a moment, if the present has come as far by then."""
        if moment <= self.present:
            heapq.heappush(self._deeds, (moment, next(self._numbers), deed))

    def in_opening_hours(self, moment: datetime) -> datetime:
        """The same moment if staff are there, else the next morning."""
        local = moment.astimezone(self._zone)
        if OPENS_AT <= local.hour < CLOSES_AT:
            return moment
        days = 1 if local.hour >= CLOSES_AT else 0
        morning = datetime.combine(local.date() + timedelta(days=days), time(OPENS_AT), tzinfo=self._zone)
        return morning + timedelta(minutes=local.minute, seconds=local.second)

    def play(self, between_hours: Deed) -> int:
        """Let everything happen.  ``between_hours`` runs whenever an hour has passed.  Returns how many deeds."""
        played, hour = 0, None
        while self._deeds:
            moment, _number, deed = heapq.heappop(self._deeds)
            if (now_hour := moment.replace(minute=0, second=0, microsecond=0)) != hour:
                hour = now_hour
                between_hours(moment)
            deed(moment)
            played += 1
        return played
