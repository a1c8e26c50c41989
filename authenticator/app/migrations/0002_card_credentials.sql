-- Card credentials: their key is the card's own, so there is nothing sealed.
CREATE TABLE credentials_of_both_kinds (
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
) STRICT, WITHOUT ROWID;

INSERT INTO credentials_of_both_kinds
SELECT id, kind, rp_id, user_handle, discoverable, card, sealed_key, sealed_names, backed_up, created_at, last_used_at
FROM credentials;

DROP TABLE credentials;
ALTER TABLE credentials_of_both_kinds RENAME TO credentials;
CREATE INDEX credentials_by_rp_id ON credentials (rp_id);

-- A card credential gives the card's public key away; until now it was the certificate every time.
ALTER TABLE disclosures ADD COLUMN what TEXT NOT NULL DEFAULT 'certificate';
