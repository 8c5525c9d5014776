-- Flags are compared with 1 everywhere, as the other database wants it; an index serves a comparison that is written alike.
DROP INDEX configurations_default;
CREATE UNIQUE INDEX configurations_default ON configurations (credential_id) WHERE is_default = 1;
DROP INDEX workflow_states_enabled;
CREATE INDEX workflow_states_enabled ON workflow_states (workflow_id) WHERE enabled = 1;
DROP INDEX service_hooks_wanted;
CREATE UNIQUE INDEX service_hooks_wanted ON service_hooks (configuration_id, workflow_id) WHERE is_wanted = 1;
