//! The two kinds of credential: their keys and their IDs. The documents it follows are
//! `authenticator/core/src/credential/{id,pairwise,card_key}.rs`, their comments and not their code.

use hmac::{Hmac, Mac};
use rsa::RsaPrivateKey;
use sha2::Sha256;

use crate::bytes::sha256;
use crate::cbor;
use crate::keys::{self, EcKey};
use crate::world::{Card, Installation};

const PAIRWISE_LABEL: &[u8] = b"JPKI for WebAuthn credential ID v1";
const CARD_LABEL: &[u8] = b"JPKI for WebAuthn card credential ID v1\0";

const PAIRWISE_PROBE_LABEL: &[u8] = b"JPKI for WebAuthn silent probe v1";
const CARD_PROBE_LABEL: &[u8] = b"JPKI for WebAuthn silent probe of a card credential v1";

/// What a credential's key is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Pairwise,
    Card,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Pairwise => "pairwise",
            Kind::Card => "card",
        }
    }

    /// The first byte of its IDs.
    fn version(self) -> u8 {
        match self {
            Kind::Pairwise => 0x01,
            Kind::Card => 0x02,
        }
    }
}

/// A credential's private key.
pub(crate) enum CredentialKey<'w> {
    /// A key of its own.
    Pairwise(EcKey),
    /// The card's.
    Card(&'w RsaPrivateKey),
}

impl CredentialKey<'_> {
    /// COSE algorithm identifier.
    pub(crate) fn alg(&self) -> i64 {
        match self {
            CredentialKey::Pairwise(_) => -7,
            CredentialKey::Card(_) => -257,
        }
    }

    /// x ‖ y of a key of its own.
    pub(crate) fn p256_point(&self) -> Option<Vec<u8>> {
        match self {
            CredentialKey::Pairwise(key) => key.point().get(1..).map(<[u8]>::to_vec),
            CredentialKey::Card(_) => None,
        }
    }

    /// The COSE_Key.
    pub(crate) fn cose(&self) -> Vec<u8> {
        match self {
            CredentialKey::Pairwise(key) => cbor::es256_key(&key.point()),
            CredentialKey::Card(key) => cbor::rs256_key(key),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            CredentialKey::Pairwise(key) => key.sign(message),
            CredentialKey::Card(key) => keys::rs256(key, message),
        }
    }
}

/// A credential's ID and what its sealed parts are bound to.
pub(crate) struct Binding<'a> {
    pub(crate) kind: Kind,
    pub(crate) installation: &'a Installation,
    pub(crate) card: &'a Card,
    pub(crate) rp_id: &'a str,
    pub(crate) user_handle: Vec<u8>,
    pub(crate) nonce: [u8; 32],
}

impl Binding<'_> {
    /// The key of the ID's tag. Card credentials have none: any computer makes their IDs again from the certificate.
    pub(crate) fn id_key(&self) -> Option<[u8; 32]> {
        let key = || hmac(&self.installation.device_secret, &[PAIRWISE_LABEL]);
        (self.kind == Kind::Pairwise).then(key)
    }

    /// What the ID's tag is over.
    pub(crate) fn id_input(&self) -> Vec<u8> {
        let rp_id_hash = sha256(self.rp_id.as_bytes());
        match self.kind {
            Kind::Pairwise => [&[self.kind.version()], &self.nonce[..], &rp_id_hash].concat(),
            Kind::Card => {
                let card = self.card.key_hash();
                [CARD_LABEL, &card, &rp_id_hash, &self.nonce].concat()
            }
        }
    }

    /// version ‖ nonce ‖ the tag's first 16 bytes.
    pub(crate) fn id(&self) -> Vec<u8> {
        let input = self.id_input();
        let tag = match self.id_key() {
            Some(key) => hmac(&key, &[&input]),
            None => sha256(&input),
        };
        [&[self.kind.version()], &self.nonce[..], &tag[..16]].concat()
    }

    /// What answers a silent probe on this computer: well-formed, and made by no key that means anything.
    pub(crate) fn probe_signature(&self, computer: &Installation, message: &[u8]) -> Vec<u8> {
        let part =
            |label: &[u8], part| hmac(&computer.device_secret, &[label, &self.id(), &[part]]);
        match self.kind {
            Kind::Pairwise => EcKey::p256_from(&part(PAIRWISE_PROBE_LABEL, 0)).sign(message),
            Kind::Card => {
                let parts = (0..8).map(|number| part(CARD_PROBE_LABEL, number));
                let mut signature: Vec<u8> = parts.flatten().collect();
                // As a number it is less than any modulus of 2048 bits.
                signature[0] &= 0x7f;
                signature
            }
        }
    }
}

fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
