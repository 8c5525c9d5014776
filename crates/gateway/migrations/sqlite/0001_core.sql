-- Connected users, their credentials and the connect flows under way. Times are epoch milliseconds.

CREATE TABLE users (
    project_id TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    meta       TEXT NOT NULL DEFAULT '{}',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (project_id, user_id)
) STRICT;

CREATE TABLE credentials (
    id                    TEXT PRIMARY KEY,
    project_id            TEXT NOT NULL,
    user_id               TEXT NOT NULL,
    integration           TEXT NOT NULL,
    account_type          TEXT NOT NULL,
    external_id           TEXT,
    status                TEXT NOT NULL,
    provider_id           TEXT,
    provider_data         TEXT NOT NULL DEFAULT '{}',
    organization          TEXT NOT NULL,
    configuration_id      TEXT NOT NULL,
    shared_settings       TEXT NOT NULL DEFAULT '{}',
    workflow_settings     TEXT NOT NULL DEFAULT '{}',
    secret                BLOB NOT NULL,
    secret_key_id         TEXT NOT NULL,
    claims_challenge      TEXT,
    refresh_failure_count INTEGER NOT NULL DEFAULT 0,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    refreshed_at          INTEGER NOT NULL
) STRICT;

CREATE INDEX credentials_of_user ON credentials (project_id, user_id, integration, created_at);
CREATE UNIQUE INDEX credentials_external_id ON credentials (project_id, user_id, integration, external_id)
    WHERE external_id IS NOT NULL;

CREATE TABLE flows (
    id                   TEXT PRIMARY KEY,
    project_id           TEXT NOT NULL,
    user_id              TEXT NOT NULL,
    integration          TEXT NOT NULL,
    origin               TEXT NOT NULL,
    session_key          TEXT,
    ticket_hash          TEXT UNIQUE,
    state_hash           TEXT UNIQUE,
    binding_hash         TEXT,
    external_id          TEXT,
    target_credential_id TEXT,
    asked_for_consent    INTEGER NOT NULL DEFAULT 0,
    secret               BLOB,
    secret_key_id        TEXT,
    status               TEXT NOT NULL,
    version              INTEGER NOT NULL,
    credential_id        TEXT,
    error_code           TEXT,
    error_message        TEXT,
    created_at           INTEGER NOT NULL,
    expires_at           INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX flows_session_key ON flows (project_id, user_id, session_key) WHERE session_key IS NOT NULL;
CREATE INDEX flows_expiry ON flows (expires_at);
