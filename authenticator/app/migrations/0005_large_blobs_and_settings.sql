-- What sites keep with a card's credentials (authenticatorLargeBlobs), encrypted by the platform: one array for each card.
CREATE TABLE large_blobs (
    card       BLOB NOT NULL PRIMARY KEY CHECK (length(card) = 32),
    serialized BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What authenticatorConfig has set, for this installation: at most one row.
CREATE TABLE settings (
    only                   INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    enterprise_attestation INTEGER NOT NULL CHECK (enterprise_attestation IN (0, 1))
) STRICT;

-- Relying parties that authenticatorConfig allows to learn the PIN's minimum length.
CREATE TABLE min_pin_length_rp_ids (
    rp_id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
