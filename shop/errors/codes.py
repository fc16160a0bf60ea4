"""Printed codes: what people are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class PointsCodeRefused(ShopError):
    """Unknown, used by somebody else, stopped or over: the answer is the same, so that nobody can search for codes."""

    code = "points_code_refused"
    message = _l("这张码现在用不了，积分没有动。看看有没有抄错一位，或者问问给你码的人。")


class PointsCodeUsedByYou(ShopError):
    code = "points_code_used_by_you"
    message = _l("这张码你已经用过了，%(points)s 积分早就在你账上。")

    def __init__(self, points: int) -> None:
        super().__init__()
        self.points = points


class BatchHandedOut(ShopError):
    """The codes of a batch leave the shop once."""

    code = "batch_handed_out"
    message = _l("这一批码已经下载过了，店里只留着指纹，不能再下载。丢了就停掉这批，再做一批。")


class BatchNeedsAnother(ShopError):
    """More points than one person may give alone: somebody else than who made the batch hands its codes out (E20)."""

    code = "batch_needs_another"
    message = _l("这么多积分不能一个人说了算，请另一位同事打开这一页来下载。")


class BatchClosed(ShopError):
    code = "batch_closed"
    message = _l("这一批码停掉了或者过期了，不能再下载。")
