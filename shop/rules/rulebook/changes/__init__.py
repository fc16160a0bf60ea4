"""What changes between two rulebooks, and whether members gain or lose by it."""

from shop.rules.rulebook.changes.differences import Change, changes_between

__all__ = ["Change", "changes_between"]
