-- The name that the person gave a credential, as they typed it: not sealed, so that it can be listed without the PIN.
ALTER TABLE credentials ADD COLUMN label TEXT;
