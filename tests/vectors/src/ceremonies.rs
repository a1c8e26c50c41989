//! What happened at the relying party: the registrations and sign-ins that the authenticator makes.

use crate::authenticator::{Registered, Scenario, SignIn, register, sign_in};
use crate::bytes::random;
use crate::model;
use crate::world::{Installation, World, at};

const DAY: i64 = 24 * 60 * 60;

/// The registrations.
pub(crate) struct Ceremonies<'w> {
    /// The registration that most other vectors are variations of.
    pub(crate) usual: Registered<'w>,
    pub(crate) generation_2: Registered<'w>,
    pub(crate) not_discoverable: Registered<'w>,
    pub(crate) long_names: Registered<'w>,
    pub(crate) drawn_twice: Registered<'w>,
    pub(crate) second_account: Registered<'w>,
    pub(crate) declined: Registered<'w>,
    pub(crate) none: Registered<'w>,
}

impl<'w> Ceremonies<'w> {
    pub(crate) fn new(world: &'w World, installation: &'w Installation) -> Ceremonies<'w> {
        let usual = || Scenario {
            name: "pairwise_generation_3",
            about: "A site asks for enterprise attestation, the person agrees: the certificate of CA generation 3, ES256 key, discoverable.",
            card: &world.card,
            user_handle: random::<16>("taro", "user handle").to_vec(),
            user_name: "taro@example.jp".to_owned(),
            display_name: "見本　太郎".to_owned(),
            discoverable: true,
            formats: &["eid-x509", "packed"],
            enterprise: true,
            disclose: Some(true),
            not_a_scalar_first: false,
        };
        let register = |scenario: Scenario<'w>| register(installation, &scenario);
        Ceremonies {
            usual: register(usual()),
            generation_2: register(Scenario {
                name: "pairwise_generation_2",
                about: "The same with a card whose certificate the CA of generation 2 issued under the same name; the site named the format instead, so there is no epAtt.",
                card: &world.card_of_generation_2,
                user_handle: random::<16>("hanako", "user handle").to_vec(),
                user_name: "hanako@example.jp".to_owned(),
                display_name: "練習　花子".to_owned(),
                enterprise: false,
                ..usual()
            }),
            not_discoverable: register(Scenario {
                name: "pairwise_not_discoverable",
                about: "A credential that is not discoverable: no names are stored, the card signs twice and not three times.",
                discoverable: false,
                ..usual()
            }),
            long_names: register(Scenario {
                name: "pairwise_long_names",
                about: "The longest user handle (64 bytes), and names that fill more than one block of padding.",
                user_handle: random::<64>("long", "user handle").to_vec(),
                user_name: format!("{}@example.jp", "n".repeat(190)),
                display_name: "長".repeat(60),
                ..usual()
            }),
            drawn_twice: register(Scenario {
                name: "pairwise_private_key_drawn_twice",
                about: "The first 32 random bytes for the private key are no scalar of P-256; the next ones are taken.",
                not_a_scalar_first: true,
                ..usual()
            }),
            second_account: register(Scenario {
                name: "pairwise_second_account",
                about: "A second account of the same person at the same site, with the certificate that was merely accepted (direct).",
                user_handle: random::<16>("taro at work", "user handle").to_vec(),
                user_name: "taro.at.work@example.jp".to_owned(),
                display_name: "太郎（仕事）".to_owned(),
                formats: &["packed", "eid-x509"],
                enterprise: false,
                ..usual()
            }),
            declined: register(Scenario {
                name: "packed_self_attestation",
                about: "The person declined: packed self attestation. Where an eID attestation is required it must be refused.",
                disclose: Some(false),
                ..usual()
            }),
            none: register(Scenario {
                name: "none_attestation",
                about: "The site asked for no attestation: format none. Where an eID attestation is required, accepting it would be a bypass.",
                formats: &["none"],
                enterprise: false,
                disclose: None,
                ..usual()
            }),
        }
    }

    pub(crate) fn all(&self) -> [&Registered<'w>; 8] {
        [
            &self.usual,
            &self.generation_2,
            &self.not_discoverable,
            &self.long_names,
            &self.drawn_twice,
            &self.second_account,
            &self.declined,
            &self.none,
        ]
    }

    /// The sign-in that most refused ones are variations of.
    pub(crate) fn usual_sign_in(&self) -> SignIn<'_> {
        SignIn {
            name: "pairwise_generation_3_named",
            about: "The site names the credential (allowCredentials).",
            with: &self.usual,
            beside: Vec::new(),
            named: true,
            silent: false,
            choose: None,
            backed_up: false,
            now: at() + DAY,
        }
    }

    pub(crate) fn sign_ins(&self) -> Vec<model::Assertion> {
        let usual = || self.usual_sign_in();
        [
            usual(),
            SignIn {
                name: "pairwise_generation_3_discoverable",
                about: "The site names no credential; the only one for it is found by the RP ID.",
                named: false,
                ..usual()
            },
            SignIn {
                name: "pairwise_generation_2_named",
                about: "The card of generation 2.",
                with: &self.generation_2,
                ..usual()
            },
            SignIn {
                name: "pairwise_choice_of_two_accounts",
                about: "Two accounts: the card opens their names with one signature, the person chooses the older one.",
                beside: vec![&self.second_account],
                named: false,
                choose: Some("taro@example.jp"),
                ..usual()
            },
            SignIn {
                name: "pairwise_not_discoverable_named",
                about: "A credential that is not discoverable: the response has no user handle.",
                with: &self.not_discoverable,
                ..usual()
            },
            SignIn {
                name: "pairwise_backed_up",
                about: "A backup of the credential was made: the flag BS is set.",
                backed_up: true,
                ..usual()
            },
            SignIn {
                name: "pairwise_certificate_expired",
                about: "The card's certificate has expired meanwhile: signing in still works.",
                now: at() + 5 * 366 * DAY,
                ..usual()
            },
        ]
        .iter()
        .map(sign_in)
        .collect()
    }

    /// What answers a silent probe (`up: false`), by which browsers look for credentials.
    pub(crate) fn silent_probe(&self) -> model::Assertion {
        sign_in(&SignIn {
            name: "silent_probe",
            about: "The answer to a silent probe, taken for a sign-in: UP and UV are not set, and the signature means nothing.",
            silent: true,
            ..self.usual_sign_in()
        })
    }
}
