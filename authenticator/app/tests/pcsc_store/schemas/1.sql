-- What the program made at migration 1, empty: with the checksums of the migrations as they were then.
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO "_sqlx_migrations" VALUES(1,'credentials','2026-01-01 00:00:00',1,X'38470655C7380FE60D81175E3BAD557587D41E42FF3E9250EBE75F497E98AA5411F1258F2C686795DC098359EBC4D2CB',1);
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
CREATE TABLE disclosures (
    entry      INTEGER NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    rp_id      TEXT    NOT NULL,
    credential BLOB    NOT NULL,
    card       BLOB    NOT NULL CHECK (length(card) = 32)
) STRICT;
CREATE TABLE sites (
    rp_id         TEXT    NOT NULL PRIMARY KEY,
    remembered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credentials_by_rp_id ON credentials (rp_id);
