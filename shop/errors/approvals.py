"""What a second person is asked for: what people are told."""

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class SecondPersonNeeded(ShopError):
    """This is done only after somebody else has approved it."""

    code = "second_person_needed"
    message = _l("这一步要另一个人批准，请在后台提交申请。")


class ApprovalOfOwn(ShopError):
    """Nobody approves what they asked for themselves."""

    code = "approval_of_own"
    status = 403
    message = _l("自己申请的要由别人批准。")


class ApprovalDecided(ShopError):
    """Somebody decided it meanwhile, or it waited too long."""

    code = "approval_decided"
    message = _l("这件申请已经有结果了，没有再做一次。")


class AttachmentRefused(ShopError):
    """Neither a picture nor a PDF, or too large."""

    code = "attachment_refused"
    status = 422
    message = _l("这个附件用不了：请传 4 MB 以内的 PDF、JPG、PNG 或 WebP。")


class ApprovalWaiting(ShopError):
    """One publication waits already; a second one would follow rules that nobody has approved."""

    code = "approval_waiting"
    message = _l("已经有一版在等批准，请先批准、拒绝或撤回它。")
