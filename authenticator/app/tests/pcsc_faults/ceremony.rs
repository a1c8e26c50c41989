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

/// One ceremony.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ceremony {
    pub(crate) name: &'static str,
    pub(crate) does: Does,
    /// The person types a wrong PIN before the right one.
    pub(crate) wrong_pin_first: bool,
}

const fn register(name: &'static str, attestation: &'static str, disclose: bool) -> Ceremony {
    let does = Does::Register {
        attestation,
        disclose,
    };
    Ceremony {
        name,
        does,
        wrong_pin_first: false,
    }
}

/// Every ceremony whose commands differ.
pub(crate) const CEREMONIES: &[Ceremony] = &[
    register("register pairwise, none", "none", false),
    register("register pairwise, packed", "direct", false),
    register("register pairwise, eid-x509", "enterprise", true),
    Ceremony {
        name: "sign in pairwise, named",
        does: Does::SignIn,
        wrong_pin_first: false,
    },
    Ceremony {
        name: "sign in pairwise, chosen",
        does: Does::Choose,
        wrong_pin_first: false,
    },
    Ceremony {
        name: "sign in pairwise, a wrong PIN first",
        does: Does::SignIn,
        wrong_pin_first: true,
    },
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
                with(
                    with(creation_options(), "user", user),
                    "attestation",
                    json!(attestation),
                )
            }
            Does::SignIn => named(credential),
            Does::Choose => request_options(),
        }
    }

    /// What is answered beside the PIN.
    pub(crate) fn agreement(&self) -> Value {
        match self.does {
            Does::Register { disclose, .. } => json!({"disclose": disclose}),
            Does::SignIn | Does::Choose => json!({}),
        }
    }
}

/// Options of a sign-in with this credential.
pub(crate) fn named(credential: &Value) -> Value {
    let allowed = json!([{"type": "public-key", "id": credential["id"]}]);
    with(request_options(), "allowCredentials", allowed)
}
