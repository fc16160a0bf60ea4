"""What the next days will bring, if none is missed and nothing else is earned meanwhile: a promise that holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from shop.rules.engagement.signin.cycles import WEEK_DAYS, DaySigned, Table
from shop.rules.engagement.signin.dues import Due, due_on
from shop.rules.engagement.signin.lines import Line, lines_of_bonuses, lines_of_reward, occurrence
from shop.rules.engagement.signin.streaks import ONE_DAY
from shop.rules.points.earning import Award, evaluate
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import MemberFacts, multiplies_sign_ins
from shop.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Moment:
    """A sign-in that may happen, and the version in force then."""

    at: datetime
    version: int
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class Promise:
    """What a day will bring."""

    due: Due
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        """All its points, under the caps."""
        return sum(line.points for line in self.lines)


def promises(
    moments: Sequence[Moment],
    known: Sequence[DaySigned],
    *,
    zone: tzinfo,
    member: MemberFacts,
    earned: Mapping[str, int],
) -> Iterator[Promise]:
    """A promise for each of these sign-ins, on days in a row.

    ``earned`` counts under the caps of the first day.  A rule that gives a limited number of times, or from a budget, is
    promised once: nobody knows what is left of it later.
    """
    signed = [each for each in known if each.day >= _needed_from(moments[0].at.astimezone(zone).date())]
    for moment in moments:
        day = moment.at.astimezone(zone).date()
        current = Table(moment.version, moment.rulebook.signin)
        due = due_on(day, signed, current)
        rows = lines_of_reward(due.reward, earned, moment.rulebook)
        awards = bonuses_of(due, moment, zone, member)
        bonuses = lines_of_bonuses(awards, rows.earned, moment.rulebook)
        yield Promise(due, (*rows.lines, *bonuses.lines))
        signed.append(
            DaySigned(day, due.streak, due.cycle, current, moment.at, due.reward.days_of("milestone"))
        )
        member = _without(member, awards, moment.rulebook)
        earned = _on_the_next_day(bonuses.earned, day.month != (day + ONE_DAY).month, moment.rulebook)


def bonuses_of(due: Due, moment: Moment, zone: tzinfo, member: MemberFacts) -> tuple[Award, ...]:
    """What tier and rules add to a day, in points of the main kind."""
    if not multiplies_sign_ins(moment.rulebook):
        return ()
    awards = evaluate(occurrence(due.reward, moment.at, zone, member), moment.rulebook).awards
    return tuple(award for award in awards if award.points_kind == MAIN_KIND)


def _needed_from(day: date) -> date:
    """Nothing that was signed earlier decides about this day or later ones."""
    return min(day.replace(day=1), day - WEEK_DAYS * ONE_DAY)


def _without(member: MemberFacts, awards: Sequence[Award], rulebook: Rulebook) -> MemberFacts:
    """The member when the limited rules among these have given what they could."""
    rules = (rulebook.rule(award.rule) for award in awards)
    used = {rule.code for rule in rules if rule and (rule.times or rule.budget_points is not None)}
    return replace(member, closed_rules=member.closed_rules | used) if used else member


def _on_the_next_day(earned: Mapping[str, int], ends_month: bool, rulebook: Rulebook) -> dict[str, int]:
    return {
        cap.name: 0 if cap.per == "day" or ends_month else earned.get(cap.name, 0) for cap in rulebook.caps
    }
