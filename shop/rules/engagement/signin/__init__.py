"""Signing in: streaks and their cycles, what a day pays, and which missed day may be made up.

Days are shop-days.  ``streaks`` are runs of days, ``cycles`` say which table counts them and from where, ``rewards`` what a
table pays, ``dues`` put these together for a day, ``lines`` apply the caps, ``coming`` looks ahead.
"""

from shop.rules.engagement.signin.coming import Moment, Promise, promises
from shop.rules.engagement.signin.cycles import (
    Cycle,
    DaySigned,
    Table,
    bounds_of,
    counted_in,
    month_of,
    month_table,
    pays_alike,
)
from shop.rules.engagement.signin.dues import Due, due_by_makeup, due_on
from shop.rules.engagement.signin.lines import (
    Line,
    Lines,
    lines_of_bonuses,
    lines_of_reward,
    occurrence,
)
from shop.rules.engagement.signin.makeups import makeup_cost_reason, makeup_refusal, makeup_reward
from shop.rules.engagement.signin.rewards import (
    NextMilestone,
    RewardRow,
    SignInReward,
    next_milestone,
    place_of,
    points_for_day,
    sign_in_reward,
)
from shop.rules.engagement.signin.streaks import ONE_DAY, streak_after, streak_of

__all__ = [
    "ONE_DAY",
    "Cycle",
    "DaySigned",
    "Due",
    "Line",
    "Lines",
    "Moment",
    "NextMilestone",
    "Promise",
    "RewardRow",
    "SignInReward",
    "Table",
    "bounds_of",
    "counted_in",
    "due_by_makeup",
    "due_on",
    "lines_of_bonuses",
    "lines_of_reward",
    "makeup_cost_reason",
    "makeup_refusal",
    "makeup_reward",
    "month_of",
    "month_table",
    "next_milestone",
    "occurrence",
    "pays_alike",
    "place_of",
    "points_for_day",
    "promises",
    "sign_in_reward",
    "streak_after",
    "streak_of",
]
