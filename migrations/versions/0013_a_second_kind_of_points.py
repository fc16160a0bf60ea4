"""Nothing yet.

Revision ID: 0013
Revises: 0012
"""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
