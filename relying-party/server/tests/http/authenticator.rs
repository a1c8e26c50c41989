//! A software authenticator with the browser around it: every byte real, every part open to forgery.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use jpki_lab::pki::Credential as Card;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use rsa::{Pkcs1v15Sign, RsaPrivateKey, pkcs8::EncodePublicKey as _, traits::PublicKeyParts as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::world::ORIGIN;

pub(crate) const UP: u8 = 0x01;
pub(crate) const UV: u8 = 0x04;
pub(crate) const BE: u8 = 0x08;
pub(crate) const AT: u8 = 0x40;

/// What the browser and the authenticator say that is not in the options: all of it right, unless a test changes it.
#[derive(Clone)]
pub(crate) struct Ceremony {
    pub(crate) origin: String,
    pub(crate) rp_id: String,
    pub(crate) kind: Option<&'static str>,
    pub(crate) challenge: Option<String>,
    pub(crate) cross_origin: bool,
    pub(crate) flags: u8,
    pub(crate) counter: u32,
    pub(crate) user_handle: Option<Option<Vec<u8>>>,
}

impl Default for Ceremony {
    fn default() -> Self {
        Self {
            origin: ORIGIN.to_owned(),
            rp_id: "localhost".to_owned(),
            kind: None,
            challenge: None,
            cross_origin: false,
            flags: UP | UV | BE,
            counter: 0,
            user_handle: None,
        }
    }
}

impl Ceremony {
    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = options["publicKey"]["challenge"].as_str().unwrap();
        json!({
            "type": self.kind.unwrap_or(kind),
            "challenge": self.challenge.as_deref().unwrap_or(challenge),
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        })
        .to_string()
        .into_bytes()
    }

    fn auth_data(&self, more_flags: u8, rest: &[u8]) -> Vec<u8> {
        [
            Sha256::digest(&self.rp_id).as_slice(),
            &[self.flags | more_flags],
            &self.counter.to_be_bytes(),
            rest,
        ]
        .concat()
    }
}

/// A credential in the authenticator.
#[derive(Clone)]
pub(crate) struct Passkey {
    pub(crate) id: Vec<u8>,
    key: Key,
    pub(crate) user_handle: Vec<u8>,
}

/// Its private key.
#[derive(Clone)]
enum Key {
    P256(SigningKey),
    /// The card's own.
    Card(Box<RsaPrivateKey>),
}

impl Key {
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                let signature: Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Card(key) => signed_by_card(key, message),
        }
    }

    fn algorithm(&self) -> i64 {
        match self {
            Self::P256(_) => -7,
            Self::Card(_) => -257,
        }
    }

    fn cose(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => cose_key(key),
            Self::Card(key) => [
                &b"\xa4\x01\x03\x03\x39\x01\x00\x20\x59\x01\x00"[..],
                &key.n().to_bytes_be(),
                b"\x21\x43\x01\x00\x01",
            ]
            .concat(),
        }
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-256, as the card signs.
fn signed_by_card(key: &RsaPrivateKey, message: &[u8]) -> Vec<u8> {
    key.sign(Pkcs1v15Sign::new::<Sha256>(), &sha256(message))
        .unwrap()
}

/// How a registration is attested.
pub(crate) enum Attest<'a> {
    Eid(&'a Card),
    None,
    PackedSelf,
}

/// A registration on its way to the relying party.
pub(crate) struct Made {
    pub(crate) passkey: Passkey,
    pub(crate) fmt: &'static str,
    pub(crate) alg: i64,
    pub(crate) sig: Vec<u8>,
    pub x5c: Vec<Vec<u8>>,
    pub(crate) auth_data: Vec<u8>,
    pub(crate) client_data: Vec<u8>,
    pub(crate) transports: Value,
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// `navigator.credentials.create`, as this project's authenticator answers it.
pub(crate) fn create(options: &Value, attest: &Attest<'_>, ceremony: &Ceremony) -> Made {
    let id = [&[0x01][..], &random::<48>()].concat();
    create_with_id(options, attest, ceremony, id)
}

pub(crate) fn create_with_id(
    options: &Value,
    attest: &Attest<'_>,
    ceremony: &Ceremony,
    id: Vec<u8>,
) -> Made {
    let key = loop {
        if let Ok(key) = SigningKey::from_slice(&random::<32>()) {
            break Key::P256(key);
        }
    };
    register(options, attest, ceremony, id, key)
}

/// A card credential: the card's own key, an ID that any computer finds again with the card.
pub(crate) fn create_with_card(options: &Value, card: &Card, attest: &Attest<'_>) -> Made {
    let key = Key::Card(Box::new(card.key.clone()));
    let nonce = random::<32>();
    let bound = [
        &b"JPKI for WebAuthn card credential ID v1\0"[..],
        &sha256(
            card.key
                .to_public_key()
                .to_public_key_der()
                .unwrap()
                .as_bytes(),
        ),
        &sha256(b"localhost"),
        &nonce,
    ]
    .concat();
    let id = [&[0x02][..], &nonce, &sha256(&bound)[..16]].concat();
    let ceremony = Ceremony {
        flags: UP | UV,
        ..Ceremony::default()
    };
    register(options, attest, &ceremony, id, key)
}

fn register(
    options: &Value,
    attest: &Attest<'_>,
    ceremony: &Ceremony,
    id: Vec<u8>,
    key: Key,
) -> Made {
    let user = options["publicKey"]["user"]["id"].as_str().unwrap();
    let passkey = Passkey {
        id,
        key,
        user_handle: URL_SAFE_NO_PAD.decode(user).unwrap(),
    };
    let attested = [
        &[0x40; 16][..],
        &u16::try_from(passkey.id.len()).unwrap().to_be_bytes(),
        &passkey.id,
        &passkey.key.cose(),
    ]
    .concat();
    let auth_data = ceremony.auth_data(AT, &attested);
    let client_data = ceremony.client_data("webauthn.create", options);
    let message = [&auth_data[..], &sha256(&client_data)].concat();
    let (fmt, alg, sig, x5c) = match attest {
        Attest::None => ("none", 0, Vec::new(), Vec::new()),
        Attest::PackedSelf => (
            "packed",
            passkey.key.algorithm(),
            passkey.key.sign(&message),
            Vec::new(),
        ),
        Attest::Eid(card) => (
            "eid-x509",
            -257,
            signed_by_card(&card.key, &message),
            vec![card.certificate.clone()],
        ),
    };
    Made {
        passkey,
        fmt,
        alg,
        sig,
        x5c,
        auth_data,
        client_data,
        transports: json!(["internal", "usb"]),
    }
}

/// `navigator.credentials.get`.
pub(crate) fn get(options: &Value, passkey: &Passkey, ceremony: &Ceremony) -> Value {
    let auth_data = ceremony.auth_data(0, &[]);
    let client_data = ceremony.client_data("webauthn.get", options);
    let message = [&auth_data[..], &sha256(&client_data)].concat();
    let signature = passkey.key.sign(&message);
    let handle = ceremony
        .user_handle
        .clone()
        .unwrap_or_else(|| Some(passkey.user_handle.clone()));
    json!({
        "id": base64url(&passkey.id),
        "rawId": base64url(&passkey.id),
        "type": "public-key",
        "response": {
            "clientDataJSON": base64url(&client_data),
            "authenticatorData": base64url(&auth_data),
            "signature": base64url(&signature),
            "userHandle": handle.map(|handle| base64url(&handle)),
        },
        "clientExtensionResults": {},
        "authenticatorAttachment": "platform",
    })
}

impl Made {
    /// The attestation object, in canonical order.
    pub(crate) fn object(&self) -> Vec<u8> {
        let mut statement = Vec::new();
        if !self.sig.is_empty() {
            statement.push(("alg".into(), self.alg.into()));
            statement.push(("sig".into(), Cbor::Bytes(self.sig.clone())));
        }
        if !self.x5c.is_empty() {
            let chain = self.x5c.iter().cloned().map(Cbor::Bytes).collect();
            statement.push(("x5c".into(), Cbor::Array(chain)));
        }
        let object = Cbor::Map(vec![
            ("fmt".into(), self.fmt.into()),
            ("attStmt".into(), Cbor::Map(statement)),
            ("authData".into(), Cbor::Bytes(self.auth_data.clone())),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&object, &mut bytes).unwrap();
        bytes
    }

    /// `RegistrationResponseJSON`.
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": base64url(&self.passkey.id),
            "rawId": base64url(&self.passkey.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(&self.client_data),
                "attestationObject": base64url(&self.object()),
                "transports": self.transports,
            },
            "clientExtensionResults": { "credProps": { "rk": true } },
            "authenticatorAttachment": "platform",
        })
    }
}

fn cose_key(key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_encoded_point(false);
    [
        &b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"[..],
        point.x().unwrap(),
        b"\x22\x58\x20",
        point.y().unwrap(),
    ]
    .concat()
}
