//! What happened at the relying party: the registrations and sign-ins that the authenticator makes.

use crate::authenticator::{Registered, Scenario, SignIn, register, sign_in};
use crate::bytes::random;
use crate::model;
use crate::world::{Installation, World, at};

const DAY: i64 = 24 * 60 * 60;

/// The registrations.
pub(crate) struct Ceremonies<'w> {
    /// A computer that has never seen any of them.
    pub(crate) another_computer: Installation,
    /// The registration that most other vectors are variations of.
    pub(crate) usual: Registered<'w>,
    pub(crate) generation_2: Registered<'w>,
    pub(crate) not_discoverable: Registered<'w>,
    pub(crate) long_names: Registered<'w>,
    pub(crate) drawn_twice: Registered<'w>,
    pub(crate) second_account: Registered<'w>,
    pub(crate) declined: Registered<'w>,
    pub(crate) none: Registered<'w>,
    pub(crate) card_declined: Registered<'w>,
    /// The card credential that others are variations of.
    pub(crate) card: Registered<'w>,
    pub(crate) card_generation_2: Registered<'w>,
    pub(crate) card_not_discoverable: Registered<'w>,
    pub(crate) card_second_account: Registered<'w>,
    pub(crate) card_packed: Registered<'w>,
    pub(crate) card_none: Registered<'w>,
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
            algorithms: &[-7, -257],
            card_credential: None,
            discoverable: true,
            formats: &["eid-x509", "packed"],
            enterprise: true,
            disclose: Some(true),
            not_a_scalar_first: false,
        };
        let card = || Scenario {
            name: "card_generation_3",
            about: "The site prefers RS256, the person agrees to both: the card's own key as credential, and its certificate.",
            algorithms: &[-257, -7],
            card_credential: Some(true),
            ..usual()
        };
        let register = |scenario: Scenario<'w>| register(installation, &scenario);
        Ceremonies {
            another_computer: Installation {
                device_secret: random("another computer", "device secret"),
                salt: random("another computer", "salt"),
            },
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
            card_declined: register(Scenario {
                name: "pairwise_card_credential_declined",
                about: "The site prefers RS256 and accepts ES256; the person declined to use the card's own key, and agreed to the certificate.",
                algorithms: &[-257, -7],
                card_credential: Some(false),
                ..usual()
            }),
            card: register(card()),
            card_generation_2: register(Scenario {
                name: "card_generation_2",
                about: "A site that accepts RS256 only, and the card of generation 2; the site named the format, so there is no epAtt.",
                card: &world.card_of_generation_2,
                user_handle: random::<16>("hanako", "user handle").to_vec(),
                user_name: "hanako@example.jp".to_owned(),
                display_name: "練習　花子".to_owned(),
                algorithms: &[-257],
                enterprise: false,
                ..card()
            }),
            card_not_discoverable: register(Scenario {
                name: "card_not_discoverable",
                about: "A card credential that is not discoverable: nothing is sealed, the card signs once.",
                discoverable: false,
                ..card()
            }),
            card_second_account: register(Scenario {
                name: "card_second_account",
                about: "A second account of the same card at the same site: the same key under another ID.",
                user_handle: random::<16>("taro at work", "user handle").to_vec(),
                user_name: "taro.at.work@example.jp".to_owned(),
                display_name: "太郎（仕事）".to_owned(),
                ..card()
            }),
            card_packed: register(Scenario {
                name: "card_packed_self_attestation",
                about: "The card's own key, and its certificate declined: packed self attestation by the card. Where an eID attestation is required it must be refused.",
                disclose: Some(false),
                ..card()
            }),
            card_none: register(Scenario {
                name: "card_none_attestation",
                about: "The card's own key without attestation: nobody vouches for it. Where an eID attestation is required, accepting it would be a bypass.",
                formats: &["none"],
                enterprise: false,
                disclose: None,
                ..card()
            }),
        }
    }

    pub(crate) fn all(&self) -> [&Registered<'w>; 15] {
        [
            &self.usual,
            &self.generation_2,
            &self.not_discoverable,
            &self.long_names,
            &self.drawn_twice,
            &self.second_account,
            &self.declined,
            &self.none,
            &self.card_declined,
            &self.card,
            &self.card_generation_2,
            &self.card_not_discoverable,
            &self.card_second_account,
            &self.card_packed,
            &self.card_none,
        ]
    }

    /// The sign-in that most refused ones are variations of.
    pub(crate) fn usual_sign_in(&self) -> SignIn<'_> {
        SignIn {
            name: "pairwise_generation_3_named",
            about: "The site names the credential (allowCredentials).",
            with: &self.usual,
            elsewhere: None,
            beside: Vec::new(),
            named: true,
            named_before: Vec::new(),
            silent: false,
            choose: None,
            backed_up: false,
            now: at() + DAY,
        }
    }

    /// The sign-in with a card credential that others are variations of.
    pub(crate) fn card_sign_in(&self) -> SignIn<'_> {
        SignIn {
            name: "card_generation_3_named",
            about: "The site names the card credential: the card itself signs.",
            with: &self.card,
            ..self.usual_sign_in()
        }
    }

    pub(crate) fn sign_ins(&self) -> Vec<model::Assertion> {
        let usual = || self.usual_sign_in();
        let card = || self.card_sign_in();
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
            card(),
            SignIn {
                name: "card_generation_3_discoverable",
                about: "The site names no credential; the card credential is found in the store by the RP ID.",
                named: false,
                ..card()
            },
            SignIn {
                name: "card_generation_2_named",
                about: "The card credential of the card of generation 2.",
                with: &self.card_generation_2,
                ..card()
            },
            SignIn {
                name: "card_choice_of_two_accounts",
                about: "Two card credentials, one key: the person chooses the older one. The signature does not tell which account it is for; ID and user handle do.",
                beside: vec![&self.card_second_account],
                named: false,
                choose: Some("taro@example.jp"),
                ..card()
            },
            SignIn {
                name: "card_not_discoverable_named",
                about: "A card credential that is not discoverable: the response has no user handle.",
                with: &self.card_not_discoverable,
                ..card()
            },
            SignIn {
                name: "card_on_another_computer",
                about: "A computer with other secrets and an empty store: the ID is made again from the card's certificate. The response has no user handle.",
                elsewhere: Some(&self.another_computer),
                ..card()
            },
            SignIn {
                name: "card_on_another_computer_among_others",
                about: "The same, and the site names other credentials first: a pairwise one of another computer, and another card's.",
                elsewhere: Some(&self.another_computer),
                named_before: vec![
                    self.usual.binding.id(),
                    self.card_generation_2.binding.id(),
                ],
                ..card()
            },
        ]
        .iter()
        .map(sign_in)
        .collect()
    }

    /// What answers silent probes (`up: false`), by which browsers look for credentials.
    pub(crate) fn silent_probes(&self) -> Vec<model::Assertion> {
        let probes = [
            SignIn {
                name: "silent_probe",
                about: "The answer to a silent probe, taken for a sign-in: UP and UV are not set, and the signature means nothing.",
                silent: true,
                ..self.usual_sign_in()
            },
            SignIn {
                name: "card_silent_probe",
                about: "The same with a card credential: 256 bytes that no card made.",
                silent: true,
                ..self.card_sign_in()
            },
            SignIn {
                name: "card_on_another_computer_silent_probe",
                about: "The same on a computer that has never seen the credential: its ID is recognised by the card's certificate.",
                elsewhere: Some(&self.another_computer),
                silent: true,
                ..self.card_sign_in()
            },
        ];
        probes.iter().map(sign_in).collect()
    }
}
