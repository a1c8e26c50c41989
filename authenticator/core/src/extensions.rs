//! The extensions, a file each (CTAP 2.3 §12). What nobody asked for is not answered: browsers refuse it.
//!
//! Secrets that they give away follow from the credential's private key, so card credentials, whose key stays in the
//! card, have none (`docs/decisions/0027-secrets-of-extensions.md`).

mod cred_blob;
mod cred_protect;
mod hmac_secret;
mod hmac_secret_mc;
mod large_blob_key;
mod min_pin_length;
mod prf;

use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use crate::authenticator::Transport;
use crate::cbor::{Map, Value};
use crate::credential::{CredentialKind, KeyMaterial};
use crate::failure::Failure;
use crate::key::Key;
use crate::parameters::optional;
use crate::session::Session;
use hmac_secret::EncryptedSalts;

pub use cred_protect::CredProtect;
pub(crate) use hmac_secret::Salts;
pub(crate) use large_blob_key::large_blob_key;
pub(crate) use min_pin_length::MIN_PIN_LENGTH;
pub use prf::{Prf, PrfResults, PrfSalts};

/// Those that authenticatorGetInfo lists. A platform authenticator has no PIN/UV auth protocol to encrypt secrets with
/// (its client asks for them by [`Prf`]), and no large blobs.
pub(crate) fn supported(transport: Transport) -> &'static [&'static str] {
    match transport {
        Transport::Internal => &[cred_blob::NAME, cred_protect::NAME],
        Transport::Usb { .. } => &[
            cred_blob::NAME,
            cred_protect::NAME,
            hmac_secret::NAME,
            hmac_secret_mc::NAME,
            large_blob_key::NAME,
            min_pin_length::NAME,
        ],
    }
}

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

/// What is answered.
#[derive(Default)]
pub(crate) struct Answers {
    /// In the authenticator data, signed.
    pub(crate) outputs: Map,
    /// Beside it.
    pub(crate) large_blob_key: Option<Zeroizing<[u8; 32]>>,
}

/// What a registration asks of extensions.
#[derive(Default)]
pub(crate) struct RegistrationInputs {
    cred_protect: Option<CredProtect>,
    cred_blob: Option<Vec<u8>>,
    hmac_secret: bool,
    hmac_secret_mc: Option<EncryptedSalts>,
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
        let hmac_secret = hmac_secret::is_asked(inputs)?;
        Ok(RegistrationInputs {
            cred_protect: cred_protect::asked(inputs)?,
            cred_blob: cred_blob::to_keep(inputs)?,
            hmac_secret,
            hmac_secret_mc: hmac_secret_mc::salts(inputs, hmac_secret)?,
            large_blob_key,
            min_pin_length: min_pin_length::is_asked(inputs)?,
        })
    }

    /// The salts of hmac-secret-mc, decrypted: before anybody types a PIN for a request that cannot be fulfilled.
    pub(crate) fn salts(
        &self,
        session: &mut Session,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Option<Salts>, Failure> {
        let salts = self.hmac_secret_mc.as_ref();
        salts.map(|salts| salts.open(session, rng)).transpose()
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

    /// Of what was asked, what was done.
    pub(crate) fn answers(
        &self,
        kept: &Kept,
        key: &Key,
        salts: Option<&Salts>,
        may_know_pin_length: bool,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Answers, Failure> {
        let mut answers = Answers::default();
        let outputs = &mut answers.outputs;
        if self.cred_protect.is_some() {
            let level = i64::from(kept.cred_protect.level());
            outputs.insert(cred_protect::NAME, level);
        }
        if let Some(blob) = &self.cred_blob {
            outputs.insert(cred_blob::NAME, *blob == *kept.cred_blob);
        }
        if self.hmac_secret {
            outputs.insert(hmac_secret::NAME, matches!(key, Key::Pairwise(_)));
        }
        if self.min_pin_length && may_know_pin_length {
            outputs.insert(min_pin_length::NAME, MIN_PIN_LENGTH);
        }
        if let Key::Pairwise(KeyMaterial { key, .. }) = key {
            if let Some(salts) = salts {
                outputs.insert(hmac_secret_mc::NAME, salts.output(key, rng)?);
            }
            if kept.large_blob_key {
                answers.large_blob_key = Some(large_blob_key(key)?);
            }
        }
        Ok(answers)
    }
}

/// What a sign-in asks of extensions.
#[derive(Default)]
pub(crate) struct SignInInputs {
    cred_blob: bool,
    hmac_secret: Option<EncryptedSalts>,
    large_blob_key: bool,
}

impl SignInInputs {
    pub(crate) fn parse(extensions: Option<&Map>, silent: bool) -> Result<SignInInputs, Failure> {
        let Some(inputs) = extensions.map(Inputs) else {
            return Ok(SignInInputs::default());
        };
        let hmac_secret = EncryptedSalts::read(inputs, hmac_secret::NAME)?;
        if hmac_secret.is_some() && silent {
            return Err(Failure::UnsupportedOption("up"));
        }
        Ok(SignInInputs {
            cred_blob: cred_blob::is_asked(inputs)?,
            hmac_secret,
            large_blob_key: large_blob_key::is_asked(inputs)?,
        })
    }

    /// The salts of hmac-secret, decrypted: before anybody types a PIN for a request that cannot be fulfilled.
    pub(crate) fn salts(
        &self,
        session: &mut Session,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Option<Salts>, Failure> {
        let salts = self.hmac_secret.as_ref();
        salts.map(|salts| salts.open(session, rng)).transpose()
    }

    /// What is answered with a credential.
    pub(crate) fn answers(
        &self,
        key: &Key,
        has_large_blob_key: bool,
        salts: Option<&Salts>,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Answers, Failure> {
        let mut answers = Answers::default();
        match key {
            Key::Pairwise(KeyMaterial { key, cred_blob }) => {
                if self.cred_blob {
                    let blob = cred_blob.as_slice();
                    answers.outputs.insert(cred_blob::NAME, blob);
                }
                if let Some(salts) = salts {
                    let output = salts.output(key, rng)?;
                    answers.outputs.insert(hmac_secret::NAME, output);
                }
                if self.large_blob_key && has_large_blob_key {
                    answers.large_blob_key = Some(large_blob_key(key)?);
                }
            }
            Key::Card if self.cred_blob => {
                answers.outputs.insert(cred_blob::NAME, &[][..]);
            }
            Key::Card => {}
        }
        Ok(answers)
    }
}
