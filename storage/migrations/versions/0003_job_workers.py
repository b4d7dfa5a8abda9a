"""Which worker holds a job, and when one that was put back may be tried again."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Jobs that run are nobody's until their lease ends."""
    op.execute("ALTER TABLE jobs ADD COLUMN worker uuid, ADD COLUMN not_before timestamptz")
