"""What a refund gives back and takes back.  It never prices again: it undoes shares of what was paid and awarded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shop.rules.campaigns.gifts import GiftTerms, pieces_to_give_back
from shop.rules.points.bonuses import Threshold
from shop.rules.points.earning import Award
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.reversing import Returned, Standing, points_to_take_back
from shop.rules.reasons import Reason, because


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidLine:
    """An order line: what was paid for it and what has gone back already.

    ``points`` are the goods' own price, ``offset_points`` replaced cash, ``cents`` were paid in cash.  With a ``gift`` it
    came on top, with lines of the variants that the gift names.
    """

    line_id: int
    quantity: int
    refunded_quantity: int
    points_paid: int
    points_refunded: int
    offset_points_paid: int
    offset_points_refunded: int
    cents_paid: int
    cents_refunded: int
    variant_id: int = 0
    gift: GiftTerms | None = None

    @property
    def left(self) -> int:
        """Pieces that have not gone back."""
        return self.quantity - self.refunded_quantity


@dataclass(frozen=True, slots=True)
class AwardedEntry:
    """Points that the order earned in one entry, and how many of them were clawed back before.

    ``promised`` is what the award was before a refund or a cap cut it; None: exactly what was credited.  ``shares`` and
    ``threshold`` are those of the award.
    """

    entry_id: int
    points: int
    clawed_points: int
    promised: int | None = None
    shares: tuple[int, ...] = ()
    threshold: Threshold | None = None
    points_kind: str = MAIN_KIND

    @property
    def standing(self) -> Standing:
        """The award as the rules of reversing see it."""
        promised = self.points if self.promised is None else self.promised
        return Standing(promised, self.points, self.clawed_points, self.shares, self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOrder:
    """All that a refund must know.

    ``waived_points`` were to be taken back before and were let go.  ``awards_include_shipping`` is the earning rule the
    awards were made under.  ``shipping_cents`` is the freight that was paid in cash; ``shipping_points`` paid its rest.
    """

    lines: tuple[PaidLine, ...]
    shipping_cents: int
    shipping_refunded_cents: int
    awards: tuple[AwardedEntry, ...]
    waived_points: int = 0
    awards_include_shipping: bool = False
    shipping_points: int = 0
    shipping_points_refunded: int = 0

    @property
    def shipping_left(self) -> tuple[int, int]:
        """Points and cash of the freight that have not gone back."""
        points = self.shipping_points - self.shipping_points_refunded
        return points, self.shipping_cents - self.shipping_refunded_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine:
    """What goes back for one line by this refund."""

    line_id: int
    quantity: int
    points: int
    offset_points: int
    cents: int


@dataclass(frozen=True, slots=True)
class ClawBack:
    """Points to take back from one entry by this refund."""

    entry_id: int
    points: int
    points_kind: str = MAIN_KIND
    awarded_points: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPlan:
    """One refund, ready to be booked.  With ``faults`` it is refused and everything else is empty."""

    lines: tuple[RefundLine, ...] = ()
    shipping_points: int = 0
    shipping_cents: int = 0
    claw_backs: tuple[ClawBack, ...] = ()
    reasons: tuple[Reason, ...] = ()
    faults: tuple[Reason, ...] = ()

    @property
    def points_back(self) -> int:
        """Points that return to their lots, those of the freight included."""
        return sum(line.points + line.offset_points for line in self.lines) + self.shipping_points

    @property
    def cents_back(self) -> int:
        """Cash that goes back, freight included."""
        return sum(line.cents for line in self.lines) + self.shipping_cents

    @property
    def claw_points(self) -> int:
        """Earned points of the main kind that are taken back."""
        return sum(claw.points for claw in self.claw_backs if claw.points_kind == MAIN_KIND)

    def reasons_of(self, claw: ClawBack) -> tuple[Reason, ...]:
        """Why an entry is taken back: those of the refund, but of a further kind its own numbers."""
        if claw.points_kind == MAIN_KIND:
            return self.reasons
        others = tuple(reason for reason in self.reasons if reason.code != "clawed_back")
        own = because("clawed_back", points=claw.points, awarded_points=claw.awarded_points)
        return (*others, own)


def plan_refund(order: PaidOrder, take: Mapping[int, int], *, refund_shipping: bool) -> RefundPlan:
    """Plan the refund of ``take`` (line id -> pieces).

    Cumulative and exact: a line's parts go back pro rata to all pieces refunded so far, rounded down, so that the last
    piece brings the exact remainder; awards are taken back pro rata to all cash refunded so far.  Never more
    than was paid, never twice.  Gifts that what stays does not bring any more go back too.  More pieces than are left, or
    nothing at all, is a fault.
    """
    take = gifts_included(order, take)
    faults = _faults(order, take, refund_shipping=refund_shipping)
    if faults:
        return RefundPlan(faults=faults)
    lines = tuple(_refund_line(line, take[line.line_id]) for line in order.lines if take.get(line.line_id))
    shipping_points, shipping_cents = order.shipping_left if refund_shipping else (0, 0)
    share = _refunded_share(order, lines, shipping_cents)
    claw_backs = _claw_backs(order, lines, shipping_cents)
    return RefundPlan(
        lines=lines,
        shipping_points=shipping_points,
        shipping_cents=shipping_cents,
        claw_backs=claw_backs,
        reasons=_reasons(order, share, (shipping_points, shipping_cents), claw_backs),
    )


def gifts_included(order: PaidOrder, take: Mapping[int, int]) -> dict[int, int]:
    """``take`` with the gifts that have to go back because what brought them does."""
    whole = dict(take)
    for line in order.lines:
        if line.gift is None or not any(whole.get(each.line_id) for each in bringing(order, line)):
            continue
        stays = sum(each.left - whole.get(each.line_id, 0) for each in bringing(order, line))
        due = pieces_to_give_back(line.gift, given=line.left, redeemed_left=stays)
        whole[line.line_id] = max(whole.get(line.line_id, 0), due)
    return whole


def bringing(order: PaidOrder, gift: PaidLine) -> list[PaidLine]:
    """The lines with which a gift came."""
    assert gift.gift is not None, "only gifts come on top"
    return [line for line in order.lines if line.gift is None and line.variant_id in gift.gift.variant_ids]


def awards_after_refunds(promised: Sequence[Award], order: PaidOrder) -> tuple[int, ...]:
    """What is left of promised awards when part of the order was refunded before they were credited.

    The same shares as a claw-back, so that it does not matter to a member which of the two comes first.
    """
    standings = [Standing(award.points, award.points, 0, award.shares, award.threshold) for award in promised]
    taken = points_to_take_back(standings, _returned(order, (), 0))
    return tuple(award.points - points for award, points in zip(promised, taken, strict=True))


def _faults(order: PaidOrder, take: Mapping[int, int], *, refund_shipping: bool) -> tuple[Reason, ...]:
    left = {line.line_id: line.quantity - line.refunded_quantity for line in order.lines}
    faults = [
        because("refund_above_left", line=line_id, wanted=quantity, left=left.get(line_id, 0))
        for line_id, quantity in take.items()
        if not 0 <= quantity <= left.get(line_id, 0)
    ]
    shipping_left = refund_shipping and any(order.shipping_left)
    if not any(take.values()) and not shipping_left:
        faults.append(because("refund_of_nothing"))
    return tuple(faults)


def _refund_line(line: PaidLine, quantity: int) -> RefundLine:
    pieces = line.refunded_quantity + quantity

    def back(paid: int, refunded: int) -> int:
        return max(0, paid * pieces // line.quantity - refunded)

    return RefundLine(
        line_id=line.line_id,
        quantity=quantity,
        points=back(line.points_paid, line.points_refunded),
        offset_points=back(line.offset_points_paid, line.offset_points_refunded),
        cents=back(line.cents_paid, line.cents_refunded),
    )


def _refunded_share(order: PaidOrder, lines: tuple[RefundLine, ...], shipping_cents: int) -> tuple[int, int]:
    """All cash refunded so far, this refund included, of all cash that awards were made on.

    Once every piece is back the share is whole: also where no cash was paid, or only freight stays.
    """
    paid_cents = sum(line.cents_paid for line in order.lines)
    refunded_cents = sum(line.cents_refunded for line in order.lines) + sum(line.cents for line in lines)
    if order.awards_include_shipping:
        paid_cents += order.shipping_cents
        refunded_cents += order.shipping_refunded_cents + shipping_cents
    pieces_left = sum(line.quantity - line.refunded_quantity for line in order.lines)
    if pieces_left == sum(line.quantity for line in lines):
        return 1, 1
    return (refunded_cents, paid_cents) if paid_cents else (0, 1)


def _claw_backs(order: PaidOrder, lines: tuple[RefundLine, ...], shipping_cents: int) -> tuple[ClawBack, ...]:
    """What the member has above the shares of the promise that belong to what was not refunded."""
    taken = points_to_take_back(
        [award.standing for award in order.awards],
        _returned(order, lines, shipping_cents),
        waived=order.waived_points,
    )
    return tuple(
        ClawBack(award.entry_id, points, award.points_kind, award.points)
        for award, points in zip(order.awards, taken, strict=True)
        if points
    )


def _returned(order: PaidOrder, lines: tuple[RefundLine, ...], shipping_cents: int) -> list[Returned]:
    """How much of each line is back, this refund included, the freight last; with the last piece all of it is."""
    now = {line.line_id: line for line in lines}
    left = sum(line.quantity - line.refunded_quantity for line in order.lines)
    everything = left == sum(line.quantity for line in lines)
    returned = [
        Returned(
            line.cents_paid,
            line.cents_refunded + (now[line.line_id].cents if line.line_id in now else 0),
            line.quantity,
            line.refunded_quantity + (now[line.line_id].quantity if line.line_id in now else 0),
        )
        for line in order.lines
    ]
    freight = order.shipping_cents if order.awards_include_shipping else 0
    freight_back = min(freight, order.shipping_refunded_cents + shipping_cents)
    return [*returned, Returned(freight, freight if everything else freight_back, 1, int(everything))]


def _reasons(
    order: PaidOrder, share: tuple[int, int], shipping: tuple[int, int], claw_backs: tuple[ClawBack, ...]
) -> tuple[Reason, ...]:
    refunded_cents, paid_cents = share
    shipping_points, shipping_cents = shipping
    reasons = []
    if refunded_cents == paid_cents:
        reasons.append(because("refunded_in_full"))
    elif refunded_cents:
        reasons.append(because("refunded_share", refunded_cents=refunded_cents, paid_cents=paid_cents))
    if shipping_cents:
        reasons.append(because("shipping_refunded", cents=shipping_cents))
    if shipping_points:
        reasons.append(because("shipping_points_refunded", points=shipping_points))
    if points := sum(claw.points for claw in claw_backs if claw.points_kind == MAIN_KIND):
        awarded = sum(award.points for award in order.awards if award.points_kind == MAIN_KIND)
        reasons.append(because("clawed_back", points=points, awarded_points=awarded))
    return tuple(reasons)
