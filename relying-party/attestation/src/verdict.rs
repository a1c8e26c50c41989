//! What a successful verification yields.

use std::fmt;

use crate::attestation_object;
use crate::credential_key::CredentialKey;
use crate::holder::Holder;
use crate::report::{AnchorSummary, ProfileSummary, RuleOutcome};
use crate::revocation::RevocationOutcome;

/// A registration that a certified card signed.
///
/// Look at [`ProfileSummary::class`] before calling anyone a citizen: a verdict under a test or practice profile is
/// about nobody. Which profiles can vouch is decided by the [`crate::Profiles`] handed to [`crate::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The issuer profile that vouched.
    pub profile: ProfileSummary,
    /// The anchor that the certificate chains to.
    pub anchor: AnchorSummary,
    /// Every rule, in order; all passed, except that revocation may be not checked.
    pub outcomes: Vec<RuleOutcome>,
    /// The holder's certificate, as far as a relying party needs it.
    pub holder: Holder,
    /// Whether the credential's key is the certificate's own (a *card* credential) or another one.
    pub credential_key: CredentialKey,
    /// What is known about revocation.
    pub revocation: RevocationOutcome,
    /// The authenticator data that the card signed, as received.
    pub auth_data: Vec<u8>,
}

impl Verdict {
    /// An attestation object of format `none` around the *same* authenticator data, for a WebAuthn library that does
    /// not know `eid-x509`: it then checks type, challenge, origin, RP ID, flags and algorithm.
    ///
    /// Accept the registration only if that library accepts it too.
    #[must_use]
    pub fn none_rewrap(&self) -> Vec<u8> {
        attestation_object::none(&self.auth_data)
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verdict")
            .field("profile", &self.profile)
            .field("anchor", &self.anchor)
            .field("outcomes", &self.outcomes)
            .field("holder", &self.holder)
            .field("credential_key", &self.credential_key)
            .field("revocation", &self.revocation)
            .finish_non_exhaustive()
    }
}
