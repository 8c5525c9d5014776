-- The dashboard: its operators, what they did, and what they set. Times are epoch milliseconds.

CREATE TABLE operators (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

-- Of a session's id only the hash is kept.
CREATE TABLE operator_sessions (
    id_hash     TEXT PRIMARY KEY,
    operator_id TEXT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    used_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX operator_sessions_of_operator ON operator_sessions (operator_id);

-- Attempts to sign in, counted by account and by address; a subject is a hash.
CREATE TABLE sign_in_attempts (
    subject TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX sign_in_attempts_of_subject ON sign_in_attempts (subject, at);
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (at);

-- `before` and `after` are JSON without secrets. Entries stay when their operator is removed.
CREATE TABLE audit_log (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    subject    TEXT,
    project_id TEXT,
    before     TEXT,
    after      TEXT
) STRICT;

CREATE INDEX audit_log_of_project ON audit_log (project_id, id);

-- What was set in the dashboard wins over the configuration file; NULL leaves the file's value in force.
CREATE TABLE integrations (
    project_id  TEXT NOT NULL,
    integration TEXT NOT NULL,
    client_id   TEXT,
    scopes      TEXT,
    active      INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  TEXT NOT NULL,
    PRIMARY KEY (project_id, integration)
) STRICT;

-- Client secrets, sealed for row `client-secret/{project}/{id}`.
CREATE TABLE client_secrets (
    id            TEXT PRIMARY KEY,
    project_id    TEXT NOT NULL,
    integration   TEXT NOT NULL,
    secret        BLOB NOT NULL,
    secret_key_id TEXT NOT NULL,
    expires_at    INTEGER,
    created_at    INTEGER NOT NULL,
    created_by    TEXT NOT NULL
) STRICT;

CREATE INDEX client_secrets_of_integration ON client_secrets (project_id, integration, created_at);
