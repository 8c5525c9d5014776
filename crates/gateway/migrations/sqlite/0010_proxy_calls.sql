-- What the dashboard's overview counts.

-- Calls through the proxy: how many came to which kind of answer within how long, hour by hour; nothing else is known
-- of them. `hour` is its begin in epoch milliseconds, `up_to_ms` the upper bound of the time that the answer took.
CREATE TABLE proxy_calls (
    project_id TEXT NOT NULL,
    hour       INTEGER NOT NULL,
    outcome    TEXT NOT NULL,
    up_to_ms   INTEGER NOT NULL,
    calls      INTEGER NOT NULL,
    PRIMARY KEY (project_id, hour, outcome, up_to_ms)
) STRICT, WITHOUT ROWID;

CREATE INDEX proxy_calls_age ON proxy_calls (hour);

-- With the status, counting reads the index alone.
DROP INDEX runs_of_project;
CREATE INDEX runs_of_project ON runs (project_id, created_at, status);
CREATE INDEX runs_failed ON runs (project_id, created_at) WHERE status = 'failed';
CREATE INDEX runs_waiting ON runs (project_id) WHERE status = 'waiting';
