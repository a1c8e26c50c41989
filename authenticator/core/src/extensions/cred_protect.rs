//! credProtect (CTAP 2.3 §12.1): when a credential may be found and used.

use super::Inputs;
use crate::cbor::Value;
use crate::credential::CredentialKind;
use crate::failure::Failure;

/// Its name.
pub(super) const NAME: &str = "credProtect";

/// A credential's protection level.
///
/// A credential made without one has the first, which is the standard's default. That goes for every credential
/// from before this extension, too: nobody had asked for more. What the second demands, this authenticator does for
/// all of them, since it lists nothing before user verification.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CredProtect {
    /// userVerificationOptional.
    #[default]
    Optional,
    /// userVerificationOptionalWithCredentialIDList: found only by its ID, or after user verification.
    OptionalWithCredentialIdList,
    /// userVerificationRequired: found and used only after user verification, by its ID too.
    Required,
}

impl CredProtect {
    /// The number that CTAP and the store have for it, 1 to 3.
    pub fn level(self) -> u8 {
        match self {
            CredProtect::Optional => 1,
            CredProtect::OptionalWithCredentialIdList => 2,
            CredProtect::Required => 3,
        }
    }

    /// The level with this number.
    pub fn from_level(level: i64) -> Option<CredProtect> {
        match level {
            1 => Some(CredProtect::Optional),
            2 => Some(CredProtect::OptionalWithCredentialIdList),
            3 => Some(CredProtect::Required),
            _ => None,
        }
    }

    /// The level that a credential of a kind can have, where this one is asked for.
    ///
    /// Any computer with the card tells a card credential by its ID, without the PIN and without knowing a level: so the
    /// third is not to be had for those, and not claimed.
    pub(super) fn for_kind(self, kind: CredentialKind) -> CredProtect {
        match kind {
            CredentialKind::Pairwise => self,
            CredentialKind::Card => self.min(CredProtect::OptionalWithCredentialIdList),
        }
    }
}

/// The level that is asked for.
pub(super) fn asked(inputs: Inputs<'_>) -> Result<Option<CredProtect>, Failure> {
    match inputs.read(NAME, Value::as_integer)? {
        None => Ok(None),
        Some(level) => CredProtect::from_level(level)
            .map(Some)
            .ok_or(Failure::InvalidParameter(NAME)),
    }
}
