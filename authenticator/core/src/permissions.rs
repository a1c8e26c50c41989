//! What a pinUvAuthToken may be used for (CTAP 2.3 §6.5.5.7, table of permissions).

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permissions(u8);

impl Permissions {
    /// `mc`: authenticatorMakeCredential, for the token's RP ID.
    pub const MAKE_CREDENTIAL: Permissions = Permissions(0x01);
    /// `ga`: authenticatorGetAssertion, for the token's RP ID.
    pub const GET_ASSERTION: Permissions = Permissions(0x02);
    /// `cm`: authenticatorCredentialManagement.
    pub const CREDENTIAL_MANAGEMENT: Permissions = Permissions(0x04);
    /// `be`: authenticatorBioEnrollment. Not supported: the card has no such thing.
    pub const BIO_ENROLLMENT: Permissions = Permissions(0x08);
    /// `lbw`: writing with authenticatorLargeBlobs.
    pub const LARGE_BLOB_WRITE: Permissions = Permissions(0x10);
    /// `acfg`: authenticatorConfig.
    pub const CONFIGURATION: Permissions = Permissions(0x20);

    /// `pcmr`: read-only credential management with a persistent token. Not supported.
    pub const PERSISTENT_CREDENTIAL_MANAGEMENT: Permissions = Permissions(0x40);

    /// Whether all of `others` are among these.
    pub fn contain(self, others: Permissions) -> bool {
        self.0 & others.0 == others.0
    }

    /// Those that the standard defines; others are not looked at.
    pub(crate) fn from_bits(bits: u64) -> Permissions {
        Permissions(u8::try_from(bits & 0x7F).unwrap_or_default())
    }

    /// Whether there are none.
    pub(crate) fn are_none(self) -> bool {
        self.0 == 0
    }

    /// These and `others`.
    pub(crate) const fn or(self, others: Permissions) -> Permissions {
        Permissions(self.0 | others.0)
    }

    /// Those that are among `others` too.
    pub(crate) fn and(self, others: Permissions) -> Permissions {
        Permissions(self.0 & others.0)
    }
}
