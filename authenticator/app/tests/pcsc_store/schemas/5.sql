-- What the program made at migration 5, empty: with the checksums of the migrations as they were then.
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO "_sqlx_migrations" VALUES(1,'credentials','2026-01-01 00:00:00',1,X'38470655C7380FE60D81175E3BAD557587D41E42FF3E9250EBE75F497E98AA5411F1258F2C686795DC098359EBC4D2CB',1);
INSERT INTO "_sqlx_migrations" VALUES(2,'card credentials','2026-01-01 00:00:00',1,X'7FC32132DCEED1F7A7537EEECC40784718D54AC1619323C15804CBFD64891802D442787C90262A038114673E73C4F251',1);
INSERT INTO "_sqlx_migrations" VALUES(3,'labels','2026-01-01 00:00:00',1,X'D7A8AE24C75E4ACFB9526387136FC9113FCF1C9348D721044DBDD1034462536C6AB22F556871822CB8A304FD165834B1',1);
INSERT INTO "_sqlx_migrations" VALUES(4,'extensions','2026-01-01 00:00:00',1,X'310E367EBB935394C294B4736C01B4D5D5B9E0A34167181C71B7E6B8B62DC9D09D597D0FEAF82CF2C9949C8A189BC1E9',1);
INSERT INTO "_sqlx_migrations" VALUES(5,'large blobs and settings','2026-01-01 00:00:00',1,X'F1CAFA3EFE893FFE6FB54115CE498A31E98D8DA3FFE60C07FE2929A4E5FC95531D22251586D93E4D92562DD81FC181E2',1);
CREATE TABLE "credentials" (
    id           BLOB    NOT NULL PRIMARY KEY,
    kind         TEXT    NOT NULL,
    rp_id        TEXT    NOT NULL,
    user_handle  BLOB    NOT NULL,
    discoverable INTEGER NOT NULL CHECK (discoverable IN (0, 1)),
    card         BLOB    NOT NULL CHECK (length(card) = 32),
    sealed_key   BLOB             CHECK ((sealed_key IS NULL) = (kind = 'card')),
    sealed_names BLOB,
    backed_up    INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
, label TEXT, cred_protect INTEGER NOT NULL DEFAULT 1 CHECK (cred_protect BETWEEN 1 AND 3), large_blob_key INTEGER NOT NULL DEFAULT 0 CHECK (large_blob_key IN (0, 1))) STRICT, WITHOUT ROWID;
CREATE TABLE disclosures (
    entry      INTEGER NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    rp_id      TEXT    NOT NULL,
    credential BLOB    NOT NULL,
    card       BLOB    NOT NULL CHECK (length(card) = 32)
, what TEXT NOT NULL DEFAULT 'certificate') STRICT;
CREATE TABLE large_blobs (
    card       BLOB NOT NULL PRIMARY KEY CHECK (length(card) = 32),
    serialized BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE min_pin_length_rp_ids (
    rp_id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
    only                   INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    enterprise_attestation INTEGER NOT NULL CHECK (enterprise_attestation IN (0, 1))
) STRICT;
CREATE TABLE sites (
    rp_id         TEXT    NOT NULL PRIMARY KEY,
    remembered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credentials_by_rp_id ON credentials (rp_id);
