//! The options sent to browsers: what `webauthn-rs` makes, adjusted as JSON where this service wants something else.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Refusal;
use crate::config::{Conveyance, CredentialOrder};

const ES256: i64 = -7;
const RS256: i64 = -257;

/// The algorithms to ask for; their order decides which kind of credential our authenticator makes. ES256 first: a pairwise
/// one, that links to nothing (RS256 is for those with nothing else). RS256 first: the card's own key, if the person agrees.
pub(super) fn algorithms(
    order: CredentialOrder,
    wanted: Option<Wanted>,
) -> Result<&'static [i64], Refusal> {
    match (order, wanted) {
        (CredentialOrder::Pairwise, None)
        | (CredentialOrder::Choice, None | Some(Wanted::Pairwise)) => Ok(&[ES256, RS256]),
        (CredentialOrder::Card, None) | (CredentialOrder::Choice, Some(Wanted::Card)) => {
            Ok(&[RS256, ES256])
        }
        (CredentialOrder::CardOnly, None) => Ok(&[RS256]),
        (_, Some(_)) => Err(Refusal::Malformed("/credential")),
    }
}

/// Which kind of credential a person chose, where there is a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// A key of this service's own.
    Pairwise,
    /// The card's own key.
    Card,
}

/// A credential to list in the options.
pub(super) struct Listed {
    pub(super) credential_id: Vec<u8>,
    pub(super) transports: Vec<String>,
}

impl Listed {
    fn descriptor(&self) -> Value {
        let mut descriptor = json!({
            "type": "public-key",
            "id": URL_SAFE_NO_PAD.encode(&self.credential_id),
        });
        if let (Some(members), false) = (descriptor.as_object_mut(), self.transports.is_empty()) {
            members.insert("transports".to_owned(), json!(self.transports));
        }
        descriptor
    }
}

fn descriptors(list: &[Listed]) -> Value {
    list.iter().map(Listed::descriptor).collect()
}

fn public_key(options: &mut Value) -> Result<&mut Map<String, Value>, Refusal> {
    options
        .get_mut("publicKey")
        .and_then(Value::as_object_mut)
        .ok_or(Refusal::Internal("options"))
}

/// Adjusts creation options: attestation, resident key, algorithms, what is excluded.
pub(super) fn adjust_creation(
    options: &mut Value,
    conveyance: Conveyance,
    algorithms: &[i64],
    exclude: &[Listed],
    timeout: u64,
) -> Result<(), Refusal> {
    let members = public_key(options)?;
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    set("timeout", json!(timeout));
    set("attestation", json!(conveyance.as_str()));
    set(
        "attestationFormats",
        match conveyance {
            Conveyance::Enterprise => json!([eid_attestation::FORMAT]),
            Conveyance::Direct | Conveyance::None => json!([]),
        },
    );
    set(
        "authenticatorSelection",
        json!({
            // Preferred, not required: sign-in by account name serves credentials that no computer lists.
            "residentKey": "preferred",
            "requireResidentKey": false,
            "userVerification": "required",
        }),
    );
    set(
        "pubKeyCredParams",
        algorithms
            .iter()
            .map(|alg| json!({ "type": "public-key", "alg": alg }))
            .collect(),
    );
    set("excludeCredentials", descriptors(exclude));
    set("extensions", json!({ "credProps": true }));
    Ok(())
}

/// Adjusts request options: which credentials may answer.
pub(super) fn adjust_request(
    options: &mut Value,
    allow: &[Listed],
    timeout: u64,
) -> Result<(), Refusal> {
    if let Some(all) = options.as_object_mut() {
        // `webauthn-rs` asks for conditional mediation; here a person pressed a button.
        all.remove("mediation");
    }
    let members = public_key(options)?;
    members.remove("extensions");
    members.remove("hints");
    members.insert("timeout".to_owned(), json!(timeout));
    members.insert("userVerification".to_owned(), json!("required"));
    members.insert("allowCredentials".to_owned(), descriptors(allow));
    Ok(())
}

/// The challenge in options.
pub(super) fn challenge(options: &Value) -> Result<Vec<u8>, Refusal> {
    super::client_data::bytes_at(options, "/publicKey/challenge")
}
