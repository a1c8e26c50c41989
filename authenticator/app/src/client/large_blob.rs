//! The client extension `largeBlob` (WebAuthn L3 §10.1.5). In a browser no blob is kept: sites are told so.

use serde::{Deserialize, Serialize};

use super::options::{Bytes, Descriptor, present};
use crate::failure::Failure;

/// A message is no longer.
const MAX_BLOB: usize = 65_536;

/// `AuthenticationExtensionsLargeBlobInputsJSON`.
#[derive(Debug, Deserialize)]
pub(crate) struct LargeBlobInputs {
    #[serde(default, deserialize_with = "present")]
    support: Option<String>,
    #[serde(default, deserialize_with = "present")]
    read: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    write: Option<Bytes<0, MAX_BLOB>>,
}

impl LargeBlobInputs {
    /// Whether a registration is to fail without it.
    pub(crate) fn is_required(&self) -> bool {
        self.support.as_deref() == Some("required")
    }

    /// Looks whether the inputs are those of a registration.
    ///
    /// # Errors
    /// [`Failure::NotSupported`] if they are not.
    pub(crate) fn at_registration(&self) -> Result<(), Failure> {
        if self.read.is_some() || self.write.is_some() {
            return Err(Failure::NotSupported);
        }
        Ok(())
    }

    /// Looks whether the inputs are those of a sign-in with the credentials that the site allows.
    ///
    /// # Errors
    /// [`Failure::NotSupported`] if they are not: a blob is read or written, and written for one credential only.
    pub(crate) fn at_sign_in(&self, allowed: &[Descriptor]) -> Result<(), Failure> {
        let writes = self.write.is_some();
        if self.support.is_some() || (writes && (self.read.is_some() || allowed.len() != 1)) {
            return Err(Failure::NotSupported);
        }
        Ok(())
    }
}

/// `AuthenticationExtensionsLargeBlobOutputsJSON`.
#[derive(Debug, Serialize)]
pub(crate) struct LargeBlobOutputs {
    #[serde(skip_serializing_if = "Option::is_none")]
    supported: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<bool>,
}

impl LargeBlobOutputs {
    /// Of a registration.
    pub(crate) fn of_registration(_: &LargeBlobInputs) -> Self {
        Self {
            supported: Some(false),
            written: None,
        }
    }

    /// Of a sign-in.
    pub(crate) fn of_sign_in(inputs: &LargeBlobInputs) -> Self {
        Self {
            supported: None,
            written: inputs.write.as_ref().map(|_| false),
        }
    }
}
