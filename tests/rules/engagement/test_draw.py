"""The draw: odds shown are odds used, and anyone can recompute a result."""

import hashlib
import hmac
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.engagement.draw import (
    MARKET_CENTS_MAX,
    PARTS,
    PrizeDraft,
    PrizeView,
    commitment,
    draw_faults,
    odds,
    pick,
    roll,
)

BEAR = PrizeView(1, 1_000, 2, is_consolation=False)
CREAM = PrizeView(2, 20_000, 31, is_consolation=False)
POINTS = PrizeView(3, 579_000, None, is_consolation=True)
THANKS = PrizeView(4, 400_000, None, is_consolation=False)
PRIZES = (BEAR, CREAM, POINTS, THANKS)
SEED = bytes(range(32))


def parts_of(prizes) -> dict[int, int]:
    return {chance.prize_id: chance.parts for chance in odds(prizes)}


def test_odds_are_the_weights_while_all_is_there():
    assert parts_of(PRIZES) == {1: 1_000, 2: 20_000, 3: 579_000, 4: 400_000}


def test_what_is_sold_out_falls_to_the_consolation():
    sold_out = (replace(BEAR, stock_left=0), *PRIZES[1:])

    assert parts_of(sold_out) == {1: 0, 2: 20_000, 3: 580_000, 4: 400_000}
    assert [chance.sold_out for chance in odds(sold_out)] == [True, False, False, False]


@pytest.mark.parametrize(
    ("rolled", "prize_id"),
    [(0, 1), (999, 1), (1_000, 2), (20_999, 2), (21_000, 3), (599_999, 3), (600_000, 4), (999_999, 4)],
)
def test_pick_by_stretch(rolled, prize_id):
    assert pick(PRIZES, rolled) == prize_id


PRIZE_SETS = st.builds(
    lambda cuts, stocks, consolation: tuple(
        PrizeView(
            number,
            end - start,
            None if number == consolation % (len(cuts) + 1) else stocks[number],
            is_consolation=number == consolation % (len(cuts) + 1),
        )
        for number, (start, end) in enumerate(zip([0, *sorted(cuts)], [*sorted(cuts), PARTS], strict=True))
    ),
    cuts=st.lists(st.integers(0, PARTS), min_size=1, max_size=7),
    stocks=st.lists(st.none() | st.integers(0, 3), min_size=8, max_size=8),
    consolation=st.integers(0, 7),
)


@given(prizes=PRIZE_SETS)
def test_odds_always_sum_to_the_whole(prizes):
    assert sum(chance.parts for chance in odds(prizes)) == PARTS


@given(prizes=PRIZE_SETS, rolled=st.integers(0, PARTS - 1))
def test_sold_out_prize_is_never_picked(prizes, rolled):
    picked = next(prize for prize in prizes if prize.id == pick(prizes, rolled))

    assert picked.stock_left is None or picked.stock_left > 0


@given(prizes=PRIZE_SETS)
def test_pick_uses_exactly_the_odds_shown(prizes):
    passed = 0
    for chance in odds(prizes):
        if chance.parts:
            assert pick(prizes, passed) == pick(prizes, passed + chance.parts - 1) == chance.prize_id
        passed += chance.parts


def test_roll_can_be_recomputed_by_hand():
    digest = hmac.new(SEED, "晚风:41".encode(), hashlib.sha256).digest()

    assert roll(SEED, "晚风", 41) == int.from_bytes(digest[:8], "big") % PARTS


def test_roll_is_the_same_for_ever():
    """These numbers have been promised: a change here would break published proofs."""
    assert [roll(SEED, "member", counter) for counter in range(1, 4)] == [817584, 442776, 569457]


def test_commitment_is_the_hash_of_the_seed():
    assert commitment(SEED) == hashlib.sha256(SEED).hexdigest()


@given(text=st.text(max_size=40), counter=st.integers(0, 10**9))
def test_roll_stays_in_range(text, counter):
    assert 0 <= roll(SEED, text, counter) < PARTS


def test_rolls_are_even():
    """Chi-square over 50 classes and 20,000 rolls; 99.9 % of fair sources stay below 85.4."""
    classes = Counter(roll(SEED, "even", counter) * 50 // PARTS for counter in range(20_000))
    chi_square = sum((classes[number] - 400) ** 2 / 400 for number in range(50))

    assert chi_square < 85.4


GOOD = (
    PrizeDraft(1_000, 3, is_consolation=False, market_cents=16_800),
    PrizeDraft(999_000, None, is_consolation=True, market_cents=20),
)


def changed(index: int, **values: object) -> tuple[PrizeDraft, ...]:
    return tuple(replace(prize, **values) if number == index else prize for number, prize in enumerate(GOOD))


def test_sound_draw_has_no_faults():
    assert draw_faults(GOOD) == ()


@pytest.mark.parametrize(
    ("prizes", "path", "code"),
    [
        (changed(0, weight_ppm=1_001), "prizes", "weights_do_not_sum"),
        (changed(0, weight_ppm=0), "prizes[0].weight_ppm", "zero_weight"),
        (changed(0, weight_ppm=-5), "prizes[0].weight_ppm", "negative_number"),
        (changed(0, stock=-1), "prizes[0].stock", "negative_number"),
        (changed(0, market_cents=-1), "prizes[0].market_cents", "negative_number"),
        (changed(0, market_cents=MARKET_CENTS_MAX + 1), "prizes[0].market_cents", "prize_too_dear"),
        (changed(1, is_consolation=False), "prizes", "no_consolation"),
        (changed(0, is_consolation=True), "prizes", "several_consolations"),
        (changed(1, stock=10), "prizes[1].stock", "consolation_has_stock"),
        (GOOD * 5, "prizes", "too_many_prizes"),
        (GOOD[1:], "prizes", "too_few_prizes"),
        ((), "prizes", "too_few_prizes"),
    ],
)
def test_fault_of_a_draw_is_named(prizes, path, code):
    assert (path, code) in [(fault.path, fault.code) for fault in draw_faults(prizes)]


def test_dearest_lawful_prize_is_allowed():
    assert draw_faults(changed(0, market_cents=5_000_000)) == ()
