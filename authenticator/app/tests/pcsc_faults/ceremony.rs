//! The ceremonies, as data.

use serde_json::{Value, json};

use crate::host::{creation_options, request_options, with};

/// What happens in a ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// A registration with this `attestation`, the certificate switched on or off.
    Register {
        attestation: &'static str,
        disclose: bool,
    },
    /// A sign-in in which the site names the credential.
    SignIn,
    /// A sign-in in which the person chooses between two accounts.
    Choose,
}

/// Whose key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of the credential's own.
    Pairwise,
    /// The card's.
    Card,
    /// The card's, on a computer that has never seen the credential.
    CardElsewhere,
}

/// One ceremony.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ceremony {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) does: Does,
    /// The person types a wrong PIN before the right one.
    pub(crate) wrong_pin_first: bool,
}

const fn register(name: &'static str, kind: Kind, attestation: &'static str) -> Ceremony {
    // Who is asked for the certificate lets it go.
    let disclose = attestation.len() == "enterprise".len();
    Ceremony {
        name,
        kind,
        does: Does::Register {
            attestation,
            disclose,
        },
        wrong_pin_first: false,
    }
}

const fn sign_in(name: &'static str, kind: Kind, does: Does) -> Ceremony {
    Ceremony {
        name,
        kind,
        does,
        wrong_pin_first: false,
    }
}

/// Every ceremony whose commands differ.
pub(crate) const CEREMONIES: &[Ceremony] = &[
    register("register pairwise, none", Kind::Pairwise, "none"),
    register("register pairwise, packed", Kind::Pairwise, "direct"),
    register("register pairwise, eid-x509", Kind::Pairwise, "enterprise"),
    register("register card, none", Kind::Card, "none"),
    register("register card, packed", Kind::Card, "direct"),
    register("register card, eid-x509", Kind::Card, "enterprise"),
    sign_in("sign in pairwise, named", Kind::Pairwise, Does::SignIn),
    sign_in("sign in pairwise, chosen", Kind::Pairwise, Does::Choose),
    Ceremony {
        wrong_pin_first: true,
        ..sign_in(
            "sign in pairwise, a wrong PIN first",
            Kind::Pairwise,
            Does::SignIn,
        )
    },
    sign_in("sign in card, named", Kind::Card, Does::SignIn),
    sign_in("sign in card, elsewhere", Kind::CardElsewhere, Does::SignIn),
];

impl Ceremony {
    /// Whether a credential is made.
    pub(crate) fn registers(&self) -> bool {
        matches!(self.does, Does::Register { .. })
    }

    /// The site's options; a sign-in is for this credential.
    pub(crate) fn options(&self, credential: &Value) -> Value {
        match self.does {
            Does::Register { attestation, .. } => {
                let user = json!({"id": "bmV3", "name": "jiro", "displayName": "次郎"});
                let options = with(creation_options(), "user", user);
                let options = with(options, "attestation", json!(attestation));
                match self.kind {
                    Kind::Pairwise => options,
                    _ => preferring_the_card(options),
                }
            }
            Does::SignIn => named(credential),
            Does::Choose => request_options(),
        }
    }

    /// What is answered beside the PIN.
    pub(crate) fn agreement(&self) -> Value {
        match self.does {
            Does::Register { disclose, .. } => {
                json!({"disclose": disclose, "cardCredential": self.kind == Kind::Card})
            }
            Does::SignIn | Does::Choose => json!({}),
        }
    }
}

/// Options of a site that would rather have the card's own key.
pub(crate) fn preferring_the_card(options: Value) -> Value {
    let algorithms = [-257, -7].map(|alg| json!({"type": "public-key", "alg": alg}));
    with(options, "pubKeyCredParams", json!(algorithms))
}

/// Options of a sign-in with this credential.
pub(crate) fn named(credential: &Value) -> Value {
    let allowed = json!([{"type": "public-key", "id": credential["id"]}]);
    with(request_options(), "allowCredentials", allowed)
}
