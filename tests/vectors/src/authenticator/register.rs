//! Registrations.

use ciborium::Value;

use super::{AAGUID, auth_data, backup_eligible, flag};
use crate::attested::{Attested, Draft, client_data, signed};
use crate::bytes::{random, sha256};
use crate::cbor::{self, bytes, named, numbered, text};
use crate::credential::{Binding, CredentialKey, Kind};
use crate::keys::{self, EcKey};
use crate::model::{self, WithoutEid};
use crate::sealing::{self, What};
use crate::world::{Card, Installation, ORIGIN, PIN, RP_ID, at};

/// What a relying party asks, and what the person answers.
pub(crate) struct Scenario<'w> {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) card: &'w Card,
    pub(crate) user_handle: Vec<u8>,
    pub(crate) user_name: String,
    pub(crate) display_name: String,
    /// The algorithms that the relying party accepts, in its order.
    pub(crate) algorithms: &'static [i64],
    /// The position of the card credential's switch, if it is offered.
    pub(crate) card_credential: Option<bool>,
    pub(crate) discoverable: bool,
    pub(crate) formats: &'static [&'static str],
    pub(crate) enterprise: bool,
    /// The position of the certificate's switch, if it is offered.
    pub(crate) disclose: Option<bool>,
    /// Randomness that is no private key comes before the one that is.
    pub(crate) not_a_scalar_first: bool,
}

/// A registration that was made, for those who go on with it.
pub(crate) struct Registered<'w> {
    pub(crate) name: &'static str,
    pub(crate) attested: Attested,
    pub(crate) card: &'w Card,
    pub(crate) binding: Binding<'w>,
    pub(crate) key: CredentialKey<'w>,
    pub(crate) discoverable: bool,
    pub(crate) fmt: &'static str,
    about: &'static str,
    authenticator: model::Registering,
}

impl Registered<'_> {
    /// Adds to a vector how the authenticator makes it.
    pub(crate) fn with_authenticator(&self, vector: model::Registration) -> model::Registration {
        model::Registration {
            authenticator: Some(self.authenticator.clone()),
            ..vector
        }
    }

    /// The vector for it as it is.
    pub(crate) fn vector(&self) -> Draft {
        let draft = self.attested.vector(self.name, self.about);
        match self.fmt {
            "eid-x509" => draft,
            fmt => draft.in_format(fmt).without_eid(WithoutEid::Accepted),
        }
    }
}

/// The draws of randomness, in the order in which the authenticator makes them.
struct Draws {
    vector: &'static str,
    made: Vec<model::Draw>,
}

impl Draws {
    fn draw<const N: usize>(&mut self, what: &'static str) -> [u8; N] {
        let bytes = random(self.vector, what);
        self.add(what, &bytes);
        bytes
    }

    fn add(&mut self, what: &'static str, bytes: &[u8]) {
        self.made.push(model::Draw {
            what,
            bytes: bytes.into(),
        });
    }
}

/// Registers.
pub(crate) fn register<'w>(
    installation: &'w Installation,
    scenario: &Scenario<'w>,
) -> Registered<'w> {
    let Scenario { name, card, .. } = *scenario;
    let challenge = random(name, "challenge");
    let client_data_json = client_data("webauthn.create", &challenge, ORIGIN);
    let client_data_hash = sha256(client_data_json.as_bytes());
    let request = make_credential(scenario, &client_data_hash);

    let kind = match scenario.card_credential {
        Some(true) => Kind::Card,
        _ => Kind::Pairwise,
    };
    let mut draws = Draws {
        vector: name,
        made: Vec::new(),
    };
    let binding = Binding {
        kind,
        installation,
        card,
        rp_id: RP_ID,
        user_handle: scenario.user_handle.clone(),
        nonce: draws.draw("credential nonce"),
    };
    let id = binding.id();
    let mut sealed = Vec::new();
    let (key, private_key) = match kind {
        Kind::Card => (CredentialKey::Card(&card.key), None),
        Kind::Pairwise => {
            if scenario.not_a_scalar_first {
                draws.add("no private key: not below the order of P-256", &[0xff; 32]);
            }
            let scalar: [u8; 32] = draws.draw("private key");
            let nonce = draws.draw("nonce of the sealed key");
            sealed.push(binding.seal(What::Key, &nonce, &scalar));
            let key = EcKey::p256_from(&scalar);
            (CredentialKey::Pairwise(key), Some(scalar.into()))
        }
    };
    if scenario.discoverable {
        let nonce = draws.draw("nonce of the sealed names");
        let point = key.p256_point();
        let names = sealing::names(
            &scenario.user_name,
            &scenario.display_name,
            point.as_deref(),
        );
        sealed.push(binding.seal(What::Names, &nonce, &names));
    }

    let flags = flag::UP | flag::UV | backup_eligible(kind) | flag::AT;
    let auth_data = auth_data(flags, &AAGUID, &id, &key.cose());
    let to_be_signed = signed(&auth_data, &client_data_json);
    let (fmt, alg, sig, x5c) = match scenario.disclose {
        Some(true) => {
            let sig = keys::rs256(&card.key, &to_be_signed);
            ("eid-x509", -257, sig, vec![card.certificate.clone()])
        }
        _ if scenario.formats == ["none"] => ("none", 0, Vec::new(), Vec::new()),
        _ => ("packed", key.alg(), key.sign(&to_be_signed), Vec::new()),
    };
    let attested = Attested {
        fmt: fmt.to_owned(),
        alg,
        sig,
        x5c,
        auth_data,
        kind,
        client_data_json,
        challenge,
        user_handle: scenario.user_handle.clone(),
    };
    let sealed_of = |what| {
        let found = sealed.iter().find(|one| one.what == what);
        found.map(|one| one.sealed.clone())
    };
    let authenticator = model::Registering {
        installation: installation.to_model(),
        card: card.files(),
        now: at(),
        request: request.into(),
        person: model::Person {
            pin: PIN,
            disclose_certificate: scenario.disclose,
            card_credential: scenario.card_credential,
            choose_account: None,
        },
        randomness: draws.made,
        credential: model::Credential {
            id_input: binding.id_input().into(),
            id_key: binding.id_key().map(Into::into),
            id: (&id).into(),
            private_key,
            public_key_cose: key.cose().into(),
        },
        stored: model::Stored {
            id: (&id).into(),
            kind: kind.name(),
            rp_id: RP_ID,
            user_handle: (&scenario.user_handle).into(),
            discoverable: scenario.discoverable,
            card_key_hash: card.key_hash().into(),
            sealed_key: sealed_of("key"),
            sealed_names: sealed_of("names"),
            backed_up: false,
            created_at: at(),
        },
        disclosed: match (scenario.disclose, kind) {
            (Some(true), _) => Some("certificate"),
            (_, Kind::Card) => Some("card-key"),
            (_, Kind::Pairwise) => None,
        },
        sealed,
        response: response_of(fmt, &attested, scenario.enterprise).into(),
    };
    Registered {
        name,
        about: scenario.about,
        attested,
        card,
        binding,
        key,
        discoverable: scenario.discoverable,
        fmt,
        authenticator,
    }
}

/// authenticatorMakeCredential (CTAP 2.3 §6.1), as the client of the same program sends it.
fn make_credential(scenario: &Scenario<'_>, client_data_hash: &[u8; 32]) -> Vec<u8> {
    let algorithm = |alg: i64| named([("alg", alg.into()), ("type", text("public-key"))]);
    let algorithms = scenario.algorithms.iter().map(|alg| algorithm(*alg));
    let rp = named([("id", text(RP_ID)), ("name", text("Practice Office"))]);
    let user = named([
        ("id", bytes(&scenario.user_handle)),
        ("name", text(&scenario.user_name)),
        ("displayName", text(&scenario.display_name)),
    ]);
    let options = named([("rk", scenario.discoverable.into()), ("uv", true.into())]);
    let mut parameters = vec![
        (0x01, bytes(client_data_hash)),
        (0x02, rp),
        (0x03, user),
        (0x04, Value::Array(algorithms.collect())),
        (0x07, options),
    ];
    if scenario.enterprise {
        parameters.push((0x0a, 2.into()));
    }
    let formats = scenario.formats.iter().map(|format| text(format));
    parameters.push((0x0b, Value::Array(formats.collect())));
    [vec![0x01], cbor::encode(&numbered(parameters))].concat()
}

/// Status ‖ response.
fn response_of(fmt: &str, attested: &Attested, enterprise: bool) -> Vec<u8> {
    let statement = match fmt {
        "eid-x509" => attested.statement(),
        "packed" => named([("alg", attested.alg.into()), ("sig", bytes(&attested.sig))]),
        _ => named([]),
    };
    let mut members = vec![
        (0x01, text(fmt)),
        (0x02, bytes(&attested.auth_data)),
        (0x03, statement),
    ];
    if enterprise && fmt == "eid-x509" {
        members.push((0x04, true.into()));
    }
    [vec![0x00], cbor::encode(&numbered(members))].concat()
}
