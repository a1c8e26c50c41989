//! A browser with an authenticator made of software: real bytes for the relying party's figures.

use anyhow::{Context as _, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use jpki_lab::pki::Credential as Card;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use rsa::Pkcs1v15Sign;
use rsa::sha2::{Digest as _, Sha256};
use serde_json::{Value, json};

/// The relying party's origin in all figures.
pub(crate) const ORIGIN: &str = "http://localhost:8080";
/// Its RP ID.
pub(crate) const RP_ID: &str = "localhost";

/// UP, UV and BE.
const FLAGS: u8 = 0x01 | 0x04 | 0x08;
const ATTESTED: u8 = 0x40;

/// How a registration is attested.
#[derive(Clone, Copy)]
pub(crate) enum Attest<'a> {
    /// With format `eid-x509`, by this card.
    Card(&'a Card),
    /// Not at all.
    None,
}

/// A registration.
pub(crate) struct Made {
    pub(crate) auth_data: Vec<u8>,
    pub(crate) client_data: Vec<u8>,
    /// The statement's; empty without one.
    pub(crate) signature: Vec<u8>,
    certificate: Option<Vec<u8>>,
    id: Vec<u8>,
}

/// A credential.
pub(crate) struct Passkey {
    id: Vec<u8>,
    user_handle: Value,
    key: SigningKey,
}

/// A sign-in.
pub(crate) struct Assertion {
    /// `AuthenticationResponseJSON`.
    pub(crate) json: Value,
    /// What the credential's key signed.
    pub(crate) signed: Vec<u8>,
    /// The signature, DER.
    pub(crate) signature: Vec<u8>,
}

impl Passkey {
    /// `navigator.credentials.create`, with the value of `publicKey`.
    pub(crate) fn create(options: &Value, attest: Attest<'_>) -> anyhow::Result<(Self, Made)> {
        let mut id = vec![0x01; 49];
        random(&mut id)?;
        let passkey = Self {
            id,
            user_handle: options
                .pointer("/user/id")
                .cloned()
                .context("no user handle")?,
            key: new_key()?,
        };
        let attested = [
            &[0x40; 16][..],
            &u16::try_from(passkey.id.len())?.to_be_bytes(),
            &passkey.id,
            &passkey.cose_key()?,
        ]
        .concat();
        let auth_data = auth_data(ATTESTED, &attested);
        let client_data = client_data("webauthn.create", options)?;
        let (signature, certificate) = match attest {
            Attest::None => (Vec::new(), None),
            Attest::Card(card) => {
                let signed = signed(&auth_data, &client_data);
                let signature = card
                    .key
                    .sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(signed))?;
                (signature, Some(card.certificate.clone()))
            }
        };
        let made = Made {
            auth_data,
            client_data,
            signature,
            certificate,
            id: passkey.id.clone(),
        };
        Ok((passkey, made))
    }

    /// `navigator.credentials.get`, with the value of `publicKey`.
    pub(crate) fn get(&self, options: &Value) -> anyhow::Result<Assertion> {
        let auth_data = auth_data(0, &[]);
        let client_data = client_data("webauthn.get", options)?;
        let signed = signed(&auth_data, &client_data);
        let signature: Signature = self.key.sign(&signed);
        let signature = signature.to_der().as_bytes().to_vec();
        let json = json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(&client_data),
                "authenticatorData": base64url(&auth_data),
                "signature": base64url(&signature),
                "userHandle": self.user_handle,
            },
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        });
        Ok(Assertion {
            json,
            signed,
            signature,
        })
    }

    /// The public key as an uncompressed point.
    pub(crate) fn point(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_encoded_point(false);
        point.as_bytes().to_vec()
    }

    fn cose_key(&self) -> anyhow::Result<Vec<u8>> {
        let point = self.point();
        let (Some(x), Some(y)) = (point.get(1..33), point.get(33..65)) else {
            return Err(anyhow!("a point of {} bytes", point.len()));
        };
        Ok([
            &b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"[..],
            x,
            b"\x22\x58\x20",
            y,
        ]
        .concat())
    }
}

impl Made {
    /// The attestation object, in canonical order.
    pub(crate) fn attestation_object(&self) -> anyhow::Result<Vec<u8>> {
        let (format, statement) = match &self.certificate {
            None => ("none", Vec::new()),
            Some(certificate) => (
                "eid-x509",
                vec![
                    ("alg".into(), (-257).into()),
                    ("sig".into(), Cbor::Bytes(self.signature.clone())),
                    (
                        "x5c".into(),
                        Cbor::Array(vec![Cbor::Bytes(certificate.clone())]),
                    ),
                ],
            ),
        };
        let object = Cbor::Map(vec![
            ("fmt".into(), format.into()),
            ("attStmt".into(), Cbor::Map(statement)),
            ("authData".into(), Cbor::Bytes(self.auth_data.clone())),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&object, &mut bytes)?;
        Ok(bytes)
    }

    /// `RegistrationResponseJSON`.
    pub(crate) fn json(&self) -> anyhow::Result<Value> {
        Ok(json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(&self.client_data),
                "attestationObject": base64url(&self.attestation_object()?),
                "transports": ["internal", "usb"],
            },
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }))
    }
}

fn signed(auth_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    [auth_data, Sha256::digest(client_data).as_slice()].concat()
}

fn auth_data(more_flags: u8, rest: &[u8]) -> Vec<u8> {
    let rp_id = Sha256::digest(RP_ID);
    [rp_id.as_slice(), &[FLAGS | more_flags, 0, 0, 0, 0], rest].concat()
}

fn client_data(kind: &str, options: &Value) -> anyhow::Result<Vec<u8>> {
    let challenge = options
        .get("challenge")
        .and_then(Value::as_str)
        .context("no challenge")?;
    let json =
        json!({"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": false});
    Ok(json.to_string().into_bytes())
}

fn new_key() -> anyhow::Result<SigningKey> {
    let mut secret = [0; 32];
    random(&mut secret)?;
    Ok(SigningKey::from_slice(&secret)?)
}

fn random(bytes: &mut [u8]) -> anyhow::Result<()> {
    getrandom::fill(bytes).map_err(|error| anyhow!("no random numbers: {error}"))
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
