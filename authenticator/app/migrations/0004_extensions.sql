-- When a credential may be found and used (credProtect): 1 where nobody asked for more, so for all there were.
ALTER TABLE credentials ADD COLUMN cred_protect INTEGER NOT NULL DEFAULT 1 CHECK (cred_protect BETWEEN 1 AND 3);
-- Whether a credential was made with a largeBlobKey; the key itself follows from its private key.
ALTER TABLE credentials ADD COLUMN large_blob_key INTEGER NOT NULL DEFAULT 0 CHECK (large_blob_key IN (0, 1));
