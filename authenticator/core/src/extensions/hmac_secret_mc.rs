//! hmac-secret-mc (CTAP 2.3 §12.8): what hmac-secret gives at a sign-in, given at registration already.

use super::Inputs;
use super::hmac_secret::EncryptedSalts;
use crate::failure::Failure;

/// Its name.
pub(super) const NAME: &str = "hmac-secret-mc";

/// The salts, which only come with hmac-secret.
pub(super) fn salts(
    inputs: Inputs<'_>,
    with_hmac_secret: bool,
) -> Result<Option<EncryptedSalts>, Failure> {
    let salts = EncryptedSalts::read(inputs, NAME)?;
    if salts.is_some() && !with_hmac_secret {
        return Err(Failure::Missing("hmac-secret"));
    }
    Ok(salts)
}
