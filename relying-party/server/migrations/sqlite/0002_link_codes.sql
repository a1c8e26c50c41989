-- A one-time code that lets another computer add a credential to a person's account. A person has at most one.
CREATE TABLE link_codes (
    person_id   BLOB PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    lookup      BLOB NOT NULL UNIQUE CHECK (length(lookup) = 32), -- keyed hash; the code itself is only with the person
    expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_codes_by_expiry ON link_codes (expires_at);
