"""Nothing yet.

Revision ID: 0017
Revises: 0016
"""

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
