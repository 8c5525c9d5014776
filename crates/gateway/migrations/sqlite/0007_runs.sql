-- Versions of workflows, and their runs.

CREATE TABLE workflow_versions (
    project_id  TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    version     INTEGER NOT NULL,
    definition  TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (project_id, workflow_id, version)
) STRICT;

ALTER TABLE workflows ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

-- What came in before there was anything to run starts nothing now.
ALTER TABLE workflow_inbox ADD COLUMN dispatched_at INTEGER;
UPDATE workflow_inbox SET dispatched_at = received_at;
CREATE INDEX workflow_inbox_waiting ON workflow_inbox (received_at) WHERE dispatched_at IS NULL;

-- `input`, `settings` and `meta` are what the run began with; no secret is in them.
CREATE TABLE runs (
    id               TEXT PRIMARY KEY,
    project_id       TEXT NOT NULL,
    user_id          TEXT NOT NULL,
    credential_id    TEXT NOT NULL,
    configuration_id TEXT NOT NULL,
    workflow_id      TEXT NOT NULL,
    version          INTEGER NOT NULL,
    trigger_kind     TEXT NOT NULL,
    replay_of        TEXT,
    status           TEXT NOT NULL,
    input            TEXT NOT NULL,
    settings         TEXT NOT NULL,
    meta             TEXT NOT NULL,
    response         TEXT,
    error            TEXT,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER,
    updated_at       INTEGER NOT NULL,
    ended_at         INTEGER
) STRICT;

CREATE INDEX runs_of_project ON runs (project_id, created_at);
CREATE INDEX runs_of_user ON runs (project_id, user_id, created_at);
CREATE INDEX runs_open ON runs (updated_at) WHERE ended_at IS NULL;
CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL;

-- `path` is the step with the entries of fan-outs around it. `attempts` is a JSON array of tries.
CREATE TABLE run_steps (
    run_id     TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path       TEXT NOT NULL,
    status     TEXT NOT NULL,
    input      TEXT,
    output     TEXT,
    error      TEXT,
    attempts   TEXT NOT NULL DEFAULT '[]',
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    PRIMARY KEY (run_id, path)
) STRICT;
