-- The tables of the gateway as they stand. Flags are 0 or 1 and times epoch milliseconds, both BIGINT, as the statements
-- are the same for both databases; ids are compared byte by byte, as there. `rowid` keeps the order of insertion.

CREATE TABLE users (
    project_id TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C" NOT NULL,
    meta       TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id)
);

CREATE TABLE credentials (
    id                    TEXT COLLATE "C" PRIMARY KEY,
    project_id            TEXT COLLATE "C" NOT NULL,
    user_id               TEXT COLLATE "C" NOT NULL,
    integration           TEXT NOT NULL,
    account_type          TEXT NOT NULL,
    external_id           TEXT COLLATE "C",
    status                TEXT NOT NULL,
    provider_id           TEXT COLLATE "C",
    provider_data         TEXT NOT NULL DEFAULT '{}',
    organization          TEXT NOT NULL,
    secret                BYTEA NOT NULL,
    secret_key_id         TEXT COLLATE "C" NOT NULL,
    claims_challenge      TEXT,
    refresh_failure_count BIGINT NOT NULL DEFAULT 0,
    created_at            BIGINT NOT NULL,
    updated_at            BIGINT NOT NULL,
    refreshed_at          BIGINT NOT NULL
);
CREATE INDEX credentials_of_user ON credentials (project_id, user_id, integration, created_at);
CREATE UNIQUE INDEX credentials_external_id ON credentials (project_id, user_id, integration, external_id)
    WHERE external_id IS NOT NULL;

CREATE TABLE flows (
    id                   TEXT COLLATE "C" PRIMARY KEY,
    project_id           TEXT COLLATE "C" NOT NULL,
    user_id              TEXT COLLATE "C" NOT NULL,
    integration          TEXT NOT NULL,
    origin               TEXT NOT NULL,
    session_key          TEXT,
    ticket_hash          TEXT UNIQUE,
    state_hash           TEXT UNIQUE,
    binding_hash         TEXT,
    external_id          TEXT COLLATE "C",
    target_credential_id TEXT COLLATE "C",
    asked_for_consent    BIGINT NOT NULL DEFAULT 0,
    secret               BYTEA,
    secret_key_id        TEXT COLLATE "C",
    status               TEXT NOT NULL,
    version              BIGINT NOT NULL,
    credential_id        TEXT COLLATE "C",
    error_code           TEXT,
    error_message        TEXT,
    created_at           BIGINT NOT NULL,
    expires_at           BIGINT NOT NULL,
    redirect_uri         TEXT,
    return_to            TEXT,
    rowid                BIGINT GENERATED ALWAYS AS IDENTITY
);
CREATE UNIQUE INDEX flows_session_key ON flows (project_id, user_id, session_key) WHERE session_key IS NOT NULL;
CREATE INDEX flows_expiry ON flows (expires_at);

CREATE TABLE configurations (
    id              TEXT COLLATE "C" PRIMARY KEY,
    credential_id   TEXT COLLATE "C" NOT NULL REFERENCES credentials (id) ON DELETE CASCADE,
    external_id     TEXT COLLATE "C",
    is_default      BIGINT NOT NULL,
    shared_settings TEXT NOT NULL DEFAULT '{}',
    meta            TEXT NOT NULL DEFAULT '{}',
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX configurations_of_credential ON configurations (credential_id, created_at);
CREATE UNIQUE INDEX configurations_external_id ON configurations (credential_id, external_id)
    WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX configurations_default ON configurations (credential_id) WHERE is_default = 1;

CREATE TABLE integration_settings (
    project_id  TEXT COLLATE "C" NOT NULL,
    integration TEXT NOT NULL,
    inputs      TEXT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (project_id, integration)
);

CREATE TABLE workflows (
    project_id      TEXT COLLATE "C" NOT NULL,
    integration     TEXT NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    position        BIGINT NOT NULL,
    descriptor      TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 0,
    settled_version BIGINT NOT NULL DEFAULT 0,
    in_file         BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (project_id, id)
);

CREATE TABLE workflow_states (
    configuration_id TEXT COLLATE "C" NOT NULL REFERENCES configurations (id) ON DELETE CASCADE,
    workflow_id      TEXT COLLATE "C" NOT NULL,
    enabled          BIGINT NOT NULL,
    settings         TEXT NOT NULL DEFAULT '{}',
    updated_at       BIGINT NOT NULL,
    unsettled_since  BIGINT,
    schedule         TEXT,
    next_due         BIGINT,
    PRIMARY KEY (configuration_id, workflow_id)
);
CREATE INDEX workflow_states_unsettled ON workflow_states (unsettled_since) WHERE unsettled_since IS NOT NULL;
CREATE INDEX workflow_states_due ON workflow_states (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX workflow_states_enabled ON workflow_states (workflow_id) WHERE enabled = 1;

CREATE TABLE workflow_inbox (
    id               TEXT COLLATE "C" PRIMARY KEY,
    project_id       TEXT COLLATE "C" NOT NULL,
    user_id          TEXT COLLATE "C" NOT NULL,
    credential_id    TEXT COLLATE "C",
    configuration_id TEXT COLLATE "C",
    kind             TEXT NOT NULL,
    name             TEXT NOT NULL,
    payload          TEXT NOT NULL,
    query            TEXT,
    received_at      BIGINT NOT NULL,
    dispatched_at    BIGINT,
    once_key         TEXT
);
CREATE INDEX workflow_inbox_of_user ON workflow_inbox (project_id, user_id, received_at);
CREATE INDEX workflow_inbox_age ON workflow_inbox (received_at);
CREATE INDEX workflow_inbox_waiting ON workflow_inbox (received_at) WHERE dispatched_at IS NULL;
CREATE UNIQUE INDEX workflow_inbox_once ON workflow_inbox (once_key) WHERE once_key IS NOT NULL;

CREATE TABLE operators (
    id            TEXT COLLATE "C" PRIMARY KEY,
    email         TEXT COLLATE "C" NOT NULL UNIQUE,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);

CREATE TABLE operator_sessions (
    id_hash     TEXT PRIMARY KEY,
    operator_id TEXT COLLATE "C" NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    created_at  BIGINT NOT NULL,
    used_at     BIGINT NOT NULL
);
CREATE INDEX operator_sessions_of_operator ON operator_sessions (operator_id);

CREATE TABLE sign_in_attempts (
    subject TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_of_subject ON sign_in_attempts (subject, at);
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (at);

CREATE TABLE audit_log (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    subject    TEXT,
    project_id TEXT COLLATE "C",
    before     TEXT,
    after      TEXT
);
CREATE INDEX audit_log_of_project ON audit_log (project_id, id);

CREATE TABLE integrations (
    project_id  TEXT COLLATE "C" NOT NULL,
    integration TEXT NOT NULL,
    client_id   TEXT COLLATE "C",
    scopes      TEXT,
    active      BIGINT NOT NULL,
    revision    BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (project_id, integration)
);

CREATE TABLE client_secrets (
    id            TEXT COLLATE "C" PRIMARY KEY,
    project_id    TEXT COLLATE "C" NOT NULL,
    integration   TEXT NOT NULL,
    secret        BYTEA NOT NULL,
    secret_key_id TEXT COLLATE "C" NOT NULL,
    expires_at    BIGINT,
    created_at    BIGINT NOT NULL,
    created_by    TEXT NOT NULL,
    rowid         BIGINT GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX client_secrets_of_integration ON client_secrets (project_id, integration, created_at);

CREATE TABLE workflow_versions (
    project_id  TEXT COLLATE "C" NOT NULL,
    workflow_id TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL,
    definition  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    author      TEXT,
    PRIMARY KEY (project_id, workflow_id, version)
);

CREATE TABLE runs (
    id               TEXT COLLATE "C" PRIMARY KEY,
    project_id       TEXT COLLATE "C" NOT NULL,
    user_id          TEXT COLLATE "C" NOT NULL,
    credential_id    TEXT COLLATE "C" NOT NULL,
    configuration_id TEXT COLLATE "C" NOT NULL,
    workflow_id      TEXT COLLATE "C" NOT NULL,
    version          BIGINT NOT NULL,
    trigger_kind     TEXT NOT NULL,
    replay_of        TEXT,
    status           TEXT NOT NULL,
    input            TEXT NOT NULL,
    settings         TEXT NOT NULL,
    meta             TEXT NOT NULL,
    response         TEXT,
    error            TEXT,
    created_at       BIGINT NOT NULL,
    started_at       BIGINT,
    updated_at       BIGINT NOT NULL,
    ended_at         BIGINT
);
CREATE INDEX runs_of_user ON runs (project_id, user_id, created_at);
CREATE INDEX runs_open ON runs (updated_at) WHERE ended_at IS NULL;
CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX runs_of_project ON runs (project_id, created_at, status);
CREATE INDEX runs_failed ON runs (project_id, created_at) WHERE status = 'failed';
CREATE INDEX runs_waiting ON runs (project_id) WHERE status = 'waiting';

CREATE TABLE run_steps (
    run_id     TEXT COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path       TEXT COLLATE "C" NOT NULL,
    status     TEXT NOT NULL,
    input      TEXT,
    output     TEXT,
    error      TEXT,
    attempts   TEXT NOT NULL DEFAULT '[]',
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    rowid      BIGINT GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (run_id, path)
);

CREATE TABLE service_hooks (
    id               TEXT COLLATE "C" PRIMARY KEY,
    project_id       TEXT COLLATE "C" NOT NULL,
    user_id          TEXT COLLATE "C" NOT NULL,
    credential_id    TEXT COLLATE "C" NOT NULL,
    configuration_id TEXT COLLATE "C" NOT NULL,
    workflow_id      TEXT COLLATE "C" NOT NULL,
    filter           TEXT NOT NULL,
    organization     TEXT,
    subscription_id  TEXT COLLATE "C",
    secret_hash      TEXT,
    is_wanted        BIGINT NOT NULL DEFAULT 1,
    error            TEXT,
    attempts         BIGINT NOT NULL DEFAULT 0,
    next_try         BIGINT,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL
);
CREATE INDEX service_hooks_to_do ON service_hooks (next_try) WHERE next_try IS NOT NULL;
CREATE INDEX service_hooks_of_credential ON service_hooks (credential_id);
CREATE UNIQUE INDEX service_hooks_wanted ON service_hooks (configuration_id, workflow_id) WHERE is_wanted = 1;

CREATE TABLE leaving_credentials (
    id            TEXT COLLATE "C" PRIMARY KEY,
    project_id    TEXT COLLATE "C" NOT NULL,
    user_id       TEXT COLLATE "C" NOT NULL,
    integration   TEXT NOT NULL,
    account_type  TEXT NOT NULL,
    organization  TEXT NOT NULL,
    status        TEXT NOT NULL,
    secret        BYTEA NOT NULL,
    secret_key_id TEXT COLLATE "C" NOT NULL,
    left_at       BIGINT NOT NULL
);

CREATE TABLE edited_workflows (
    project_id    TEXT COLLATE "C" NOT NULL,
    integration   TEXT NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    saved_version BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (project_id, id)
);

CREATE TABLE proxy_calls (
    project_id TEXT COLLATE "C" NOT NULL,
    hour       BIGINT NOT NULL,
    outcome    TEXT NOT NULL,
    up_to_ms   BIGINT NOT NULL,
    calls      BIGINT NOT NULL,
    PRIMARY KEY (project_id, hour, outcome, up_to_ms)
);
CREATE INDEX proxy_calls_age ON proxy_calls (hour);

CREATE TABLE signing_keys (
    id         TEXT COLLATE "C" PRIMARY KEY,
    project_id TEXT COLLATE "C" NOT NULL,
    public_key TEXT,
    jwks_url   TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    CHECK ((public_key IS NULL) <> (jwks_url IS NULL))
);
CREATE INDEX signing_keys_of_project ON signing_keys (project_id, created_at);

CREATE TABLE leases (
    name       TEXT COLLATE "C" PRIMARY KEY,
    holder     TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
