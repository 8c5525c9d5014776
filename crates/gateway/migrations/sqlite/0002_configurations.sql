-- Configurations of credentials, in a table of their own: a credential has a default one and any number beside it.

CREATE TABLE configurations (
    id              TEXT PRIMARY KEY,
    credential_id   TEXT NOT NULL REFERENCES credentials (id) ON DELETE CASCADE,
    external_id     TEXT,
    is_default      INTEGER NOT NULL,
    shared_settings TEXT NOT NULL DEFAULT '{}',
    meta            TEXT NOT NULL DEFAULT '{}',
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX configurations_of_credential ON configurations (credential_id, created_at);
CREATE UNIQUE INDEX configurations_default ON configurations (credential_id) WHERE is_default;
CREATE UNIQUE INDEX configurations_external_id ON configurations (credential_id, external_id)
    WHERE external_id IS NOT NULL;

INSERT INTO configurations (id, credential_id, is_default, shared_settings, created_at, updated_at)
    SELECT configuration_id, id, 1, shared_settings, created_at, updated_at FROM credentials;

-- Nothing ever wrote workflow settings.
ALTER TABLE credentials DROP COLUMN workflow_settings;
ALTER TABLE credentials DROP COLUMN shared_settings;
ALTER TABLE credentials DROP COLUMN configuration_id;
