"""Who may read a document."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Every document so far is for everyone."""
    op.execute("ALTER TABLE documents ADD COLUMN readers text[] NOT NULL DEFAULT '{everyone}'")
