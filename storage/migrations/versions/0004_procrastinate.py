"""Documents waiting to be read queue in procrastinate's tables; `jobs` keeps what people see."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Jobs of the former queue that are not over are queued again."""
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute(
        "ALTER TABLE jobs ADD COLUMN queue_id bigint, DROP COLUMN leased_until, "
        "DROP COLUMN worker, DROP COLUMN not_before"
    )
    op.execute("UPDATE jobs SET state = 'queued', progress = 0 WHERE state = 'running'")
    op.execute(
        "DO $$ DECLARE waiting record; BEGIN "
        "FOR waiting IN SELECT id FROM jobs WHERE state = 'queued' ORDER BY created_at LOOP "
        "WITH made AS (INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        "VALUES ('ingest', 'ingest', jsonb_build_object('job', waiting.id)) RETURNING id) "
        "UPDATE jobs SET queue_id = made.id FROM made WHERE jobs.id = waiting.id; "
        "END LOOP; END $$"
    )
    op.execute("CREATE UNIQUE INDEX jobs_queue ON jobs (queue_id)")
