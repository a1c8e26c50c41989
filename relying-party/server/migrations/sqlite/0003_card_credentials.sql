-- The credential ID of a card credential is a hash over the card's public key: whoever has that key could find its owner here. So
-- all IDs are kept as keyed hashes, with the ID itself in the sealed part. Rows from before are hashed at the next start.
ALTER TABLE credentials RENAME COLUMN credential_id TO lookup;
ALTER TABLE installation ADD COLUMN ids_hashed INTEGER NOT NULL DEFAULT 0 CHECK (ids_hashed IN (0, 1));
-- Whether the credential's key is the one that its certificate is about.
ALTER TABLE credentials ADD COLUMN card_key INTEGER NOT NULL DEFAULT 0 CHECK (card_key IN (0, 1));
