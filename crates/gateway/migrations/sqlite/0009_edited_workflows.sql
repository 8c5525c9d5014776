-- Workflows that are made in the dashboard: each save is a version, and one of them may be in force.

CREATE TABLE edited_workflows (
    project_id    TEXT NOT NULL,
    integration   TEXT NOT NULL,
    id            TEXT NOT NULL,
    saved_version INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    PRIMARY KEY (project_id, id)
) STRICT;

-- Who saved it; NULL for those of the configuration file.
ALTER TABLE workflow_versions ADD COLUMN author TEXT;

-- Whether the configuration file has it; the others were deployed in the dashboard.
ALTER TABLE workflows ADD COLUMN in_file INTEGER NOT NULL DEFAULT 1;
