//! From options to a CTAP2 request (CTAP 2.3 §6.1, §6.2) in canonical CBOR.

use ciborium::Value;

use super::options::{
    Attachment, Attestation, CreationOptions, CredentialType, Descriptor, List, Name,
    RequestOptions,
};
use super::origin::RpId;
use crate::failure::Failure;

/// `authenticatorMakeCredential`.
const MAKE_CREDENTIAL: u8 = 0x01;
/// `authenticatorGetAssertion`.
const GET_ASSERTION: u8 = 0x02;
/// ES256 and RS256, which a site means when it names no algorithm (WebAuthn L3 §5.1.3 step 9).
const DEFAULT_ALGORITHMS: [i32; 2] = [-7, -257];
/// Platform-managed enterprise attestation (CTAP 2.3 §6.1.3): this program decides, with the person.
const PLATFORM_MANAGED: u8 = 2;
/// The attestation statement format in which the card's certificate travels.
pub(super) const EID_X509: &str = "eid-x509";

/// Names are cut off here (WebAuthn L3 §6.4.1 asks for at least 64 bytes), so that no list of accounts outgrows a message.
const LONGEST_NAME: usize = 256;

/// The command byte and its CBOR, for a registration.
///
/// # Errors
/// [`Failure::NotSupported`] if the site insists on what this authenticator is not;
/// [`Failure::UnsupportedAlgorithm`] if it names only types of credential that are not known.
pub(crate) fn make_credential(
    options: &CreationOptions,
    rp_id: &RpId,
    client_data_hash: &[u8; 32],
) -> Result<Vec<u8>, Failure> {
    if options.authenticator_selection.authenticator_attachment == Attachment::CrossPlatform
        || options.extensions.require_the_unsupported()
    {
        return Err(Failure::NotSupported);
    }
    let mut members = vec![
        (0x01, Value::Bytes(client_data_hash.to_vec())),
        (
            0x02,
            map([
                ("id", text(rp_id.as_str())),
                ("name", name(&options.rp.name)),
            ]),
        ),
        (
            0x03,
            map([
                ("id", Value::Bytes(options.user.id.as_slice().to_vec())),
                ("name", name(&options.user.name)),
                ("displayName", name(&options.user.display_name)),
            ]),
        ),
        (0x04, algorithms(options)?),
    ];
    if let Some(excluded) = descriptors(&options.exclude_credentials) {
        members.push((0x05, excluded));
    }
    let discoverable = options.authenticator_selection.wants_discoverable();
    members.push((
        0x07,
        map([("rk", Value::Bool(discoverable)), ("uv", Value::Bool(true))]),
    ));
    let (enterprise, formats) = attestation_wish(options);
    if enterprise {
        members.push((0x0a, Value::from(PLATFORM_MANAGED)));
    }
    members.push((
        0x0b,
        Value::Array(formats.iter().map(|format| text(format)).collect()),
    ));
    encode(MAKE_CREDENTIAL, members)
}

/// The command byte and its CBOR, for a sign-in.
///
/// # Errors
/// [`Failure::NoCredential`] if the site names only types of credential that are not known.
pub(crate) fn get_assertion(
    options: &RequestOptions,
    rp_id: &RpId,
    client_data_hash: &[u8; 32],
) -> Result<Vec<u8>, Failure> {
    let mut members = vec![
        (0x01, text(rp_id.as_str())),
        (0x02, Value::Bytes(client_data_hash.to_vec())),
    ];
    match descriptors(&options.allow_credentials) {
        Some(allowed) => members.push((0x03, allowed)),
        None if options.allow_credentials.as_slice().is_empty() => {}
        // A list of which nothing remains must not become a request without a list.
        None => return Err(Failure::NoCredential),
    }
    members.push((
        0x05,
        map([("up", Value::Bool(true)), ("uv", Value::Bool(true))]),
    ));
    encode(GET_ASSERTION, members)
}

/// What the site asks of attestation, in CTAP's terms: whether it is `enterprise`, and the formats in order.
fn attestation_wish(options: &CreationOptions) -> (bool, &'static [&'static str]) {
    let named = || {
        options
            .attestation_formats
            .as_slice()
            .iter()
            .any(|format| format.as_str() == EID_X509)
    };
    match options.attestation {
        Attestation::None | Attestation::Indirect => (false, &["none"]),
        Attestation::Direct if named() => (false, &[EID_X509, "packed"]),
        Attestation::Direct => (false, &["packed", EID_X509]),
        Attestation::Enterprise => (true, &[EID_X509, "packed"]),
    }
}

fn algorithms(options: &CreationOptions) -> Result<Value, Failure> {
    let parameters = options.pub_key_cred_params.as_slice();
    let algorithms: Vec<i32> = if parameters.is_empty() {
        DEFAULT_ALGORITHMS.to_vec()
    } else {
        parameters
            .iter()
            .filter(|parameter| parameter.kind == CredentialType::PublicKey)
            .map(|parameter| parameter.alg)
            .collect()
    };
    if algorithms.is_empty() {
        return Err(Failure::UnsupportedAlgorithm);
    }
    Ok(Value::Array(
        algorithms
            .into_iter()
            .map(|alg| map([("alg", Value::from(alg)), ("type", text("public-key"))]))
            .collect(),
    ))
}

/// The descriptors of known type; none if there are none, since CTAP forbids empty lists.
fn descriptors(list: &List<Descriptor>) -> Option<Value> {
    let known: Vec<Value> = list
        .as_slice()
        .iter()
        .filter(|descriptor| descriptor.kind == CredentialType::PublicKey)
        .map(|descriptor| {
            map([
                ("id", Value::Bytes(descriptor.id.as_slice().to_vec())),
                ("type", text("public-key")),
            ])
        })
        .collect();
    (!known.is_empty()).then_some(Value::Array(known))
}

fn name(name: &Name) -> Value {
    let name = name.as_str();
    text(
        name.get(..name.floor_char_boundary(LONGEST_NAME))
            .unwrap_or(name),
    )
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A map whose keys are given in canonical order: shorter first, then bytewise (CTAP 2.3 §8).
fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(
        members
            .into_iter()
            .map(|(key, value)| (text(key), value))
            .collect(),
    )
}

fn encode(command: u8, members: Vec<(u8, Value)>) -> Result<Vec<u8>, Failure> {
    let members = members
        .into_iter()
        .map(|(key, value)| (Value::from(key), value))
        .collect();
    let mut request = vec![command];
    ciborium::into_writer(&Value::Map(members), &mut request).map_err(|_| Failure::Internal)?;
    Ok(request)
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
