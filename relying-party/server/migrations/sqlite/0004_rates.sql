-- How often something was begun within a window of time: by one client, or under one account name.
CREATE TABLE rates (
    bucket   BLOB PRIMARY KEY CHECK (length(bucket) = 32), -- keyed hash of what is counted
    count    INTEGER NOT NULL,
    ends_at  INTEGER NOT NULL                              -- end of the window; afterwards counted anew
) STRICT, WITHOUT ROWID;
CREATE INDEX rates_by_end ON rates (ends_at);
