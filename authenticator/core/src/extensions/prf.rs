//! WebAuthn's `prf` (WebAuthn L3 §10.1.4) for a client in the same program: hmac-secret without what CTAP encrypts between two.
//!
//! The client gives its salts beside the request, by credential where the site wants that: which credential it will be, only
//! the card tells. The secrets are hmac-secret's, so a site gets the same by way of either.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use super::hmac_secret;
use crate::credential::{CredentialId, KeyMaterial};
use crate::failure::Failure;
use crate::key::Key;

/// Salts as hmac-secret takes them: each 32 bytes, which the client makes of the site's input.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PrfSalts {
    /// The first.
    pub first: [u8; 32],
    /// The second.
    pub second: Option<[u8; 32]>,
}

/// What a credential makes of them.
pub struct PrfResults {
    /// Of the first.
    pub first: Zeroizing<[u8; 32]>,
    /// Of the second, if there is one.
    pub second: Option<Zeroizing<[u8; 32]>>,
}

/// Neither salts nor secrets are shown.
impl fmt::Debug for PrfSalts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrfSalts(…)")
    }
}

impl fmt::Debug for PrfResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrfResults(…)")
    }
}

/// What the client asks of one ceremony, and what came of it.
#[derive(Debug, Default)]
pub struct Prf {
    salts: Option<PrfSalts>,
    by_credential: BTreeMap<Vec<u8>, PrfSalts>,
    enabled: bool,
    results: Option<PrfResults>,
}

impl Prf {
    /// Salts for whichever credential it is, and those for some by their ID, which come first.
    pub fn new(salts: Option<PrfSalts>, by_credential: BTreeMap<Vec<u8>, PrfSalts>) -> Prf {
        Prf {
            salts,
            by_credential,
            ..Prf::default()
        }
    }

    /// Whether the credential of a ceremony that succeeded has such secrets.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// What the credential made of the salts for it; nothing if there were none, or it has no secrets.
    pub fn results(&self) -> Option<&PrfResults> {
        self.results.as_ref()
    }

    /// Takes note of the credential that is used.
    pub(crate) fn evaluate(&mut self, id: &CredentialId, key: &Key) -> Result<(), Failure> {
        let Key::Pairwise(KeyMaterial { key, .. }) = key else {
            return Ok(());
        };
        self.enabled = true;
        let own = self.by_credential.get(id.as_bytes().as_slice());
        if let Some(salts) = own.or(self.salts.as_ref()) {
            self.results = Some(PrfResults {
                first: hmac_secret::secret(key, &salts.first)?,
                second: match &salts.second {
                    Some(salt) => Some(hmac_secret::secret(key, salt)?),
                    None => None,
                },
            });
        }
        Ok(())
    }
}
