//! What an authenticator seals under the card, with every step on the way. The documents it follows are
//! `authenticator/core/src/credential/{sealing,names}.rs`, their comments and not their code.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::bytes::{sha256, sha512};
use crate::cbor;
use crate::credential::Binding;
use crate::keys;
use crate::model::{Opened, Sealed};

const VERSION: u8 = 0x01;

/// What is sealed.
#[derive(Clone, Copy)]
pub(crate) enum What {
    Key,
    Names,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Key => "key",
            What::Names => "names",
        }
    }

    fn label(self) -> &'static [u8] {
        match self {
            What::Key => b"JPKI for WebAuthn credential key v1\0",
            What::Names => b"JPKI for WebAuthn account names v1\0",
        }
    }
}

impl Binding<'_> {
    /// The key for one thing, with what leads to it.
    pub(crate) fn opened(&self, what: What) -> Opened {
        let message = match what {
            What::Key => [
                what.label(),
                &self.installation.salt,
                &sha256(self.rp_id.as_bytes()),
                &self.nonce,
                &self.card.key_hash(),
            ]
            .concat(),
            What::Names => [what.label(), &self.installation.salt, &self.card.key_hash()].concat(),
        };
        let card_signature = keys::rs512(&self.card.key, &message);
        let mut kek = [0; 32];
        Hkdf::<Sha256>::new(Some(&self.installation.device_secret), &card_signature)
            .expand(what.label(), &mut kek)
            .unwrap();
        Opened {
            what: what.name(),
            message_sha512: sha512(&message).into(),
            message: message.into(),
            card_signature: card_signature.into(),
            kek: kek.into(),
        }
    }

    pub(crate) fn seal(&self, what: What, nonce: &[u8; 24], plaintext: &[u8]) -> Sealed {
        let opened = self.opened(what);
        let associated_data = [
            what.label(),
            &[VERSION],
            &self.id(),
            &sha256(self.rp_id.as_bytes()),
            &[self.user_handle.len() as u8],
            &self.user_handle,
            &self.card.key_hash(),
        ]
        .concat();
        let payload = Payload {
            msg: plaintext,
            aad: &associated_data,
        };
        let ciphertext = XChaCha20Poly1305::new(opened.kek.0.as_slice().into())
            .encrypt(nonce.into(), payload)
            .unwrap();
        Sealed {
            what: opened.what,
            message: opened.message,
            message_sha512: opened.message_sha512,
            card_signature: opened.card_signature,
            kek: opened.kek,
            nonce: nonce.into(),
            associated_data: associated_data.into(),
            plaintext: plaintext.into(),
            sealed: [&[VERSION][..], nonce, &ciphertext].concat().into(),
        }
    }
}

/// An account's names as they are sealed, with the public key of a pairwise credential: length, CBOR, zeros up to a multiple of 128.
pub(crate) fn names(name: &str, display_name: &str, public_key: Option<&[u8]>) -> Vec<u8> {
    let mut members = vec![(1, cbor::text(name)), (2, cbor::text(display_name))];
    members.extend(public_key.map(|point| (3, cbor::bytes(point))));
    let encoded = cbor::encode(&cbor::numbered(members));
    let mut bytes = (encoded.len() as u16).to_be_bytes().to_vec();
    bytes.extend(encoded);
    bytes.resize(bytes.len().next_multiple_of(128), 0);
    bytes
}
