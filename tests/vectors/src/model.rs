//! What the files contain. `README.md` explains every member.

use serde::Serialize;

use crate::bytes::Hex;

/// The version of the files' structure.
pub(crate) const FORMAT: u32 = 1;

#[derive(Clone, Serialize)]
pub(crate) struct Registration {
    pub(crate) format: u32,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) kind: &'static str,
    pub(crate) at: i64,
    pub(crate) profiles: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revocation: Option<Revocation>,
    pub(crate) relying_party: RelyingParty,
    pub(crate) client_data_json: String,
    pub(crate) client_data_hash: Hex,
    pub(crate) attestation_object: Hex,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attestation: Option<Attestation>,
    pub(crate) expected: Expected,
    /// The judgement of a relying party that asks for no eID attestation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) without_eid: Option<WithoutEid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authenticator: Option<Registering>,
}

/// What the relying party knows when it judges.
#[derive(Clone, Serialize)]
pub(crate) struct RelyingParty {
    pub(crate) rp_id: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) challenge: Hex,
    pub(crate) user_handle: Hex,
}

/// What a revocation source answers.
#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Revocation {
    Good { as_of: i64, until: i64 },
    Revoked { reason: &'static str, since: i64 },
    Unknown,
}

/// The attestation object taken apart.
#[derive(Clone, Serialize)]
pub(crate) struct Attestation {
    pub(crate) fmt: String,
    pub(crate) auth_data: Hex,
    /// authData ‖ hash of the client data.
    pub(crate) signed: Hex,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alg: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sig: Option<Hex>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) x5c: Vec<Hex>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expected {
    Accepted(Verdict),
    Refused(Refusal),
}

/// Of formats that WebAuthn itself has.
#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WithoutEid {
    Accepted,
    Refused { check: &'static str },
}

#[derive(Clone, Serialize)]
pub(crate) struct Verdict {
    pub(crate) profile: &'static str,
    pub(crate) class: &'static str,
    pub(crate) country: &'static str,
    pub(crate) anchor: &'static str,
    pub(crate) holder: Holder,
    /// Whose key the credential has.
    pub(crate) credential_key: &'static str,
    pub(crate) revocation: &'static str,
    pub(crate) none_attestation_object: Hex,
}

#[derive(Clone, Serialize)]
pub(crate) struct Holder {
    pub(crate) key_hash: Hex,
    pub(crate) issuer_key_hash: Hex,
    pub(crate) serial: Hex,
    pub(crate) distribution_points: Option<Hex>,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
}

/// Who refuses, and why.
#[derive(Clone, Serialize)]
#[serde(tag = "by")]
pub(crate) enum Refusal {
    #[serde(rename = "eid-x509")]
    Attestation {
        rule: &'static str,
        code: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        fault: Option<String>,
    },
    #[serde(rename = "webauthn")]
    WebAuthn { check: &'static str },
}

/// Everything that it takes to make the registration again.
#[derive(Clone, Serialize)]
pub(crate) struct Registering {
    pub(crate) installation: Installation,
    pub(crate) card: CardFiles,
    pub(crate) now: i64,
    pub(crate) request: Hex,
    pub(crate) person: Person,
    pub(crate) randomness: Vec<Draw>,
    pub(crate) credential: Credential,
    pub(crate) sealed: Vec<Sealed>,
    pub(crate) stored: Stored,
    /// What the history of disclosures says, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disclosed: Option<&'static str>,
    pub(crate) response: Hex,
}

#[derive(Clone, Serialize)]
pub(crate) struct Installation {
    pub(crate) device_secret: Hex,
    pub(crate) salt: Hex,
}

#[derive(Clone, Serialize)]
pub(crate) struct CardFiles {
    pub(crate) certificate: String,
    pub(crate) key: String,
    pub(crate) key_hash: Hex,
}

#[derive(Clone, Serialize)]
pub(crate) struct Person {
    pub(crate) pin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disclose_certificate: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) card_credential: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) choose_account: Option<&'static str>,
}

#[derive(Clone, Serialize)]
pub(crate) struct Draw {
    pub(crate) what: &'static str,
    pub(crate) bytes: Hex,
}

#[derive(Clone, Serialize)]
pub(crate) struct Credential {
    /// What the ID's tag is over, and the key of the tag where it has one.
    pub(crate) id_input: Hex,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_key: Option<Hex>,
    pub(crate) id: Hex,
    /// Of a pairwise credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) private_key: Option<Hex>,
    pub(crate) public_key_cose: Hex,
}

/// One thing that is sealed under the card, with what leads to its key.
#[derive(Clone, Serialize)]
pub(crate) struct Sealed {
    pub(crate) what: &'static str,
    /// M.
    pub(crate) message: Hex,
    pub(crate) message_sha512: Hex,
    pub(crate) card_signature: Hex,
    pub(crate) kek: Hex,
    pub(crate) nonce: Hex,
    pub(crate) associated_data: Hex,
    pub(crate) plaintext: Hex,
    pub(crate) sealed: Hex,
}

/// The credential as the authenticator stores it.
#[derive(Clone, Serialize)]
pub(crate) struct Stored {
    pub(crate) id: Hex,
    pub(crate) kind: &'static str,
    pub(crate) rp_id: &'static str,
    pub(crate) user_handle: Hex,
    pub(crate) discoverable: bool,
    pub(crate) card_key_hash: Hex,
    pub(crate) sealed_key: Option<Hex>,
    pub(crate) sealed_names: Option<Hex>,
    pub(crate) backed_up: bool,
    pub(crate) created_at: i64,
}

#[derive(Clone, Serialize)]
pub(crate) struct Assertion {
    pub(crate) format: u32,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) kind: &'static str,
    /// The registration that made the credential.
    pub(crate) registration: String,
    pub(crate) relying_party: RelyingParty,
    pub(crate) credential_id: Hex,
    pub(crate) public_key_cose: Hex,
    pub(crate) client_data_json: String,
    pub(crate) client_data_hash: Hex,
    pub(crate) authenticator_data: Hex,
    /// authData ‖ hash of the client data.
    pub(crate) signed: Hex,
    pub(crate) signature: Hex,
    pub(crate) user_handle: Option<Hex>,
    pub(crate) expected: ExpectedAssertion,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authenticator: Option<Asserting>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExpectedAssertion {
    Accepted { backed_up: bool },
    Refused(Refusal),
}

/// Everything that it takes to make the assertion again.
#[derive(Clone, Serialize)]
pub(crate) struct Asserting {
    pub(crate) installation: Installation,
    pub(crate) card: CardFiles,
    pub(crate) now: i64,
    pub(crate) request: Hex,
    /// Nobody is asked for a silent probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<Person>,
    /// What the store holds: the credentials of these registrations.
    pub(crate) stored: Vec<String>,
    pub(crate) backed_up: bool,
    pub(crate) opened: Vec<Opened>,
    pub(crate) response: Hex,
}

/// One thing that is opened with the card, with what leads to its key.
#[derive(Clone, Serialize)]
pub(crate) struct Opened {
    pub(crate) what: &'static str,
    pub(crate) message: Hex,
    pub(crate) message_sha512: Hex,
    pub(crate) card_signature: Hex,
    pub(crate) kek: Hex,
}
