"""Tables, constraints and relationships; one module per noun.  Importing this package registers every table."""

from shop.models.campaigns.coupon import Coupon, CouponCount, CouponEvent, CouponTemplate, CouponWish
from shop.models.campaigns.gift import Gift
from shop.models.catalogue.category import Category
from shop.models.catalogue.product import Picture, Product, Variant, Watch
from shop.models.catalogue.shelf_state import ShelfState
from shop.models.catalogue.stock import PurchaseCount, StockLevel, StockMovement, StockReservation
from shop.models.engagement.draw import (
    Draw,
    DrawAttempt,
    DrawDay,
    DrawMemberDay,
    Prize,
    TicketAccount,
    TicketEntry,
)
from shop.models.engagement.signin import SignIn
from shop.models.members.address import Address
from shop.models.members.device import MemberDevice
from shop.models.members.login import Login, LoginCode, RateCount
from shop.models.members.member import Member, Message
from shop.models.members.merge import MemberMerge, MovedLot
from shop.models.members.newcomer import NewcomerPack
from shop.models.members.referral import Referral
from shop.models.members.tier import TierChange, TierMark, TierPack
from shop.models.merchant.api_keys import ApiKey, ApiKeyMonth, ApiRequest
from shop.models.merchant.approval import Approval
from shop.models.merchant.audit import AuditEntry
from shop.models.merchant.imports import Import, ImportedRow, ImportFault, ImportMapping
from shop.models.merchant.outbox import JobRun, OutboxEvent, OutboxReceipt
from shop.models.merchant.shop_settings import ShopSettings
from shop.models.merchant.staff import Staff, StaffInvitation
from shop.models.orders.cart import CartItem
from shop.models.orders.order import Order, OrderEvent, OrderLine
from shop.models.orders.payment import Payment, PaymentNotice, Refund, RefundLine
from shop.models.orders.purchase import MonthReversal, Purchase, PurchaseLine, PurchaseRefund
from shop.models.orders.store import Store
from shop.models.points.account import PointsAccount, further_accounts, is_main_account
from shop.models.points.chain import BooksProof, ChainHead, ChainLink
from shop.models.points.code import CodeBatch, PointsCode
from shop.models.points.entry import Allocation, PointsEntry, is_main_entry
from shop.models.points.freeze import PointsFreeze
from shop.models.points.hold import HeldLot, Hold
from shop.models.points.lot import Lot, LotExtension, LotReminder
from shop.models.points.redemption import Redemption, RedemptionRefund
from shop.models.points.rule_use import Deed, RuleBudget, RuleUse
from shop.models.points.rulebook import RulebookDraft, RulebookVersion
from shop.models.points.simulation import Simulation

__all__ = [
    "Address",
    "Allocation",
    "ApiKey",
    "ApiKeyMonth",
    "ApiRequest",
    "Approval",
    "AuditEntry",
    "BooksProof",
    "CartItem",
    "Category",
    "ChainHead",
    "ChainLink",
    "CodeBatch",
    "Coupon",
    "CouponCount",
    "CouponEvent",
    "CouponTemplate",
    "CouponWish",
    "Deed",
    "Draw",
    "DrawAttempt",
    "DrawDay",
    "DrawMemberDay",
    "Gift",
    "HeldLot",
    "Hold",
    "Import",
    "ImportFault",
    "ImportMapping",
    "ImportedRow",
    "JobRun",
    "Login",
    "LoginCode",
    "Lot",
    "LotExtension",
    "LotReminder",
    "Member",
    "MemberDevice",
    "MemberMerge",
    "Message",
    "MonthReversal",
    "MovedLot",
    "NewcomerPack",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OutboxEvent",
    "OutboxReceipt",
    "Payment",
    "PaymentNotice",
    "Picture",
    "PointsAccount",
    "PointsCode",
    "PointsEntry",
    "PointsFreeze",
    "Prize",
    "Product",
    "Purchase",
    "PurchaseCount",
    "PurchaseLine",
    "PurchaseRefund",
    "RateCount",
    "Redemption",
    "RedemptionRefund",
    "Referral",
    "Refund",
    "RefundLine",
    "RuleBudget",
    "RuleUse",
    "RulebookDraft",
    "RulebookVersion",
    "ShelfState",
    "ShopSettings",
    "SignIn",
    "Simulation",
    "Staff",
    "StaffInvitation",
    "StockLevel",
    "StockMovement",
    "StockReservation",
    "Store",
    "TicketAccount",
    "TicketEntry",
    "TierChange",
    "TierMark",
    "TierPack",
    "Variant",
    "Watch",
    "further_accounts",
    "is_main_account",
    "is_main_entry",
]
