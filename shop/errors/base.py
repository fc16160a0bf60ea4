"""What every error is made of, and the ones that may happen anywhere."""

from flask_babel import lazy_gettext as _l


class TransactionLost(Exception):
    """The database gave a transaction up (deadlock, serialisation, connection): repeat the whole unit of work.

    Not for people: the application repeats the request, and says ``Busy`` when that did not help.
    """


class ShopError(Exception):
    """A refusal that a person meets.  The message is shown where the person acted."""

    code = "refused"
    status = 409
    message = _l("这一步没有成功，请再试一次。")

    def __str__(self) -> str:
        return str(self.message) % {name: _shown(value) for name, value in vars(self).items()}


def _shown(value: object) -> object:
    """Whole numbers as people read them: 1,180."""
    return f"{value:,}" if isinstance(value, int) else value


class InvalidInput(ShopError):
    """What was sent is malformed or out of range; nothing was written."""

    code = "invalid_input"
    status = 422
    message = _l("有一处填得不对，请检查后再提交。")


class NotFound(ShopError):
    """There is no such thing, or it is not yours: the answer is the same."""

    code = "not_found"
    status = 404
    message = _l("没有找到这个内容，可能已经下架或换了地址。")


class NotAllowed(ShopError):
    code = "not_allowed"
    status = 403
    message = _l("你的角色不能做这件事，请找店主开通。")


class Busy(ShopError):
    """The database stayed busy after all retries.  Safe to repeat with the same key."""

    code = "busy"
    status = 503
    message = _l("店里有点忙，你的积分和订单都没动，请稍后再试。")


class TooManyRequests(ShopError):
    code = "too_many_requests"
    status = 429
    message = _l("点得太快了，请过 %(retry_after_seconds)s 秒再试。")

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class KeyReused(ShopError):
    """The same idempotency key came with another request (invariant L4)."""

    code = "key_reused"
    message = _l("这个页面已经提交过别的内容了，请刷新后再试。")
