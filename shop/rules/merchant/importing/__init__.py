"""Rows of a file that a merchant brings along: which column is what, and what each cell says."""

from shop.rules.merchant.importing.cells import FOREVER, CellRefused
from shop.rules.merchant.importing.fields import FIELDS, SKIP, guess_fields, missing_fields
from shop.rules.merchant.importing.grants import GrantRow, read_grants
from shop.rules.merchant.importing.members import Bounds, BroughtLot, MemberRow, read_members
from shop.rules.merchant.importing.purchases import RECEIPT, PurchaseRow, Till, read_purchases
from shop.rules.merchant.importing.rows import RowFault, RowsRead

__all__ = [
    "FIELDS",
    "FOREVER",
    "RECEIPT",
    "SKIP",
    "Bounds",
    "BroughtLot",
    "CellRefused",
    "GrantRow",
    "MemberRow",
    "PurchaseRow",
    "RowFault",
    "RowsRead",
    "Till",
    "guess_fields",
    "missing_fields",
    "read_grants",
    "read_members",
    "read_purchases",
]
