"""Accounts of members and staff: what people are told."""

from datetime import date

from flask_babel import lazy_gettext as _l

from shop.errors.base import ShopError


class MemberSuspended(ShopError):
    code = "member_suspended"
    status = 403
    message = _l("账号暂时不能使用，请联系店家。")


class PhoneTaken(ShopError):
    code = "phone_taken"
    message = _l("这个手机号已经注册过了，直接登录就好。")


class WrongCredentials(ShopError):
    code = "wrong_credentials"
    status = 422
    message = _l("手机号或密码不对。")


class WrongCode(ShopError):
    code = "wrong_code"
    status = 422
    message = _l("验证码不对或已过期，可以重新获取。")

    def __init__(self, tries_left: int = 0) -> None:
        super().__init__()
        self.tries_left = tries_left
        if tries_left:
            self.message = _l("验证码不对，还可以试 %(tries_left)s 次。")


class WrongPassword(ShopError):
    """The old password, asked for before a new one is set, is not right."""

    code = "wrong_password"
    status = 422
    message = _l("原来的密码不对。")


class PasswordTooCommon(ShopError):
    code = "password_too_common"
    status = 422
    message = _l("这个密码太常见，容易被猜到，换一个吧。")


class BirthdayFixed(ShopError):
    code = "birthday_fixed"
    message = _l("生日一年只能改一次，%(free_on)s 之后可以再改。")

    def __init__(self, free_on: date) -> None:
        super().__init__()
        self.free_on = free_on


class AddressBookFull(ShopError):
    code = "address_book_full"
    message = _l("地址最多存 %(limit)s 个，先删掉用不到的吧。")

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class StaffCredentialsWrong(ShopError):
    code = "staff_credentials_wrong"
    status = 422
    message = _l("邮箱或密码不对。")


class StaffEmailTaken(ShopError):
    code = "staff_email_taken"
    message = _l("这个邮箱已经在同事里了。")


class LastOwner(ShopError):
    """Somebody must stay who may do everything."""

    code = "last_owner"
    message = _l("店里至少要留一位能用的店主，先请另一位同事当店主吧。")


class InvitationEnded(ShopError):
    code = "invitation_ended"
    status = 404
    message = _l("这个链接用过了，或者过期了，请店主再发一个。")
