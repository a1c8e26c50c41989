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

    /// Whether all of `others` are among these.
    pub fn contain(self, others: Permissions) -> bool {
        self.0 & others.0 == others.0
    }
}
