//! The keys that live outside the database: sealing, keyed hashes, and the file they come from.
//!
//! One 256-bit secret in the key file; every use has a key of its own, derived with HKDF-SHA-256 under a label.

mod file;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf, hmac,
};
use zeroize::Zeroizing;

pub use file::{KeyFileProblem, create, open, open_or_create};

/// Version of a sealed value; the first of its bytes.
const SEALED_V1: u8 = 1;

/// The server's keys. Its `Debug` shows none of them.
pub struct Keys {
    sealing: RandomizedNonceKey,
    certificate_lookup: hmac::Key,
    credential_lookup: hmac::Key,
    link_code: hmac::Key,
    rate: hmac::Key,
    new_person: hmac::Key,
    decoy: hmac::Key,
    check: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys")
    }
}

/// What a sealed value belongs to: it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub enum Sealed {
    /// A certificate's issuer key, serial and distribution point.
    CertificateFacts,
    /// A credential's ID, public key and state.
    Credential,
    /// A ceremony between its start and its finish.
    Ceremony,
}

impl Sealed {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::CertificateFacts => b"certificate facts\0",
            Self::Credential => b"credential\0",
            Self::Ceremony => b"ceremony\0",
        }
    }
}

/// A sealed value did not open: another key, another row, or altered bytes.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a sealed value in the database does not open with this key file")]
pub struct DoesNotOpen;

/// Sealing or deriving failed in the cryptographic library.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the cryptographic library refused to derive or to seal")]
pub struct CryptoFailure;

struct Length32;

impl hkdf::KeyType for Length32 {
    fn len(&self) -> usize {
        32
    }
}

impl Keys {
    /// Derives all keys from the key file's secret.
    ///
    /// # Errors
    /// The cryptographic library refused; not expected.
    pub fn derive(secret: &[u8; 32]) -> Result<Self, CryptoFailure> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"jpki-relying-party v1").extract(secret);
        let subkey = |label: &[u8]| -> Result<Zeroizing<[u8; 32]>, CryptoFailure> {
            let mut key = Zeroizing::new([0; 32]);
            root.expand(&[label], Length32)
                .and_then(|okm| okm.fill(key.as_mut_slice()))
                .map_err(|_| CryptoFailure)?;
            Ok(key)
        };
        let mac = |label: &[u8]| -> Result<hmac::Key, CryptoFailure> {
            Ok(hmac::Key::new(hmac::HMAC_SHA256, subkey(label)?.as_slice()))
        };
        Ok(Self {
            sealing: RandomizedNonceKey::new(&AES_256_GCM, subkey(b"sealing")?.as_slice())
                .map_err(|_| CryptoFailure)?,
            certificate_lookup: mac(b"certificate lookup")?,
            credential_lookup: mac(b"credential lookup")?,
            rate: mac(b"rate")?,
            link_code: mac(b"link code")?,
            new_person: mac(b"new person")?,
            decoy: mac(b"decoy credentials")?,
            check: *subkey(b"key check")?,
        })
    }

    /// Seals `plain` for the row `id` (AES-256-GCM, random nonce; purpose and row are authenticated).
    ///
    /// # Errors
    /// The cryptographic library refused; not expected.
    pub fn seal(&self, what: Sealed, id: &[u8], plain: &[u8]) -> Result<Vec<u8>, CryptoFailure> {
        let mut body = plain.to_vec();
        let nonce = self
            .sealing
            .seal_in_place_append_tag(Aad::from(associated_data(what, id)), &mut body)
            .map_err(|_| CryptoFailure)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + body.len());
        sealed.push(SEALED_V1);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what [`Keys::seal`] made for the same purpose and row.
    ///
    /// # Errors
    /// Another key, another purpose or row, or altered bytes.
    pub fn open(
        &self,
        what: Sealed,
        id: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let body = sealed.strip_prefix(&[SEALED_V1]).ok_or(DoesNotOpen)?;
        let (nonce, body) = body.split_first_chunk::<NONCE_LEN>().ok_or(DoesNotOpen)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .sealing
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(associated_data(what, id)),
                &mut body,
            )
            .map_err(|_| DoesNotOpen)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// The keyed hash under which a certificate is found again: same issuer key and serial, same hash.
    #[must_use]
    pub fn certificate_lookup(&self, issuer_key_hash: &[u8; 32], serial: &[u8]) -> [u8; 32] {
        mac(&self.certificate_lookup, &[issuer_key_hash, serial])
    }

    /// The keyed hash under which a credential is found by the ID the authenticator chose.
    #[must_use]
    pub fn credential_lookup(&self, credential_id: &[u8]) -> [u8; 32] {
        mac(&self.credential_lookup, &[credential_id])
    }

    /// The keyed hash under which a link code is found.
    #[must_use]
    pub fn link_code(&self, code: &[u8]) -> [u8; 32] {
        mac(&self.link_code, &[code])
    }

    /// The keyed hash under which something is counted.
    #[must_use]
    pub fn rate(&self, kind: &'static str, of: &[u8]) -> [u8; 32] {
        mac(&self.rate, &[kind.as_bytes(), b"\0", of])
    }

    /// Bytes that look random and are always the same for one session and account name.
    #[must_use]
    pub fn new_person(&self, session: &[u8; 32], name_key: &str) -> [u8; 32] {
        mac(&self.new_person, &[session, name_key.as_bytes()])
    }

    /// Bytes that look random and are always the same for `name`: what an account that does not exist answers.
    #[must_use]
    pub fn decoy(&self, name: &[u8], index: u8, block: u8) -> [u8; 32] {
        mac(&self.decoy, &[&[index, block], name])
    }

    /// A value that tells, in the database, which key file belongs to it.
    #[must_use]
    pub const fn check(&self) -> &[u8; 32] {
        &self.check
    }
}

fn associated_data(what: Sealed, id: &[u8]) -> Vec<u8> {
    [what.label(), id].concat()
}

fn mac(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(context.sign().as_ref()) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests;
