-- What starts workflows of itself: schedules, and subscriptions at the provider.

-- Since when the trigger does not yet follow what is set; null once it does.
ALTER TABLE workflow_states ADD COLUMN unsettled_since INTEGER;
-- When the schedule is due next, and what that was reckoned from.
ALTER TABLE workflow_states ADD COLUMN schedule TEXT;
ALTER TABLE workflow_states ADD COLUMN next_due INTEGER;

CREATE INDEX workflow_states_unsettled ON workflow_states (unsettled_since) WHERE unsettled_since IS NOT NULL;
CREATE INDEX workflow_states_due ON workflow_states (next_due) WHERE next_due IS NOT NULL;

-- The version that the states of its users were told of.
ALTER TABLE workflows ADD COLUMN settled_version INTEGER NOT NULL DEFAULT 0;

-- What comes in once, however often it is written: a due time, an event of the provider.
ALTER TABLE workflow_inbox ADD COLUMN once_key TEXT;

CREATE UNIQUE INDEX workflow_inbox_once ON workflow_inbox (once_key) WHERE once_key IS NOT NULL;

-- Subscriptions at the provider, one a configuration and workflow. A row is what is wanted, written before the provider
-- is asked. It is made once and removed once: another filter is another row. One that was removed is kept for a while, so
-- that what still comes for it is told so.
CREATE TABLE service_hooks (
    id               TEXT PRIMARY KEY,
    project_id       TEXT NOT NULL,
    user_id          TEXT NOT NULL,
    credential_id    TEXT NOT NULL,
    configuration_id TEXT NOT NULL,
    workflow_id      TEXT NOT NULL,
    filter           TEXT NOT NULL,
    organization     TEXT,
    subscription_id  TEXT,
    secret_hash      TEXT,
    is_wanted        INTEGER NOT NULL DEFAULT 1,
    error            TEXT,
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_try         INTEGER,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX service_hooks_wanted ON service_hooks (configuration_id, workflow_id) WHERE is_wanted;
CREATE INDEX service_hooks_to_do ON service_hooks (next_try) WHERE next_try IS NOT NULL;
CREATE INDEX service_hooks_of_credential ON service_hooks (credential_id);

-- Accounts that were disconnected, until their subscriptions are removed: a day at most.
CREATE TABLE leaving_credentials (
    id            TEXT PRIMARY KEY,
    project_id    TEXT NOT NULL,
    user_id       TEXT NOT NULL,
    integration   TEXT NOT NULL,
    account_type  TEXT NOT NULL,
    organization  TEXT NOT NULL,
    status        TEXT NOT NULL,
    secret        BLOB NOT NULL,
    secret_key_id TEXT NOT NULL,
    left_at       INTEGER NOT NULL
) STRICT;
