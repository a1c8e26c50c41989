//! The windows that docs/screenshots shows: what the program sends to a pinentry in each state is kept there, and is what the
//! pictures are drawn from (browser-ext/scripts/windows.mjs).

use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;
use crate::messages::window::Button;
use crate::prompt::native::entry;
use crate::prompt::pinentry;

/// A window: its name, what it is, what is asked, and what is answered in the windows before it: a PIN, or nothing where one agrees.
type State = (
    &'static str,
    &'static str,
    fn(&mut NativePerson) -> Result<(), Refusal>,
    &'static [&'static str],
);

const STATES: &[State] = &[
    (
        "register",
        "The PIN at a registration.",
        |person| register(person, None, None),
        &[],
    ),
    (
        "sign-in",
        "The PIN at a sign-in.",
        |person| sign_in(person, THREE_TRIES, CARD),
        &[],
    ),
    (
        "wrong-pin",
        "That PIN was wrong.",
        |person| {
            sign_in(
                person,
                PinPrompt {
                    tries_left: 2,
                    previous_wrong: true,
                    ..THREE_TRIES
                },
                CARD,
            )
        },
        &[],
    ),
    (
        "impossible-pin",
        "That cannot be a PIN.",
        |person| sign_in(person, THREE_TRIES, CARD),
        &["12"],
    ),
    (
        "last-try",
        "A wrong PIN that leaves the last try: it needs a yes of its own.",
        |person| sign_in(person, LAST_TRY, CARD),
        &[],
    ),
    (
        "last-try-pin",
        "The PIN, for the last time.",
        |person| sign_in(person, LAST_TRY, CARD),
        &[""],
    ),
    (
        "certificate-expires-soon",
        "The card’s certificate ends soon.",
        |person| {
            sign_in(
                person,
                THREE_TRIES,
                CardView {
                    expiry: Expiry::Soon,
                    ..CARD
                },
            )
        },
        &[],
    ),
    (
        "certificate-expired",
        "The card’s certificate has ended.",
        |person| {
            sign_in(
                person,
                THREE_TRIES,
                CardView {
                    expiry: Expiry::Expired,
                    ..CARD
                },
            )
        },
        &[],
    ),
    (
        "on-pad",
        "The reader’s keypad asks for the PIN.",
        on_pad,
        &[],
    ),
    (
        "pad-unusable",
        "The reader’s keypad takes no such PIN.",
        |person| {
            sign_in(
                person,
                PinPrompt {
                    pad: PinPad::Unusable,
                    ..THREE_TRIES
                },
                CARD,
            )
        },
        &[],
    ),
    (
        "card-key",
        "May the card’s own key be used? The security key asks each in a window of its own.",
        |person| register(person, Some(CERTIFICATE), Some(CARD_KEY)),
        &[],
    ),
    (
        "certificate",
        "May the certificate be shown?",
        |person| register(person, Some(CERTIFICATE), Some(CARD_KEY)),
        &[""],
    ),
    (
        "remember",
        "Is the answer to be remembered?",
        |person| register(person, Some(CERTIFICATE), Some(CARD_KEY)),
        &["", ""],
    ),
    (
        "register-agreed",
        "The PIN, with what was agreed to.",
        |person| register(person, Some(CERTIFICATE), Some(CARD_KEY)),
        &["", "", ""],
    ),
    (
        "choose-account",
        "Which account? They are shown one by one.",
        choose_account,
        &[],
    ),
    (
        "already-registered",
        "The card is registered already.",
        |person| person.already_registered(&SITE),
        &[],
    ),
    (
        "no-credential",
        "Nothing here that could sign in.",
        |person| person.no_credential(&SITE),
        &[],
    ),
    (
        "insert-no-card",
        "It waits for a card.",
        |person| waits(person, CardError::NoCard),
        &[],
    ),
    (
        "insert-card-mute",
        "It waits for a card that lies there and does not answer.",
        |person| waits(person, CardError::Mute),
        &[],
    ),
    (
        "insert-card-busy",
        "It waits for a card that another program uses.",
        |person| waits(person, CardError::Busy),
        &[],
    ),
    (
        "insert-several-cards",
        "It waits until there is one card alone.",
        |person| waits(person, CardError::SeveralCards),
        &[],
    ),
    (
        "insert-pcsc-not-running",
        "It waits for the smart card service.",
        |person| waits(person, CardError::PcscNotRunning),
        &[],
    ),
    (
        "select",
        "A program asks for a security key.",
        |person| person.confirm(&Confirmation::Select(None)),
        &[],
    ),
    (
        "change-pin",
        "A program changes the PIN.",
        |person| person.confirm(&Confirmation::ChangePin { tries_left: 3 }),
        &[],
    ),
    (
        "reset",
        "A program erases everything.",
        |person| person.confirm(&Confirmation::Reset),
        &[],
    ),
];

fn register(
    person: &mut NativePerson,
    certificate: Option<CertificateOffer>,
    card_credential: Option<CardCredentialOffer>,
) -> Result<(), Refusal> {
    let account = account();
    let question = RegisterQuestion {
        certificate,
        card_credential,
        ..question(&account)
    };
    person.register(&question).map(|_| ())
}

fn sign_in(person: &mut NativePerson, pin: PinPrompt, card: CardView) -> Result<(), Refusal> {
    let question = SignInQuestion {
        site: SITE,
        pin: Some(pin),
        card,
        card_credential: false,
    };
    person.sign_in(&question).map(|_| ())
}

fn on_pad(person: &mut NativePerson) -> Result<(), Refusal> {
    sign_in(
        person,
        PinPrompt {
            pad: PinPad::Ready,
            ..THREE_TRIES
        },
        CARD,
    )?;
    loop {
        person.progress(Progress::PinOnPad)?;
    }
}

fn choose_account(person: &mut NativePerson) -> Result<(), Refusal> {
    // Noon in Japan: the same day wherever this runs.
    let account = Account {
        name: account(),
        created_at: 1_795_748_400,
    };
    person
        .choose_account(&SITE, &[account.clone(), account])
        .map(|_| ())
}

fn waits(person: &mut NativePerson, problem: CardError) -> Result<(), Refusal> {
    loop {
        person.insert_card(problem)?;
    }
}

/// What was sent for a window, as far as it is seen.
fn sent(window: &Window) -> Value {
    let seen = window
        .set
        .iter()
        .filter(|(name, _)| name.starts_with("SET") && name != "SETTIMEOUT");
    let lines = seen.map(|(name, text)| json!([name, text]));
    lines.chain([json!([window.command, ""])]).collect()
}

fn window_of(language: Language, &(_, _, ask, before): &State) -> Value {
    let mut seen = Value::Null;
    let refused = asked(language, ask, |pinentry, handle| {
        for answer in before {
            let window = pinentry.window();
            match *answer {
                "" => window.ok(),
                typed => window.type_in(typed),
            }
        }
        let window = pinentry.window();
        seen = sent(&window);
        // Nothing more is asked.
        handle.refuse(Refusal::Withdrawn);
        window.closed();
    });
    assert_eq!(refused, Err(Refusal::Withdrawn));
    seen
}

/// As it is in a ceremony of the extension with several cards.
fn window_of_a_chosen_card(language: Language) -> Value {
    let question = SignInQuestion {
        site: SITE,
        pin: Some(THREE_TRIES),
        card: CARD,
        card_credential: false,
    };
    let page =
        Page::of_sign_in(language, &question).reader(Some("SONY FeliCa RC-S300/P (1234567) 00 00"));
    let mut seen = Value::Null;
    let asked = entry::ask(page, THREE_TRIES, Button::SignIn, |dialog| {
        let scripted = ScriptedPinentry::new().unwrap();
        let program = Pinentry::at(scripted.program(), None, None);
        let _window = pinentry::Window::open(&program, TITLE, dialog, LONG, |_| {}).unwrap();
        seen = sent(&scripted.window());
        Err(Refusal::Cancelled)
    });
    assert!(asked.is_err());
    seen
}

/// `WRITE_DOCUMENTS=1` writes it; then `make screenshots` draws it.
#[test]
fn the_windows_in_the_screenshots_are_the_programs() {
    let mut windows = Vec::new();
    let mut add = |name: &str, says: &str, of: &dyn Fn(Language) -> Value| {
        let [english, japanese] = [Language::English, Language::Japanese].map(of);
        windows.push(json!({ "state": name, "says": says, "en": english, "ja": japanese }));
    };
    for state in STATES {
        add(state.0, state.1, &|language| window_of(language, state));
        if state.0 == "sign-in" {
            let says = "The PIN after a card was chosen in the extension’s prompt: it says which one is meant.";
            add("chosen-card", says, &window_of_a_chosen_card);
        }
    }
    let text = serde_json::to_string_pretty(&windows).unwrap() + "\n";
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("docs/screenshots/windows.json");
    if std::env::var_os("WRITE_DOCUMENTS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "run this test with WRITE_DOCUMENTS=1, then `make screenshots`, and look at what it changes"
    );
}
