-- What a project offers its users to set, which workflows they switched on, and what waits to start workflows.

-- Inputs of an integration's own settings (JSON array).
CREATE TABLE integration_settings (
    project_id  TEXT NOT NULL,
    integration TEXT NOT NULL,
    inputs      TEXT NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (project_id, integration)
) STRICT;

CREATE TABLE workflows (
    project_id  TEXT NOT NULL,
    integration TEXT NOT NULL,
    id          TEXT NOT NULL,
    position    INTEGER NOT NULL,
    descriptor  TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (project_id, id)
) STRICT;

-- Kept when a workflow leaves the project, so that it comes back as the user left it.
CREATE TABLE workflow_states (
    configuration_id TEXT NOT NULL REFERENCES configurations (id) ON DELETE CASCADE,
    workflow_id      TEXT NOT NULL,
    enabled          INTEGER NOT NULL,
    settings         TEXT NOT NULL DEFAULT '{}',
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (configuration_id, workflow_id)
) STRICT;

CREATE INDEX workflow_states_enabled ON workflow_states (workflow_id) WHERE enabled;

-- App events and workflow requests as they came in. Without a credential an event is for all of the user's accounts.
CREATE TABLE workflow_inbox (
    id               TEXT PRIMARY KEY,
    project_id       TEXT NOT NULL,
    user_id          TEXT NOT NULL,
    credential_id    TEXT,
    configuration_id TEXT,
    kind             TEXT NOT NULL,
    name             TEXT NOT NULL,
    payload          TEXT NOT NULL,
    query            TEXT,
    received_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX workflow_inbox_of_user ON workflow_inbox (project_id, user_id, received_at);
CREATE INDEX workflow_inbox_age ON workflow_inbox (received_at);
