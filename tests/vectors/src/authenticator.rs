//! What the authenticator does, computed from the documents: registrations and sign-ins with every byte on the way.

use ciborium::Value;

use crate::attested::{Attested, client_data, signed};
use crate::bytes::{random, sha256};
use crate::cbor::{self, bytes, named, numbered, text};
use crate::keys::{self, EcKey};
use crate::model::{self, FORMAT};
use crate::sealing::{self, Binding, What};
use crate::world::{Card, Installation, ORIGIN, PIN, RP_ID, at};

const AAGUID: [u8; 16] = [
    0x40, 0x40, 0xb4, 0x79, 0x5c, 0x83, 0x49, 0x07, 0x89, 0x90, 0x2e, 0xa0, 0x8a, 0xb2, 0x03, 0xa9,
];

/// Flags of authenticator data (WebAuthn L3 §6.1).
pub(crate) mod flag {
    pub(crate) const UP: u8 = 0x01;
    pub(crate) const UV: u8 = 0x04;
    pub(crate) const BE: u8 = 0x08;
    pub(crate) const BS: u8 = 0x10;
    pub(crate) const AT: u8 = 0x40;
    pub(crate) const ED: u8 = 0x80;
}

/// Authenticator data up to the signature counter.
pub(crate) fn auth_data_head(rp_id: &str, flags: u8) -> Vec<u8> {
    [&sha256(rp_id.as_bytes())[..], &[flags, 0, 0, 0, 0]].concat()
}

/// Authenticator data of a registration; `after` is the credential's key and whatever follows.
pub(crate) fn auth_data(flags: u8, aaguid: &[u8; 16], id: &[u8], after: &[u8]) -> Vec<u8> {
    let length = (id.len() as u16).to_be_bytes();
    [
        &auth_data_head(RP_ID, flags),
        &aaguid[..],
        &length,
        id,
        after,
    ]
    .concat()
}

/// What a relying party asks, and what the person answers.
pub(crate) struct Scenario<'w> {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) card: &'w Card,
    pub(crate) user_handle: Vec<u8>,
    pub(crate) user_name: String,
    pub(crate) display_name: String,
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
    pub(crate) key: EcKey,
    pub(crate) discoverable: bool,
    pub(crate) fmt: &'static str,
    about: &'static str,
    authenticator: model::Registering,
}

impl Registered<'_> {
    pub(crate) fn public_key_cose(&self) -> Vec<u8> {
        cbor::es256_key(&self.key.point())
    }

    /// Adds to a vector how the authenticator makes it.
    pub(crate) fn with_authenticator(&self, vector: model::Registration) -> model::Registration {
        let attestation = model::Attestation {
            fmt: self.fmt.to_owned(),
            auth_data: (&self.attested.auth_data).into(),
            signed: self.attested.signed().into(),
            alg: (self.fmt != "none").then_some(self.attested.alg),
            sig: (self.fmt != "none").then(|| (&self.attested.sig).into()),
            x5c: self.attested.x5c.iter().map(Into::into).collect(),
        };
        model::Registration {
            attestation: Some(attestation),
            authenticator: Some(self.authenticator.clone()),
            ..vector
        }
    }

    /// The vector for it as it is.
    pub(crate) fn vector(&self) -> crate::attested::Draft {
        let draft = self.attested.vector(self.name, self.about);
        let auth_data = &self.attested.auth_data;
        let statement = match self.fmt {
            "eid-x509" => return draft,
            "packed" => named([
                ("alg", self.attested.alg.into()),
                ("sig", bytes(&self.attested.sig)),
            ]),
            _ => named([]),
        };
        draft.with_object(cbor::attestation_object(self.fmt, statement, auth_data))
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

    // The draws of randomness, in the order in which the authenticator makes them.
    let nonce: [u8; 32] = random(name, "credential nonce");
    let scalar: [u8; 32] = random(name, "private key");
    let key_nonce: [u8; 24] = random(name, "nonce of the sealed key");
    let names_nonce: [u8; 24] = random(name, "nonce of the sealed names");
    let draw = |what, bytes: &[u8]| model::Draw {
        what,
        bytes: bytes.into(),
    };
    let mut randomness = vec![draw("credential nonce", &nonce)];
    if scenario.not_a_scalar_first {
        randomness.push(draw(
            "no private key: not below the order of P-256",
            &[0xff; 32],
        ));
    }
    randomness.push(draw("private key", &scalar));
    randomness.push(draw("nonce of the sealed key", &key_nonce));
    if scenario.discoverable {
        randomness.push(draw("nonce of the sealed names", &names_nonce));
    }

    let key = EcKey::p256_from(&scalar);
    let binding = Binding {
        installation,
        card,
        rp_id: RP_ID,
        user_handle: scenario.user_handle.clone(),
        nonce,
    };
    let id = binding.id();
    let cose = cbor::es256_key(&key.point());
    let mut sealed = vec![binding.seal(What::Key, &key_nonce, &scalar)];
    if scenario.discoverable {
        let names = sealing::names(&scenario.user_name, &scenario.display_name);
        sealed.push(binding.seal(What::Names, &names_nonce, &names));
    }

    let flags = flag::UP | flag::UV | flag::BE | flag::AT;
    let auth_data = auth_data(flags, &AAGUID, &id, &cose);
    let to_be_signed = signed(&auth_data, &client_data_json);
    let (fmt, alg, sig, x5c) = match scenario.disclose {
        Some(true) => {
            let sig = keys::rs256(&card.key, &to_be_signed);
            ("eid-x509", -257, sig, vec![card.certificate.clone()])
        }
        _ if scenario.formats == ["none"] => ("none", 0, Vec::new(), Vec::new()),
        _ => ("packed", -7, key.sign(&to_be_signed), Vec::new()),
    };
    let attested = Attested {
        fmt: fmt.to_owned(),
        alg,
        sig,
        x5c,
        auth_data,
        client_data_json,
        challenge,
        user_handle: scenario.user_handle.clone(),
    };
    let authenticator = model::Registering {
        installation: installation.to_model(),
        card: card.files(),
        now: at(),
        request: request.into(),
        person: model::Person {
            pin: PIN,
            disclose_certificate: scenario.disclose,
            choose_account: None,
        },
        randomness,
        credential: model::Credential {
            id: (&id).into(),
            private_key: scalar.into(),
            public_key_cose: (&cose).into(),
        },
        stored: model::Stored {
            id: (&id).into(),
            kind: "pairwise",
            rp_id: RP_ID,
            user_handle: (&scenario.user_handle).into(),
            discoverable: scenario.discoverable,
            card_key_hash: card.key_hash().into(),
            sealed_key: sealed[0].sealed.clone(),
            sealed_names: sealed.get(1).map(|names| names.sealed.clone()),
            backed_up: false,
            created_at: at(),
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
        (0x04, Value::Array(vec![algorithm(-7), algorithm(-257)])),
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

/// A sign-in.
pub(crate) struct SignIn<'w> {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) with: &'w Registered<'w>,
    /// What else is stored for this RP ID and card, in the order in which it was made.
    pub(crate) beside: Vec<&'w Registered<'w>>,
    pub(crate) named: bool,
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
    let auth_data = auth_data_head(RP_ID, verified | flag::BE | backed_up);
    let to_be_signed = signed(&auth_data, &client_data_json);
    let signature = if sign_in.silent {
        EcKey::p256_from(&with.binding.probe_scalar()).sign(&to_be_signed)
    } else {
        with.key.sign(&to_be_signed)
    };

    let descriptor = named([("id", bytes(&id)), ("type", text("public-key"))]);
    let mut members = vec![
        (0x01, descriptor),
        (0x02, bytes(&auth_data)),
        (0x03, bytes(&signature)),
    ];
    let tells_user = with.discoverable && !sign_in.silent;
    if tells_user {
        members.push((0x04, named([("id", bytes(&with.attested.user_handle))])));
    }
    let response = [vec![0x00], cbor::encode(&numbered(members))].concat();

    let mut opened = Vec::new();
    if sign_in.choose.is_some() {
        opened.push(with.binding.opened(What::Names));
    }
    if !sign_in.silent {
        opened.push(with.binding.opened(What::Key));
    }
    let mut stored: Vec<String> = sign_in.beside.iter().map(|one| one.name.into()).collect();
    stored.push(with.name.into());
    model::Assertion {
        format: FORMAT,
        name: name.to_owned(),
        about: sign_in.about.to_owned(),
        kind: "pairwise",
        registration: with.name.to_owned(),
        relying_party: model::RelyingParty {
            rp_id: RP_ID,
            origin: ORIGIN,
            challenge: challenge.into(),
            user_handle: (&with.attested.user_handle).into(),
        },
        credential_id: (&id).into(),
        public_key_cose: with.public_key_cose().into(),
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
            installation: with.binding.installation.to_model(),
            card: with.card.files(),
            now: sign_in.now,
            request: request.into(),
            person: (!sign_in.silent).then_some(model::Person {
                pin: PIN,
                disclose_certificate: None,
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
        let descriptor = named([("id", bytes(id)), ("type", text("public-key"))]);
        parameters.push((0x03, Value::Array(vec![descriptor])));
    }
    let options = match sign_in.silent {
        true => named([("up", false.into())]),
        false => named([("up", true.into()), ("uv", true.into())]),
    };
    parameters.push((0x05, options));
    [vec![0x02], cbor::encode(&numbered(parameters))].concat()
}
