"""Points are taken from the lots that end soonest."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.allocation import LotView, Take, allocate
from shop.rules.points.expiry import NEVER, expires_at
from tests.rules.rulebooks import NATURAL, SHANGHAI, at

NOW = at("2026-03-08T10:00:00")


def lot(lot_id: int, points: int, ends: str, credited: str = "2026-01-01") -> LotView:
    return LotView(lot_id, points, at(ends), at(credited))


def test_soonest_to_expire_first_then_oldest_then_lowest_number():
    lots = [
        lot(1, 10, "2026-06-01"),
        lot(2, 10, "2026-05-01", "2026-02-02"),
        lot(4, 10, "2026-05-01", "2026-02-01"),
        lot(3, 10, "2026-05-01", "2026-02-01"),
        LotView(5, 10, NEVER, at("2025-01-01")),
    ]

    allocation = allocate(45, lots, now=NOW)

    assert [take.lot_id for take in allocation.takes] == [3, 4, 2, 1, 5]
    assert allocation.takes[-1] == Take(5, 5)
    assert allocation.short == 0


def test_the_order_of_the_reference_story_takes_what_ends_soonest():
    """Order B: 300 points come exactly from profile 50, sixteen sign-ins 160 and the review 90."""
    interaction = NATURAL.expiry.interaction
    days = [(1, 50, "2026-01-10"), (2, 268, "2026-01-15")]
    days += [(number, 10, f"2026-01-{number}") for number in range(11, 27)]
    days += [(90, 90, "2026-01-27")]
    lots = [
        LotView(
            number,
            points,
            expires_at(NATURAL.expiry.purchase if number == 2 else interaction, at(day), SHANGHAI),
            at(day),
        )
        for number, points, day in days
    ]

    allocation = allocate(300, lots, now=NOW)

    assert {take.lot_id for take in allocation.takes} == {1, 90, *range(11, 27)}
    assert (allocation.takes[0].lot_id, allocation.takes[-1].lot_id) == (1, 90)
    assert sum(take.points for take in allocation.takes) == 300


def test_expired_lot_gives_nothing_even_if_never_swept():
    expired, live = LotView(1, 50, NOW, NOW), LotView(2, 50, NOW + timedelta(microseconds=1), NOW)

    allocation = allocate(80, [expired, live], now=NOW)

    assert allocation.takes == (Take(2, 50),)
    assert allocation.short == 30


LOTS = st.lists(
    st.builds(
        LotView,
        id=st.integers(1, 50),
        free_points=st.integers(0, 100),
        expires_at=st.integers(-5, 20).map(lambda days: NOW + timedelta(days=days)),
        credited_at=st.integers(0, 20).map(lambda days: NOW - timedelta(days=days)),
    ),
    unique_by=lambda lot: lot.id,
    max_size=12,
)


@given(needed=st.integers(0, 800), lots=LOTS)
def test_nothing_is_lost_or_made(needed, lots):
    allocation = allocate(needed, lots, now=NOW)
    free = {lot.id: lot.free_points for lot in lots if lot.expires_at > NOW}

    assert sum(take.points for take in allocation.takes) + allocation.short == needed
    assert all(0 < take.points <= free[take.lot_id] for take in allocation.takes)
    assert allocation.short == max(0, needed - sum(free.values()))


@given(needed=st.integers(0, 800), lots=LOTS)
def test_no_later_lot_pays_while_an_earlier_one_can(needed, lots):
    allocation = allocate(needed, lots, now=NOW)
    taken = {take.lot_id: take.points for take in allocation.takes}
    live = sorted(
        (lot for lot in lots if lot.expires_at > NOW),
        key=lambda lot: (lot.expires_at, lot.credited_at, lot.id),
    )
    left = [lot.free_points - taken.get(lot.id, 0) for lot in live]
    used = [bool(taken.get(lot.id)) for lot in live]

    assert not any(left[index] and any(used[index + 1 :]) for index in range(len(live)))
