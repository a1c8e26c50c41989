//! From a CTAP2 response to the JSON that the page receives (WebAuthn L3 §5.1.8).

use authenticator_core::Prf;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use serde::Serialize;

use super::client_data::ClientData;
use super::large_blob::LargeBlobOutputs;
use super::options::{CreationOptions, RequestOptions};
use super::prf::PrfOutputs;
use super::request::EID_X509;
use crate::failure::Failure;
use crate::prompt::conversation::Agreed;

/// The transports of `getTransports()`: the extension's way, and the virtual security key's.
const TRANSPORTS: [&str; 2] = ["internal", "usb"];
/// COSE algorithm identifiers (WebAuthn L3 §5.8.5).
const ES256: i64 = -7;
const RS256: i64 = -257;
/// The DER of a P-256 `SubjectPublicKeyInfo` (RFC 5480 §2) up to the coordinates.
const P256_SPKI: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// The DER of an RSA `SubjectPublicKeyInfo` (RFC 3279 §2.3.1) with a modulus of 2048 bits and a public exponent of three bytes, up to
/// the modulus; the zero keeps it positive.
const RSA_2048_SPKI: &[u8] = &[
    0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
    0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01,
    0x00,
];
/// What stands between modulus and exponent.
const RSA_EXPONENT: &[u8] = &[0x02, 0x03];

/// `RegistrationResponseJSON`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegistrationResponse {
    #[serde(flatten)]
    credential: Credential,
    response: AttestationResponse,
    client_extension_results: RegistrationExtensions,
}

/// `AuthenticationResponseJSON`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthenticationResponse {
    #[serde(flatten)]
    credential: Credential,
    response: AssertionResponse,
    client_extension_results: AuthenticationExtensions,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    id: String,
    raw_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    authenticator_attachment: &'static str,
}

impl Credential {
    fn new(id: &[u8]) -> Self {
        Self {
            id: URL_SAFE_NO_PAD.encode(id),
            raw_id: URL_SAFE_NO_PAD.encode(id),
            kind: "public-key",
            authenticator_attachment: "platform",
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AttestationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    authenticator_data: String,
    transports: [&'static str; 2],
    public_key: String,
    public_key_algorithm: i64,
    attestation_object: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    authenticator_data: String,
    signature: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_handle: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RegistrationExtensions {
    #[serde(skip_serializing_if = "Option::is_none")]
    cred_props: Option<CredentialProperties>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prf: Option<PrfOutputs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    large_blob: Option<LargeBlobOutputs>,
}

#[derive(Debug, Serialize)]
struct CredentialProperties {
    rk: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticationExtensions {
    #[serde(skip_serializing_if = "Option::is_none")]
    prf: Option<PrfOutputs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    large_blob: Option<LargeBlobOutputs>,
}

/// Builds the registration's response from the CBOR of `authenticatorMakeCredential` (CTAP 2.3 §6.1.2).
///
/// `agreed`: what the person switched on in this ceremony. A statement that carries the certificate, or a credential
/// whose key is the card's own, is never passed on without it, whoever made it. `prf`: what became of that, if it was asked for.
///
/// # Errors
/// [`Failure::Internal`] if the authenticator's response is not as it must be.
pub(crate) fn registration(
    response: &[u8],
    options: &CreationOptions,
    client_data: &ClientData,
    agreed: Agreed,
    prf: Option<&Prf>,
) -> Result<RegistrationResponse, Failure> {
    let mut members = Members::parse(response)?;
    let format = members.take_text(0x01)?;
    let authenticator_data = members.take_bytes(0x02)?;
    let statement = members.take(0x03)?;
    if format == EID_X509 && !agreed.certificate {
        return Err(Failure::Internal);
    }
    let attested = Attested::parse(&authenticator_data)?;
    if attested.algorithm == RS256 && !agreed.card_key {
        return Err(Failure::Internal);
    }
    // Keys in canonical order: shorter first.
    let object = Value::Map(vec![
        (Value::from("fmt"), Value::Text(format)),
        (Value::from("attStmt"), statement),
        (
            Value::from("authData"),
            Value::Bytes(authenticator_data.clone()),
        ),
    ]);
    let mut attestation_object = Vec::new();
    ciborium::into_writer(&object, &mut attestation_object).map_err(|_| Failure::Internal)?;
    Ok(RegistrationResponse {
        credential: Credential::new(&attested.credential_id),
        response: AttestationResponse {
            client_data_json: URL_SAFE_NO_PAD.encode(client_data.json()),
            authenticator_data: URL_SAFE_NO_PAD.encode(&authenticator_data),
            transports: TRANSPORTS,
            public_key: URL_SAFE_NO_PAD.encode(&attested.public_key_info),
            public_key_algorithm: attested.algorithm,
            attestation_object: URL_SAFE_NO_PAD.encode(&attestation_object),
        },
        client_extension_results: RegistrationExtensions {
            cred_props: options.extensions.cred_props.then(|| CredentialProperties {
                rk: options.authenticator_selection.wants_discoverable(),
            }),
            prf: prf.map(PrfOutputs::of_registration),
            large_blob: (options.extensions.large_blob.as_ref())
                .map(LargeBlobOutputs::of_registration),
        },
    })
}

/// Builds the sign-in's response from the CBOR of `authenticatorGetAssertion` (CTAP 2.3 §6.2.2). For `prf` see [`registration`].
///
/// # Errors
/// [`Failure::Internal`] if the authenticator's response is not as it must be.
pub(crate) fn authentication(
    response: &[u8],
    options: &RequestOptions,
    client_data: &ClientData,
    prf: Option<&Prf>,
) -> Result<AuthenticationResponse, Failure> {
    let mut members = Members::parse(response)?;
    let id = match members.take(0x01) {
        Ok(descriptor) => member(descriptor, "id").and_then(|id| id.into_bytes().ok()),
        // CTAP lets the authenticator omit it when the site allowed exactly one.
        Err(_) => match options.allow_credentials.as_slice() {
            [only] => Some(only.id.as_slice().to_vec()),
            _ => None,
        },
    };
    let authenticator_data = members.take_bytes(0x02)?;
    let signature = members.take_bytes(0x03)?;
    let user_handle = match members.take(0x04) {
        Ok(user) => Some(
            member(user, "id")
                .and_then(|id| id.into_bytes().ok())
                .ok_or(Failure::Internal)?,
        ),
        Err(_) => None,
    };
    Ok(AuthenticationResponse {
        credential: Credential::new(&id.ok_or(Failure::Internal)?),
        response: AssertionResponse {
            client_data_json: URL_SAFE_NO_PAD.encode(client_data.json()),
            authenticator_data: URL_SAFE_NO_PAD.encode(&authenticator_data),
            signature: URL_SAFE_NO_PAD.encode(&signature),
            user_handle: user_handle.map(|handle| URL_SAFE_NO_PAD.encode(handle)),
        },
        client_extension_results: AuthenticationExtensions {
            prf: prf.map(PrfOutputs::of_sign_in),
            large_blob: (options.extensions.large_blob.as_ref()).map(LargeBlobOutputs::of_sign_in),
        },
    })
}

/// The members of a response's top-level map.
struct Members(Vec<(Value, Value)>);

impl Members {
    fn parse(response: &[u8]) -> Result<Self, Failure> {
        let value: Value = ciborium::from_reader(response).map_err(|_| Failure::Internal)?;
        value.into_map().map(Self).map_err(|_| Failure::Internal)
    }

    fn take(&mut self, key: u8) -> Result<Value, Failure> {
        let key = Value::from(key);
        let at = self
            .0
            .iter()
            .position(|(k, _)| *k == key)
            .ok_or(Failure::Internal)?;
        Ok(self.0.swap_remove(at).1)
    }

    fn take_bytes(&mut self, key: u8) -> Result<Vec<u8>, Failure> {
        self.take(key)?.into_bytes().map_err(|_| Failure::Internal)
    }

    fn take_text(&mut self, key: u8) -> Result<String, Failure> {
        self.take(key)?.into_text().map_err(|_| Failure::Internal)
    }
}

fn member(map: Value, name: &str) -> Option<Value> {
    let members = map.into_map().ok()?;
    members
        .into_iter()
        .find(|(key, _)| key.as_text() == Some(name))
        .map(|(_, value)| value)
}

/// The attested credential data (WebAuthn L3 §6.5.2).
struct Attested {
    credential_id: Vec<u8>,
    algorithm: i64,
    public_key_info: Vec<u8>,
}

impl Attested {
    /// Where the attested credential data begins: after RP ID hash, flags and counter.
    const OFFSET: usize = 37;
    const AAGUID: usize = 16;

    fn parse(authenticator_data: &[u8]) -> Result<Self, Failure> {
        let attested = authenticator_data
            .get(Self::OFFSET + Self::AAGUID..)
            .ok_or(Failure::Internal)?;
        let (length, rest) = attested.split_first_chunk::<2>().ok_or(Failure::Internal)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (credential_id, key) = rest.split_at_checked(length).ok_or(Failure::Internal)?;
        let key: Value = ciborium::from_reader(key).map_err(|_| Failure::Internal)?;
        let (algorithm, public_key_info) = public_key_info(key).ok_or(Failure::Internal)?;
        Ok(Self {
            credential_id: credential_id.to_vec(),
            algorithm,
            public_key_info,
        })
    }
}

/// The algorithm and the `SubjectPublicKeyInfo` of a COSE key: ES256 (RFC 9053 §7.1) or RS256 (RFC 8230 §4).
fn public_key_info(key: Value) -> Option<(i64, Vec<u8>)> {
    const KTY: i64 = 1;
    const ALG: i64 = 3;
    const EC2: i64 = 2;
    const CRV: i64 = -1;
    const P256: i64 = 1;
    const X: i64 = -2;
    const Y: i64 = -3;
    const RSA: i64 = 3;
    const N: i64 = -1;
    const E: i64 = -2;
    let members = key.into_map().ok()?;
    let find = |label: i64| {
        members
            .iter()
            .find(|(key, _)| *key == Value::from(label))
            .map(|(_, value)| value)
    };
    let number = |label| i64::try_from(find(label)?.as_integer()?).ok();
    let bytes = |label, length| {
        let bytes = find(label)?.as_bytes()?.as_slice();
        (bytes.len() == length).then_some(bytes)
    };
    // An INTEGER of exactly so many bytes; the modulus has its highest bit set, the exponent has not.
    let unsigned = |label, length, high_bit| {
        let bytes = bytes(label, length)?;
        let high = bytes.first()? & 0x80 != 0;
        (high == high_bit && bytes.first() != Some(&0)).then_some(bytes)
    };
    let algorithm = number(ALG)?;
    let info = match (number(KTY)?, algorithm) {
        (EC2, ES256) if number(CRV)? == P256 => [P256_SPKI, bytes(X, 32)?, bytes(Y, 32)?].concat(),
        (RSA, RS256) => {
            let (modulus, exponent) = (unsigned(N, 256, true)?, unsigned(E, 3, false)?);
            [RSA_2048_SPKI, modulus, RSA_EXPONENT, exponent].concat()
        }
        _ => return None,
    };
    Some((algorithm, info))
}

#[cfg(test)]
#[path = "response_tests.rs"]
mod tests;
