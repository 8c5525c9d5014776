-- What a step noted before it first asked for a change (JSON), so that a repeat can find out whether it was made.
ALTER TABLE run_steps ADD COLUMN begun_change TEXT;
