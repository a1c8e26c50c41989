//! Sign-ins.

use ciborium::Value;

use super::{Registered, auth_data_head, backup_eligible, flag};
use crate::attested::{client_data, signed};
use crate::bytes::{random, sha256};
use crate::cbor::{self, bytes, named, numbered, text};
use crate::credential::Kind;
use crate::model::{self, FORMAT};
use crate::sealing::What;
use crate::world::{Installation, ORIGIN, PIN, RP_ID};

/// A sign-in.
pub(crate) struct SignIn<'w> {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) with: &'w Registered<'w>,
    /// Another computer, whose store has never seen the credential.
    pub(crate) elsewhere: Option<&'w Installation>,
    /// What else is stored for this RP ID and card, in the order in which it was made.
    pub(crate) beside: Vec<&'w Registered<'w>>,
    pub(crate) named: bool,
    /// IDs that the site names before it.
    pub(crate) named_before: Vec<Vec<u8>>,
    pub(crate) silent: bool,
    /// The name of the account that the person chooses, where there are several.
    pub(crate) choose: Option<&'static str>,
    pub(crate) backed_up: bool,
    pub(crate) now: i64,
}

/// Signs in; what is expected of it is up to the caller.
pub(crate) fn sign_in(sign_in: &SignIn<'_>) -> model::Assertion {
    let SignIn { name, with, .. } = *sign_in;
    let id = with.binding.id();
    let challenge: [u8; 32] = random(name, "challenge");
    let client_data_json = client_data("webauthn.get", &challenge, ORIGIN);
    let request = get_assertion(sign_in, &id, &sha256(client_data_json.as_bytes()));

    let verified = if sign_in.silent {
        0
    } else {
        flag::UP | flag::UV
    };
    let backed_up = if sign_in.backed_up { flag::BS } else { 0 };
    let kind = with.binding.kind;
    let auth_data = auth_data_head(RP_ID, verified | backup_eligible(kind) | backed_up);
    let to_be_signed = signed(&auth_data, &client_data_json);
    let installation = sign_in.elsewhere.unwrap_or(with.binding.installation);
    let signature = if sign_in.silent {
        with.binding.probe_signature(installation, &to_be_signed)
    } else {
        with.key.sign(&to_be_signed)
    };

    let descriptor = named([("id", bytes(&id)), ("type", text("public-key"))]);
    let mut members = vec![
        (0x01, descriptor),
        (0x02, bytes(&auth_data)),
        (0x03, bytes(&signature)),
    ];
    let is_stored = sign_in.elsewhere.is_none();
    let tells_user = is_stored && with.discoverable && !sign_in.silent;
    if tells_user {
        members.push((0x04, named([("id", bytes(&with.attested.user_handle))])));
    }
    let response = [vec![0x00], cbor::encode(&numbered(members))].concat();

    let mut opened = Vec::new();
    if sign_in.choose.is_some() {
        opened.push(with.binding.opened(What::Names));
    }
    if !sign_in.silent && kind == Kind::Pairwise {
        opened.push(with.binding.opened(What::Key));
    }
    let mut stored: Vec<String> = sign_in.beside.iter().map(|one| one.name.into()).collect();
    if is_stored {
        stored.push(with.name.into());
    }
    model::Assertion {
        format: FORMAT,
        name: name.to_owned(),
        about: sign_in.about.to_owned(),
        kind: kind.name(),
        registration: with.name.to_owned(),
        relying_party: model::RelyingParty {
            rp_id: RP_ID,
            origin: ORIGIN,
            challenge: challenge.into(),
            user_handle: (&with.attested.user_handle).into(),
        },
        credential_id: (&id).into(),
        public_key_cose: with.key.cose().into(),
        client_data_hash: sha256(client_data_json.as_bytes()).into(),
        client_data_json,
        authenticator_data: auth_data.into(),
        signed: to_be_signed.into(),
        signature: signature.into(),
        user_handle: tells_user.then(|| (&with.attested.user_handle).into()),
        expected: model::ExpectedAssertion::Accepted {
            backed_up: sign_in.backed_up,
        },
        authenticator: Some(model::Asserting {
            installation: installation.to_model(),
            card: with.card.files(),
            now: sign_in.now,
            request: request.into(),
            person: (!sign_in.silent).then_some(model::Person {
                pin: PIN,
                disclose_certificate: None,
                card_credential: None,
                choose_account: sign_in.choose,
            }),
            stored,
            backed_up: sign_in.backed_up,
            opened,
            response: response.into(),
        }),
    }
}

/// authenticatorGetAssertion (CTAP 2.3 §6.2), as the client of the same program sends it.
fn get_assertion(sign_in: &SignIn<'_>, id: &[u8], client_data_hash: &[u8; 32]) -> Vec<u8> {
    let mut parameters = vec![(0x01, text(RP_ID)), (0x02, bytes(client_data_hash))];
    if sign_in.named {
        let descriptor = |id: &[u8]| named([("id", bytes(id)), ("type", text("public-key"))]);
        let before = sign_in.named_before.iter().map(Vec::as_slice);
        let descriptors = before.chain([id]).map(descriptor);
        parameters.push((0x03, Value::Array(descriptors.collect())));
    }
    let options = match sign_in.silent {
        true => named([("up", false.into())]),
        false => named([("up", true.into()), ("uv", true.into())]),
    };
    parameters.push((0x05, options));
    [vec![0x02], cbor::encode(&numbered(parameters))].concat()
}
