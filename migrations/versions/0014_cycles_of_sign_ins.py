"""Nothing yet.

Revision ID: 0014
Revises: 0013
"""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Change nothing."""


def downgrade() -> None:
    """Change nothing."""
