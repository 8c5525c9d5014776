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
