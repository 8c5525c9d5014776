-- The organization that a connect flow is for, and the directory in which it signs in.
ALTER TABLE flows ADD COLUMN organization TEXT;
ALTER TABLE flows ADD COLUMN tenant TEXT;
-- Whether the user may connect several organizations at once.
ALTER TABLE flows ADD COLUMN several INTEGER NOT NULL DEFAULT 0;
-- Organizations that were looked up for the flow.
ALTER TABLE flows ADD COLUMN lookups INTEGER NOT NULL DEFAULT 0;
