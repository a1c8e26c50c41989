//! Every word people read, in each language. A text that is missing in one does not compile.

mod catalogue;
mod en;
mod ja;

pub(super) use catalogue::{Entry, Pair, SAID_BY_THE_SCRIPT, problems};
pub(super) use en::EN;
pub(super) use ja::JA;

/// The words of one language; those about what went wrong are the catalogue's.
pub(super) struct Texts {
    // On every page.
    pub(super) other_language: &'static str,
    pub(super) other_language_tag: &'static str,
    pub(super) skip_to_content: &'static str,
    pub(super) practice_band: &'static str,
    pub(super) nav_register: &'static str,
    pub(super) nav_sign_in: &'static str,
    pub(super) nav_account: &'static str,
    pub(super) nav_sign_out: &'static str,
    pub(super) footer: &'static str,
    pub(super) error_code: &'static str,
    pub(super) help: &'static str,
    // Home.
    pub(super) home_lead: &'static str,
    pub(super) home_signed_in_as: &'static str,
    pub(super) home_steps_title: &'static str,
    pub(super) home_steps: [&'static str; 3],
    pub(super) home_keep_title: &'static str,
    pub(super) home_keep: [&'static str; 3],
    // Registration.
    pub(super) register_title: &'static str,
    pub(super) register_lead: &'static str,
    pub(super) register_name: &'static str,
    pub(super) register_name_hint: &'static str,
    pub(super) register_certificate_required: &'static str,
    pub(super) register_certificate_optional: &'static str,
    pub(super) register_card_key: &'static str,
    pub(super) register_card_key_hint: &'static str,
    pub(super) register_card_key_first: &'static str,
    pub(super) register_card_key_only: &'static str,
    pub(super) register_button: &'static str,
    pub(super) register_once: &'static str,
    pub(super) register_have_code: &'static str,
    pub(super) register_have_account: &'static str,
    pub(super) add_title: &'static str,
    pub(super) add_lead: &'static str,
    pub(super) add_button: &'static str,
    pub(super) enrolment_closed: &'static str,
    // Adding another computer: a code made there, entered here.
    pub(super) computer_title: &'static str,
    pub(super) computer_steps: [&'static str; 3],
    pub(super) computer_button: &'static str,
    pub(super) computer_code: &'static str,
    pub(super) computer_code_good: &'static str,
    pub(super) computer_code_secret: &'static str,
    pub(super) link_title: &'static str,
    pub(super) link_lead: &'static str,
    pub(super) link_only_yours: &'static str,
    pub(super) link_code: &'static str,
    pub(super) link_code_hint: &'static str,
    // Sign-in.
    pub(super) sign_in_title: &'static str,
    pub(super) sign_in_lead: &'static str,
    pub(super) sign_in_button: &'static str,
    pub(super) sign_in_name: &'static str,
    pub(super) sign_in_name_hint: &'static str,
    pub(super) sign_in_other_computer: &'static str,
    pub(super) sign_in_no_account: &'static str,
    // Account.
    pub(super) account_title: &'static str,
    pub(super) account_name: &'static str,
    pub(super) account_since: &'static str,
    pub(super) vouched_title: &'static str,
    pub(super) vouched_issuer: &'static str,
    pub(super) vouched_generation: &'static str,
    pub(super) vouched_confirmed: &'static str,
    pub(super) vouched_until: &'static str,
    pub(super) vouched_expired: &'static str,
    pub(super) vouched_renewal: &'static str,
    pub(super) vouched_revocation: &'static str,
    pub(super) revocation_not_checked: &'static str,
    pub(super) revocation_good: &'static str,
    pub(super) vouched_nobody: &'static str,
    pub(super) badge_practice: &'static str,
    pub(super) badge_test: &'static str,
    pub(super) note_practice: &'static str,
    pub(super) note_test: &'static str,
    pub(super) credentials_title: &'static str,
    pub(super) credentials_kind: &'static str,
    pub(super) credentials_created: &'static str,
    pub(super) credentials_used: &'static str,
    pub(super) credentials_proven: &'static str,
    pub(super) credentials_never: &'static str,
    pub(super) credentials_current: &'static str,
    pub(super) credentials_recent: &'static str,
    pub(super) credentials_by_registering: &'static str,
    pub(super) kind_passkey: &'static str,
    pub(super) key_card: &'static str,
    pub(super) key_sealed: &'static str,
    pub(super) proven_at_registration: &'static str,
    pub(super) proven_at_sign_in: &'static str,
    pub(super) proven_registration_eid: &'static str,
    pub(super) proven_registration_passkey: &'static str,
    pub(super) proven_sign_in_eid: &'static str,
    pub(super) proven_sign_in_card: &'static str,
    pub(super) proven_sign_in_passkey: &'static str,
    pub(super) account_unknown_credential: &'static str,
    pub(super) account_add: &'static str,
    pub(super) account_add_computer: &'static str,
    // Not found.
    pub(super) not_found_title: &'static str,
    pub(super) trouble_title: &'static str,
    pub(super) to_home: &'static str,
    // Told by the page's script.
    pub(super) script: ScriptTexts,
}

/// What the page's script says.
pub(super) struct ScriptTexts {
    pub(super) starting: &'static str,
    pub(super) waiting: &'static str,
    pub(super) finishing: &'static str,
    pub(super) done: &'static str,
    pub(super) save_registration: &'static str,
    pub(super) save_registration_hint: &'static str,
}
