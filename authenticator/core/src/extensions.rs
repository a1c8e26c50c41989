//! The extensions, a file each (CTAP 2.3 §12). What nobody asked for is not answered: browsers refuse it.

mod cred_blob;
mod cred_protect;
mod large_blob_key;
mod min_pin_length;

use zeroize::Zeroizing;

use crate::cbor::{Map, Value};
use crate::credential::{CredentialKind, KeyMaterial};
use crate::failure::Failure;
use crate::key::Key;
use crate::parameters::optional;

pub use cred_protect::CredProtect;
pub(crate) use large_blob_key::large_blob_key;
pub(crate) use min_pin_length::MIN_PIN_LENGTH;

/// Those that authenticatorGetInfo lists, in lexical order.
pub(crate) const SUPPORTED: [&str; 2] = [cred_blob::NAME, cred_protect::NAME];

/// The `extensions` parameter. Unknown extensions in it are ignored.
#[derive(Clone, Copy)]
struct Inputs<'m>(&'m Map);

impl<'m> Inputs<'m> {
    /// The input of an extension, if there is one.
    fn read<T>(
        self,
        name: &'static str,
        read: impl Fn(&'m Value) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        optional(self.0, name, name, read)
    }
}

/// What a registration asks of extensions.
#[derive(Default)]
pub(crate) struct RegistrationInputs {
    cred_protect: Option<CredProtect>,
    cred_blob: Option<Vec<u8>>,
    large_blob_key: bool,
    pub(crate) min_pin_length: bool,
}

/// What a new credential keeps because of extensions.
pub(crate) struct Kept {
    pub(crate) cred_protect: CredProtect,
    pub(crate) cred_blob: Zeroizing<Vec<u8>>,
    pub(crate) large_blob_key: bool,
}

impl RegistrationInputs {
    pub(crate) fn parse(
        extensions: Option<&Map>,
        discoverable: bool,
    ) -> Result<RegistrationInputs, Failure> {
        let Some(inputs) = extensions.map(Inputs) else {
            return Ok(RegistrationInputs::default());
        };
        let large_blob_key = large_blob_key::is_asked(inputs)?;
        if large_blob_key && !discoverable {
            return Err(Failure::InvalidOption(large_blob_key::NAME));
        }
        Ok(RegistrationInputs {
            cred_protect: cred_protect::asked(inputs)?,
            cred_blob: cred_blob::to_keep(inputs)?,
            large_blob_key,
            min_pin_length: min_pin_length::is_asked(inputs)?,
        })
    }

    /// What a credential of this kind keeps.
    pub(crate) fn kept(&self, discoverable: bool, kind: CredentialKind) -> Kept {
        let cred_blob = self.cred_blob.as_deref();
        let cred_blob = cred_blob.filter(|blob| cred_blob::fits(blob, discoverable, kind));
        Kept {
            cred_protect: self.cred_protect.unwrap_or_default().for_kind(kind),
            cred_blob: Zeroizing::new(cred_blob.unwrap_or_default().to_vec()),
            large_blob_key: self.large_blob_key && kind == CredentialKind::Pairwise,
        }
    }

    /// What is answered in the authenticator data: of what was asked, what was done.
    pub(crate) fn outputs(&self, kept: &Kept, may_know_pin_length: bool) -> Map {
        let mut outputs = Map::new();
        if self.cred_protect.is_some() {
            outputs.insert(cred_protect::NAME, i64::from(kept.cred_protect.level()));
        }
        if let Some(blob) = &self.cred_blob {
            outputs.insert(cred_blob::NAME, *blob == *kept.cred_blob);
        }
        if self.min_pin_length && may_know_pin_length {
            outputs.insert(min_pin_length::NAME, MIN_PIN_LENGTH);
        }
        outputs
    }
}

/// What a sign-in asks of extensions.
#[derive(Default)]
pub(crate) struct SignInInputs {
    cred_blob: bool,
    pub(crate) large_blob_key: bool,
}

impl SignInInputs {
    pub(crate) fn parse(extensions: Option<&Map>) -> Result<SignInInputs, Failure> {
        let Some(inputs) = extensions.map(Inputs) else {
            return Ok(SignInInputs::default());
        };
        Ok(SignInInputs {
            cred_blob: cred_blob::is_asked(inputs)?,
            large_blob_key: large_blob_key::is_asked(inputs)?,
        })
    }

    /// What is answered in the authenticator data.
    pub(crate) fn outputs(&self, key: &Key) -> Map {
        let mut outputs = Map::new();
        if self.cred_blob {
            let blob: &[u8] = match key {
                Key::Pairwise(KeyMaterial { cred_blob, .. }) => cred_blob,
                Key::Card => &[],
            };
            outputs.insert(cred_blob::NAME, blob);
        }
        outputs
    }
}
