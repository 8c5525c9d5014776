-- Keys that operators added: user tokens are verified with them beside those of the configuration file.
CREATE TABLE signing_keys (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    -- Either a public key in PEM, or the address of a JWK set.
    public_key TEXT,
    jwks_url   TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    CHECK ((public_key IS NULL) <> (jwks_url IS NULL))
) STRICT;

CREATE INDEX signing_keys_of_project ON signing_keys (project_id, created_at);
