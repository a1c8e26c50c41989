//! English.

use super::{ScriptTexts, Texts};
use crate::web::problem::{AttestationProblem, Problem, Words};

const fn words(what: &'static str, action: &'static str) -> Words {
    Words { what, action }
}

pub(in crate::web) const EN: Texts = Texts {
    other_language: "日本語",
    other_language_tag: "ja",
    skip_to_content: "Skip to the content",
    practice_band: "Practice service: it takes practice or test cards, and these prove nothing about anybody.",
    nav_register: "Register",
    nav_sign_in: "Sign in",
    nav_account: "Account",
    nav_sign_out: "Sign out",
    footer: "Your PIN is never typed on this page, and never reaches this service.",
    no_script: "This page needs JavaScript: only a script can ask your browser for your card. Allow it for this site and reload.",

    help: "Help",

    home_lead: "Use your My Number Card to open an account and to sign in. No password, nothing to remember but the card’s own PIN.",
    home_signed_in_as: "You are signed in as",
    home_steps_title: "How it works",
    home_steps: [
        "Put your card on the reader.",
        "A window opens. Check in it which service is asking, and what for.",
        "Type the card’s four-digit PIN in that window. It goes to the card and nowhere else.",
    ],
    home_keep_title: "What this service keeps",
    home_keep: [
        "The account name you choose.",
        "Who issued your card’s certificate, and until when it is valid.",
        "To notice a revocation: the certificate’s number and the municipality that issued it, encrypted. Your name, address and date of birth are not in the certificate, and are not asked for.",
    ],

    register_title: "Register",
    register_lead: "Open an account with your card.",
    register_name: "Account name",
    register_name_hint: "Any name you like, up to 64 characters. It need not be your own.",
    register_certificate_required: "To register here you need to show your card’s certificate: in the window that opens, switch on “Show my certificate”.",
    register_certificate_optional: "The window that opens lets you show your card’s certificate. If you do, your account says who vouched for you.",
    register_card_key: "Use the card’s own key",
    register_card_key_hint: "It works on any computer with this card, and the card itself signs each time. But it is the same key at every service that uses it, and ends with the certificate. Without it you get a key that only this service knows, on this computer.",
    register_card_key_first: "The window that opens offers the card’s own key: it works on any computer, and is the same at every service that uses it. You may leave it off.",
    register_card_key_only: "This service takes the card’s own key only: in the window that opens, switch on “Use the card’s own key”. It is the same at every service that uses it.",
    register_button: "Register with your card",
    register_once: "Registered here before, on another computer or with an earlier card? Do not open a second account: sign in where you registered, press “Add another computer”, and bring the code here.",
    register_have_code: "I have a code",
    register_have_account: "Registered already?",
    add_title: "Add a credential",
    add_lead: "The new credential will open the account you are signed in to:",
    add_button: "Add with your card",
    enrolment_closed: "Registration is closed.",

    computer_title: "Add another computer",
    computer_steps: [
        "Have the other computer ready, with the card software installed and your card on its reader.",
        "Open this service there, choose “Register”, then “I have a code”.",
        "Make a code here and type it in there.",
    ],
    computer_button: "Make a code",
    computer_code: "Your code",
    computer_code_good: "Good for ten minutes and for one use. A new code replaces it.",
    computer_code_secret: "Whoever has it can add their own card to your account. Tell it to nobody, and do not type it anywhere but here at this service.",
    link_title: "Add this computer",
    link_lead: "On a computer where you are signed in, press “Add another computer” on the account page. It shows a code for this one.",
    link_only_yours: "Enter only a code that you made yourself, or that the service’s operator gave you. With anybody else’s code your card is added to their account, and can open none of your own.",
    link_code: "Code",
    link_code_hint: "Ten letters and digits. Lost every computer, or is your earlier card gone? The service’s operator can give you a code after checking who you are.",

    sign_in_title: "Sign in",
    sign_in_lead: "Put your card on the reader, then press the button.",
    sign_in_button: "Sign in with your card",
    sign_in_name: "Account name (optional)",
    sign_in_name_hint: "Leave it empty on the computer you registered with. It helps only with keys that travel: those of a security key, or of the card itself.",
    sign_in_other_computer: "Registered on another computer, or with an earlier card? This computer has no credential of yours yet: sign in where you registered, press “Add another computer”, and come back with the code.",
    sign_in_no_account: "No account yet?",

    account_title: "Your account",
    account_name: "Account name",
    account_since: "Opened",
    vouched_title: "Who vouched for you",
    vouched_issuer: "Card",
    vouched_generation: "CA generation",
    vouched_confirmed: "Confirmed",
    vouched_until: "Certificate valid until",
    vouched_expired: "expired. With a key of this service’s own this card still signs you in, until you renew it; the card’s own key no longer does.",
    vouched_renewal: "A renewed or replaced card has another key, and credentials of the earlier card end with it. Before you renew, make a backup with the card software; it can be bound to the new card. Then sign in and add the new card here. Without a backup, ask the service’s operator for a code.",
    vouched_revocation: "Revocation",
    revocation_not_checked: "Not checked. Nobody has asked the issuer whether this certificate was revoked.",
    revocation_good: "Not revoked when it was last checked.",
    vouched_nobody: "Nobody. This account shows that the same passkey is used each time, not who you are.",
    badge_practice: "Practice",
    badge_test: "Test",
    note_practice: "A practice certificate. It proves nothing about anybody.",
    note_test: "A test certificate. It proves nothing about anybody.",
    credentials_title: "Credentials",
    credentials_kind: "Kind",
    credentials_created: "Registered",
    credentials_used: "Last used",
    credentials_proven: "What was proven",
    credentials_never: "not yet",
    credentials_current: "in use now",
    credentials_recent: "added recently",
    credentials_by_registering: "since registering",
    kind_passkey: "Passkey",
    key_card: "the card’s own key",
    key_sealed: "a key of this service’s own",
    proven_at_registration: "At registration:",
    proven_at_sign_in: "At each sign-in:",
    proven_registration_eid: "your card signed it, with its PIN.",
    proven_registration_passkey: "someone was verified by the device. Nobody vouched for who.",
    proven_sign_in_eid: "possession of this credential’s key. Your computer’s software reports that it keeps the key sealed, and opens it only with the card and its PIN. The card itself does not sign.",
    proven_sign_in_card: "a fresh signature by the card itself, after its PIN, with the very key its certificate is about. It works on any computer, and is the same key at every service that uses it.",
    proven_sign_in_passkey: "possession of this credential’s key, with verification by the device.",
    account_unknown_credential: "Is there a credential here that you did not add? Tell the service’s operator at once.",
    account_add: "Add a credential",
    account_add_computer: "Add another computer",

    not_found_title: "There is no such page",
    to_home: "To the first page",

    script: ScriptTexts {
        starting: "One moment…",
        waiting: "Continue in the window that opened: check the service, then type your card’s PIN there.",
        finishing: "Checking the card’s answer…",
        done: "Done.",
        cancelled: words(
            "It was not completed: cancelled, or it took too long.",
            "Put your card on the reader and try again.",
        ),
        no_sign_in: words(
            "It was not completed: cancelled, too late, or this computer has no credential of yours.",
            "Put your card on the reader and try again. If you registered on another computer or with an earlier card, add this computer with a code.",
        ),
        already_here: words(
            "This card already opens this account on this computer.",
            "There is nothing to add: sign in with it.",
        ),
        unsupported: words(
            "This browser cannot use cards or passkeys here.",
            "Open this page in Chromium or Chrome, on the computer with your card reader and the card extension.",
        ),
        no_authenticator: words(
            "The browser found nothing that can use a card here.",
            "Check that this is Chromium or Chrome with the card extension installed and switched on, and that your card is on the reader.",
        ),
        refused_by_browser: words(
            "The browser refused: the address of this page does not belong to this service.",
            "Check the address. If it is right, tell the service’s operator.",
        ),
        offline: words(
            "The service did not answer.",
            "Check your connection and try again.",
        ),
        save_registration: words(
            "Save the refused registration",
            "The service’s operator can find out from this file why it was refused. It has your certificate’s number in it: give it to nobody else.",
        ),
    },
    problem,
};

const fn problem(problem: Problem) -> Words {
    match problem {
        Problem::NameEmpty => words("The account name is missing.", "Write one, then try again."),
        Problem::NameTooLong => words(
            "The account name is too long.",
            "Choose one of at most 64 characters.",
        ),
        Problem::NameInvisible => words(
            "The account name has characters that cannot be seen.",
            "Type it anew instead of pasting it.",
        ),
        Problem::NameTaken => words(
            "This account name is taken.",
            "If the account is yours, sign in; on a new computer, add it with a code. Otherwise choose another name.",
        ),
        Problem::SignedInAsOther => words(
            "You are signed in to another account.",
            "Sign out first to open a new one.",
        ),
        Problem::LinkCode => words(
            "This code is not good: mistyped, already used, or expired.",
            "Check it, or make a new one on the computer where you are signed in: “Add another computer”.",
        ),
        Problem::ChallengeUnknown => words(
            "This attempt has expired or was already used.",
            "Start again from the beginning.",
        ),
        Problem::Malformed => words(
            "The answer of the browser or card cannot be read.",
            "Try again. If it happens again, update your browser and the card software.",
        ),
        Problem::AttestationRequired => words(
            "Your card’s certificate was not shown, and this service needs it.",
            "Register again, and switch on “Show my certificate” in the window that opens.",
        ),
        Problem::Attestation { kind, .. } => attestation(kind),
        Problem::NoCurrentIssuer => words(
            "The certification authorities that this service knows are out of their dates.",
            "Tell the service’s operator.",
        ),
        Problem::RevocationNotChecked => words(
            "This service cannot tell at present whether your certificate has been revoked, and does not accept it without knowing.",
            "Please try again later, or ask the service’s operator.",
        ),
        Problem::OtherOrigin => words(
            "The card’s answer was made for another site.",
            "Check the address of this page, and start again from it.",
        ),
        Problem::OtherRpId => words(
            "The card’s answer was made for another service.",
            "Check the address of this page, and start again from it.",
        ),
        Problem::NotVerified => words(
            "Nobody’s PIN was verified.",
            "Try again, and type your card’s PIN when it is asked for.",
        ),
        Problem::RegistrationRefused => words(
            "The registration does not pass the checks every passkey has to pass.",
            "Try again. If it happens again, update your browser and the card software.",
        ),
        Problem::CertificateTaken => words(
            "This card already has another account here.",
            "Sign in to it. If this computer cannot, sign in where you registered, press “Add another computer”, and enter that code here under “I have a code”. If that computer is gone, or you never registered this card, ask the service’s operator.",
        ),
        Problem::CredentialTaken => {
            words("This credential is registered already.", "Sign in with it.")
        }
        Problem::CardKeyRequired => words(
            "This service takes the card’s own key only, and another one was made.",
            "Register again, and switch on “Use the card’s own key” in the window that opens.",
        ),
        Problem::CardExpired => words(
            "Your card’s certificate has expired, and this credential with it.",
            "Sign in with another credential, or renew the card at your municipal office and ask the service’s operator for a code.",
        ),
        Problem::TooMany => words(
            "There were too many attempts within a minute.",
            "Wait a minute, then try again. Leave the account name empty if you can.",
        ),
        Problem::SignInFailed => words(
            "You could not be signed in.",
            "Try again with the computer and the card you registered with. To use another computer or a renewed card, add it with a code first. If you have no account yet, register.",
        ),
        Problem::NotSignedIn => words("You are not signed in.", "Sign in first."),
        Problem::CrossSite => words(
            "The request did not come from this service’s own pages.",
            "Open this service in a new tab and try again there.",
        ),
        Problem::NotJson => words(
            "The request is not JSON.",
            "Send it with Content-Type: application/json.",
        ),
        Problem::TooLarge => words("The request is too large.", "Send less."),
        Problem::NotFound => words(
            "There is nothing at this address.",
            "Check the address, or begin at the first page.",
        ),
        Problem::MethodNotAllowed => words(
            "This address does not take such requests.",
            "Check the method.",
        ),
        Problem::Internal => words(
            "Something went wrong on our side.",
            "Please try again later.",
        ),
    }
}

const fn attestation(kind: AttestationProblem) -> Words {
    match kind {
        AttestationProblem::Expired => words(
            "Your card’s certificate is out of its dates.",
            "Renew it at your municipal office, then register with the renewed card, or add it to the account you have with a code.",
        ),
        AttestationProblem::IssuerExpired => words(
            "Your certificate’s issuer is out of its dates.",
            "Renew it at your municipal office, then register with the renewed card, or add it to the account you have with a code.",
        ),
        AttestationProblem::UnknownIssuer => words(
            "This service does not trust the issuer of this certificate.",
            "Check that you are using the right card. Test and practice cards do not work here unless the operator allows them.",
        ),
        AttestationProblem::WrongCertificate => words(
            "This is not the card’s certificate for authentication.",
            "Use the certificate for user authentication (the one with the four-digit PIN).",
        ),
        AttestationProblem::Altered => words(
            "What the card signed is not what arrived here.",
            "Try again. If it happens again, do not go on, and tell the service’s operator.",
        ),
        AttestationProblem::Malformed => words(
            "The card’s certificate or signature cannot be read.",
            "Try again. If it happens again, update the card software.",
        ),
        AttestationProblem::Revoked => words(
            "Your card’s certificate has been revoked.",
            "Get a new certificate at your municipal office.",
        ),
        AttestationProblem::RevocationUnknown => words(
            "At present it cannot be found out whether your certificate has been revoked.",
            "Please try again later.",
        ),
    }
}
