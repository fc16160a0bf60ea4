"""The coupon book: the only code that issues a coupon, moves it, or takes it back.

``issuing`` brings one into the world (for points or as a gift), ``using`` follows an order's life, ``ending`` gives points
back and records what has expired, ``choosing`` says what each one would take off a basket, ``wishes`` keeps what members
want redeemed by itself.  For a gift from anywhere else: ``grant(member_id, template_code, reference, occasion)``.
"""

from shop.books.coupons.issuing import grant

__all__ = ["grant"]
