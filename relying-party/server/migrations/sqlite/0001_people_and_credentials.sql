-- Times are seconds since 1970. Identifiers are random 128-bit values.

-- What belongs to the database as a whole: which key file it was made with, and a mark that health checks rewrite.
CREATE TABLE installation (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    key_check    BLOB NOT NULL,
    healthy_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE people (
    id            BLOB PRIMARY KEY CHECK (length(id) = 16), -- also the WebAuthn user handle
    account_name  TEXT NOT NULL,                            -- as the person wrote it
    name_key      TEXT NOT NULL UNIQUE,                     -- as it is compared
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A certificate that vouched for a person. One certificate belongs to one person.
CREATE TABLE certificates (
    id             BLOB PRIMARY KEY CHECK (length(id) = 16),
    person_id      BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    lookup         BLOB NOT NULL UNIQUE, -- keyed hash over issuer key and serial
    facts          BLOB NOT NULL,        -- sealed: issuer key, serial, distribution points
    profile        TEXT NOT NULL,
    class          TEXT NOT NULL CHECK (class IN ('production', 'test', 'practice')),
    country        TEXT NOT NULL,
    anchor         TEXT NOT NULL,        -- the CA generation, as the profile calls it
    anchor_from    INTEGER NOT NULL,
    anchor_until   INTEGER NOT NULL,
    not_after      INTEGER NOT NULL,
    revocation     TEXT NOT NULL CHECK (revocation IN ('not-checked', 'good')),
    verified_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX certificates_of_person ON certificates (person_id);

CREATE TABLE credentials (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    person_id       BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    certificate_id  BLOB REFERENCES certificates (id),
    credential_id   BLOB NOT NULL UNIQUE,
    sealed          BLOB NOT NULL, -- public key, counter, backup state
    algorithm       INTEGER NOT NULL,
    transports      TEXT NOT NULL, -- JSON array
    created_at      INTEGER NOT NULL,
    last_used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX credentials_of_person ON credentials (person_id);

CREATE TABLE sessions (
    token_hash     BLOB PRIMARY KEY CHECK (length(token_hash) = 32), -- SHA-256; the token itself is only in the cookie
    person_id      BLOB REFERENCES people (id) ON DELETE CASCADE,    -- NULL before sign-in
    credential_id  BLOB REFERENCES credentials (id) ON DELETE CASCADE, -- the credential signed in with
    created_at     INTEGER NOT NULL,
    seen_at        INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- A ceremony between start and finish; taken out by the finish, before anything is verified.
CREATE TABLE challenges (
    id            BLOB PRIMARY KEY CHECK (length(id) = 32), -- SHA-256 of the challenge
    purpose       TEXT NOT NULL CHECK (purpose IN ('registration', 'authentication')),
    session       BLOB NOT NULL REFERENCES sessions (token_hash) ON DELETE CASCADE,
    state         BLOB NOT NULL, -- sealed
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX challenges_by_expiry ON challenges (expires_at);
CREATE INDEX challenges_of_session ON challenges (session);
