//! CTAP requests as platforms make them, and PIN/UV auth protocol one.

use aes::Aes256;
use anyhow::{Context as _, ensure};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use ciborium::Value;
use hmac::{Hmac, Mac as _};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey};
use sha2::{Digest as _, Sha256};

/// Permissions of tokens (CTAP 2.3 §6.5.5.7).
pub(crate) const GET_ASSERTION: i64 = 0x02;
pub(crate) const CREDENTIAL_MANAGEMENT: i64 = 0x04;
pub(crate) const CONFIGURATION: i64 = 0x20;

pub(crate) const ES256: i64 = -7;
pub(crate) const RS256: i64 = -257;

const CLIENT_DATA_HASH: [u8; 32] = [0x5A; 32];
const PROTOCOL: i64 = 1;

/// A command and its parameters, which are in canonical order.
pub(crate) fn request(command: u8, parameters: Vec<(i64, Value)>) -> anyhow::Result<Vec<u8>> {
    let mut request = vec![command];
    ciborium::into_writer(&map(parameters), &mut request)?;
    Ok(request)
}

fn map<K: Into<Value>>(members: Vec<(K, Value)>) -> Value {
    let members = members.into_iter();
    Value::Map(members.map(|(key, value)| (key.into(), value)).collect())
}

fn descriptor(id: &[u8]) -> Value {
    map(vec![("id", id.into()), ("type", "public-key".into())])
}

/// authenticatorMakeCredential: discoverable, user verification by the authenticator's own prompt.
pub(crate) fn make_credential(site: &str, user: &str, algorithm: i64) -> anyhow::Result<Vec<u8>> {
    let name = map(vec![("id", user.as_bytes().into()), ("name", user.into())]);
    let algorithm = map(vec![
        ("alg", algorithm.into()),
        ("type", "public-key".into()),
    ]);
    let options = map(vec![("rk", true.into()), ("uv", true.into())]);
    let parameters = vec![
        (1, CLIENT_DATA_HASH.as_slice().into()),
        (2, map(vec![("id", site.into())])),
        (3, name),
        (4, Value::Array(vec![algorithm])),
        (7, options),
    ];
    request(0x01, parameters)
}

/// authenticatorGetAssertion with one option, for these credentials.
pub(crate) fn get_assertion(
    site: &str,
    allowed: &[Vec<u8>],
    option: (&'static str, bool),
) -> anyhow::Result<Vec<u8>> {
    let allowed = allowed.iter().map(|id| descriptor(id)).collect();
    let parameters = vec![
        (1, site.into()),
        (2, CLIENT_DATA_HASH.as_slice().into()),
        (3, Value::Array(allowed)),
        (5, map(vec![(option.0, option.1.into())])),
    ];
    request(0x02, parameters)
}

/// authenticatorGetAssertion for whatever is discoverable, with a token.
pub(crate) fn discover(site: &str, token: &Token) -> anyhow::Result<Vec<u8>> {
    let parameters = vec![
        (1, site.into()),
        (2, CLIENT_DATA_HASH.as_slice().into()),
        (6, token.authenticate(&CLIENT_DATA_HASH)?.into()),
        (7, PROTOCOL.into()),
    ];
    request(0x02, parameters)
}

/// authenticatorCredentialManagement, getCredsMetadata.
pub(crate) fn credentials_metadata(token: &Token) -> anyhow::Result<Vec<u8>> {
    let param = token.authenticate(&[0x01])?;
    request(
        0x0A,
        vec![(1, 1.into()), (3, PROTOCOL.into()), (4, param.into())],
    )
}

/// authenticatorConfig, enableEnterpriseAttestation.
pub(crate) fn enable_enterprise_attestation(token: &Token) -> anyhow::Result<Vec<u8>> {
    let param = token.authenticate(&[&[0xFF; 32][..], &[0x0D, 0x01]].concat())?;
    request(
        0x0D,
        vec![(1, 1.into()), (3, PROTOCOL.into()), (4, param.into())],
    )
}

/// authenticatorLargeBlobs, get.
pub(crate) fn large_blobs() -> anyhow::Result<Vec<u8>> {
    request(0x0C, vec![(1, 1024.into()), (3, 0.into())])
}

/// authenticatorClientPIN, a subcommand without further parameters.
pub(crate) fn client_pin(subcommand: i64) -> anyhow::Result<Vec<u8>> {
    request(0x06, vec![(1, PROTOCOL.into()), (2, subcommand.into())])
}

/// A platform that has agreed on a secret.
pub(crate) struct Platform {
    public_key: Value,
    secret: [u8; 32],
}

impl Platform {
    /// With the authenticator's answer to getKeyAgreement.
    pub(crate) fn agree(answer: &[u8]) -> anyhow::Result<Self> {
        let theirs = member(answer, 1)?;
        let point = [vec![4], bytes(&theirs, -2)?, bytes(&theirs, -3)?].concat();
        let theirs = PublicKey::from_sec1_bytes(&point)?;
        let ours = SecretKey::from_slice(&[0x42; 32])?;
        let shared = p256::ecdh::diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());
        let point = ours.public_key().to_encoded_point(false);
        let coordinate =
            |it: Option<&p256::FieldBytes>| it.map(|it| it.to_vec()).context("no coordinate");
        Ok(Self {
            public_key: map(vec![
                (1, 2.into()),
                (3, (-25).into()),
                (-1, 1.into()),
                (-2, coordinate(point.x())?.into()),
                (-3, coordinate(point.y())?.into()),
            ]),
            secret: Sha256::digest(shared.raw_secret_bytes()).into(),
        })
    }

    /// getPinUvAuthTokenUsingPinWithPermissions.
    pub(crate) fn ask_for_token(
        &self,
        pin: &str,
        permissions: i64,
        site: Option<&str>,
    ) -> anyhow::Result<Vec<u8>> {
        let mut hash = *Sha256::digest(pin).first_chunk::<16>().context("a hash")?;
        let mut cipher = cbc::Encryptor::<Aes256>::new(&self.secret.into(), &[0; 16].into());
        cipher.encrypt_block((&mut hash).into());
        let parameters = vec![
            (1, PROTOCOL.into()),
            (2, 9.into()),
            (3, self.public_key.clone()),
            (6, hash.as_slice().into()),
            (9, permissions.into()),
        ];
        let site = site.map(|site| (10, site.into()));
        request(0x06, parameters.into_iter().chain(site).collect())
    }

    /// The token in the answer.
    pub(crate) fn token(&self, answer: &[u8]) -> anyhow::Result<Token> {
        let encrypted = member(answer, 2)?;
        let mut token = encrypted.into_bytes().ok().context("no token")?;
        let mut cipher = cbc::Decryptor::<Aes256>::new(&self.secret.into(), &[0; 16].into());
        for block in token.as_chunks_mut::<16>().0 {
            cipher.decrypt_block(block.into());
        }
        Ok(Token(token))
    }
}

/// A pinUvAuthToken.
pub(crate) struct Token(Vec<u8>);

impl Token {
    fn authenticate(&self, message: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0)?;
        mac.update(message);
        Ok(mac
            .finalize()
            .into_bytes()
            .iter()
            .copied()
            .take(16)
            .collect())
    }
}

/// The ID of the credential that an answer to authenticatorMakeCredential has.
pub(crate) fn credential_id(answer: &[u8]) -> anyhow::Result<Vec<u8>> {
    let data = member(answer, 2)?;
    let data = data.as_bytes().context("no authenticator data")?;
    let rest = data.get(53..).context("no credential")?;
    let (length, rest) = rest.split_first_chunk().context("no length")?;
    let id = rest.get(..usize::from(u16::from_be_bytes(*length)));
    Ok(id.context("no credential ID")?.to_vec())
}

/// A member of an answer, which must be a success.
fn member(answer: &[u8], key: i64) -> anyhow::Result<Value> {
    let (status, body) = answer.split_first().context("no answer")?;
    ensure!(*status == 0, "status {status:#04x}");
    find(&ciborium::from_reader(body)?, key)
}

fn bytes(map: &Value, key: i64) -> anyhow::Result<Vec<u8>> {
    find(map, key)?.into_bytes().ok().context("no bytes")
}

fn find(map: &Value, key: i64) -> anyhow::Result<Value> {
    let mut members = map.as_map().context("no map")?.iter();
    let found = members.find(|(name, _)| *name == Value::from(key));
    Ok(found.with_context(|| format!("no member {key}"))?.1.clone())
}
