"""People, sessions, calls and their turns, the library, its jobs, and the audit trail."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    for statement in _SCHEMA.split(";\n\n"):
        op.execute(statement)


_SCHEMA = """
CREATE TABLE people (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('clinician', 'reviewer', 'admin')),
    password_hash text NOT NULL,
    must_change_password boolean NOT NULL DEFAULT false,
    disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX people_email ON people (lower(email));

CREATE TABLE refresh_tokens (
    hash bytea PRIMARY KEY,
    family uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
    issued_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);

CREATE INDEX refresh_tokens_family ON refresh_tokens (family);

CREATE INDEX refresh_tokens_person ON refresh_tokens (person_id);

CREATE TABLE calls (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    ending text NOT NULL DEFAULT '',
    engines jsonb NOT NULL DEFAULT '{}'
);

CREATE INDEX calls_recent ON calls (started_at DESC, id DESC);

CREATE INDEX calls_person ON calls (person_id, started_at DESC, id DESC);

CREATE TABLE turns (
    id uuid PRIMARY KEY,
    call_id uuid NOT NULL REFERENCES calls ON DELETE CASCADE,
    ordinal integer NOT NULL,
    speaker text NOT NULL CHECK (speaker IN ('caller', 'assistant')),
    text_spoken text NOT NULL,
    text_heard text NOT NULL,
    interrupted boolean NOT NULL,
    typed boolean NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    timings_ms jsonb NOT NULL DEFAULT '{}',
    UNIQUE (call_id, ordinal)
);

CREATE TABLE citations (
    turn_id uuid NOT NULL REFERENCES turns ON DELETE CASCADE,
    ordinal integer NOT NULL,
    passage_id uuid NOT NULL,
    document_id uuid NOT NULL,
    title text NOT NULL,
    section text NOT NULL,
    page integer,
    claim text NOT NULL,
    quote text NOT NULL,
    PRIMARY KEY (turn_id, ordinal)
);

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    title text NOT NULL,
    source text NOT NULL,
    edition text NOT NULL,
    year integer,
    media_type text NOT NULL,
    sha256 text NOT NULL UNIQUE,
    size_bytes bigint NOT NULL,
    pages integer,
    superseded_by uuid REFERENCES documents ON DELETE SET NULL,
    sample boolean NOT NULL,
    added_by uuid,
    added_at timestamptz NOT NULL
);

CREATE TABLE passages (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal integer NOT NULL,
    section text[] NOT NULL,
    page integer,
    text text NOT NULL,
    UNIQUE (document_id, ordinal)
);

CREATE TABLE library_generation (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    generation bigint NOT NULL
);

INSERT INTO library_generation (generation) VALUES (0);

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    media_type text NOT NULL,
    content bytea,
    actor_id uuid,
    state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress real NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    document_id uuid,
    fault_code text NOT NULL DEFAULT '',
    fault_sentence text NOT NULL DEFAULT '',
    fault_remedy text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX jobs_waiting ON jobs (created_at) WHERE state IN ('queued', 'running');

CREATE TABLE audit_events (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail jsonb NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE audit_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    id bigint NOT NULL,
    hash text NOT NULL
);

INSERT INTO audit_head (id, hash) VALUES (0, '')"""
