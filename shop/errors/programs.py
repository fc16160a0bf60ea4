"""Programs that come in by a key: what they, and the people who write them, are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import InvalidInput, ShopError


class ApiKeyMissing(ShopError):
    code = "api_key_missing"
    status = 401
    message = _l("请求里没有密钥：请带上 Authorization: Bearer 和你的密钥。")


class ApiKeyUnknown(ShopError):
    """No such key, or it was revoked: the answer is the same."""

    code = "api_key_unknown"
    status = 401
    message = _l("这个密钥不对，或者已经停用。")


class ScopeMissing(ShopError):
    code = "scope_missing"
    status = 403
    message = _l("这个密钥没有「%(scope)s」权限，请店主开一个有这项权限的密钥。")

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope


class BodyUnreadable(ShopError):
    """The body is no JSON object: nothing of it was looked at."""

    code = "body_unreadable"
    status = 400
    message = _l("请求正文不是一个 JSON 对象。")


class BodyInvalid(InvalidInput):
    """The body is JSON, but not what this call takes; ``faults`` names every place."""

    code = "invalid_input"
    status = 422
    message = _l("请求里有 %(fault_count)s 处不对，什么都没有改动。")

    def __init__(self, faults: tuple[object, ...]) -> None:
        super().__init__()
        self.faults = faults
        self.fault_count = len(faults)


class IdempotencyKeyMissing(ShopError):
    code = "idempotency_key_missing"
    status = 400
    message = _l("这个请求会改动数据，要带 Idempotency-Key 请求头，重发时带同一个值。")


class IdempotencyKeyMalformed(ShopError):
    code = "idempotency_key_malformed"
    status = 400
    message = _l("Idempotency-Key 是 1 到 100 个可见的 ASCII 字符，不含空格。")


class PointsNotUsable(ShopError):
    """So many points cannot pay for this bill; the quote says how many can."""

    code = "points_not_usable"
    status = 422
    message = _l("这张单不能用 %(points)s 积分，最多能用 %(points_max)s 分。")

    def __init__(self, points: int, points_max: int) -> None:
        super().__init__()
        self.points = points
        self.points_max = points_max


class RedemptionEnded(ShopError):
    """The points are no longer set aside, or were never taken."""

    code = "redemption_ended"
    message = _l("这笔积分支付现在是「%(state)s」，不能这样做。")

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class PartnerBudgetUsed(ShopError):
    code = "partner_budget_used"
    message = _l("这个密钥本月能发的积分用完了，还差 %(points)s 分的额度。")

    def __init__(self, points: int) -> None:
        super().__init__()
        self.points = points
