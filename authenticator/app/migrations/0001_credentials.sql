-- Credentials: keys and names are sealed under card and device secret before they come here.
CREATE TABLE credentials (
    id           BLOB    NOT NULL PRIMARY KEY,
    kind         TEXT    NOT NULL,
    rp_id        TEXT    NOT NULL,
    user_handle  BLOB    NOT NULL,
    discoverable INTEGER NOT NULL CHECK (discoverable IN (0, 1)),
    card         BLOB    NOT NULL CHECK (length(card) = 32),
    sealed_key   BLOB    NOT NULL,
    sealed_names BLOB,
    backed_up    INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX credentials_by_rp_id ON credentials (rp_id);

-- Sites to which the person chose to offer the certificate switched on.
CREATE TABLE sites (
    rp_id         TEXT    NOT NULL PRIMARY KEY,
    remembered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every time the certificate left for a site. Entries stay when the credential goes.
CREATE TABLE disclosures (
    entry      INTEGER NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    rp_id      TEXT    NOT NULL,
    credential BLOB    NOT NULL,
    card       BLOB    NOT NULL CHECK (length(card) = 32)
) STRICT;
