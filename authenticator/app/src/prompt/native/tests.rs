use std::thread;
use std::time::{Duration, Instant};

use authenticator_core::{
    Account, AccountName, CardCredentialOffer, CardError, CardView, CertificateOffer, Confirmation,
    Expiry, Holder, Permissions, Person, PinEntry, PinPad, PinPrompt, PinSource, Progress, Refusal,
    RegisterAnswer, RegisterQuestion, SignInQuestion, Site, VerifyQuestion,
};
use jpki_lab::pinentry::{ScriptedPinentry, Window};

use super::*;
use crate::messages::Language;
use crate::prompt::pinentry::Pinentry;

mod others;
mod pictures;
mod pin;
mod pin_pad;
mod programs;
mod registration;
mod waiting;

const LONG: Duration = Duration::from_secs(60);

const SITE: Site<'static> = Site {
    rp_id: "example.jp",
    name: Some("Example Co."),
};

const CARD: CardView = CardView {
    not_after: 1_932_821_999,
    expiry: Expiry::Far,
};

const THREE_TRIES: PinPrompt = PinPrompt {
    tries_left: 3,
    previous_wrong: false,
    last_try: false,
    pad: PinPad::Absent,
};

/// The digits that were typed.
fn typed(entry: &PinEntry) -> Vec<u8> {
    match &entry.pin {
        PinSource::Typed(pin) => pin.digits().to_vec(),
        PinSource::OnPad => panic!("nothing was typed"),
    }
}

const LAST_TRY: PinPrompt = PinPrompt {
    tries_left: 1,
    previous_wrong: true,
    last_try: true,
    pad: PinPad::Absent,
};

const CERTIFICATE: CertificateOffer = CertificateOffer {
    switch: false,
    asked: true,
    can_remember: true,
};

const CARD_KEY: CardCredentialOffer = CardCredentialOffer {
    switch: false,
    required: false,
    can_remember: true,
};

/// What is asked in one thread is answered in the other.
fn asked<T: Send>(
    language: Language,
    ask: impl FnOnce(&mut NativePerson) -> T + Send,
    answer: impl FnOnce(&ScriptedPinentry, &Handle),
) -> T {
    let pinentry = ScriptedPinentry::new().unwrap();
    let program = Pinentry::at(pinentry.program(), None, None);
    let (mut person, handle) = NativePerson::new(program, language, Instant::now() + LONG);
    thread::scope(|scope| {
        let asking = scope.spawn(move || ask(&mut person));
        answer(&pinentry, &handle);
        let answer = asking.join().unwrap();
        assert!(!pinentry.has_window(), "a window nobody needed");
        answer
    })
}

fn account() -> AccountName {
    AccountName {
        name: Some("taro@example.jp".into()),
        display_name: Some("太郎".into()),
    }
}

/// A registration, answered; what was answered, with the PIN's digits.
fn registered(
    question: RegisterQuestion<'_>,
    answer: impl FnOnce(&ScriptedPinentry),
) -> Result<(Option<String>, RegisterAnswer), Refusal> {
    let ask = |person: &mut NativePerson| person.register(&question);
    asked(Language::English, ask, |pinentry, _| answer(pinentry)).map(|answer| {
        let pin = answer.entry.as_ref().map(typed);
        (pin.map(|pin| String::from_utf8(pin).unwrap()), answer)
    })
}

fn question(account: &AccountName) -> RegisterQuestion<'_> {
    RegisterQuestion {
        site: SITE,
        account,
        pin: Some(THREE_TRIES),
        card: CARD,
        certificate: None,
        card_credential: None,
    }
}

/// The button that agrees, and the one that does not. There is no third, because GNOME's windows have none.
fn buttons(window: &Window) -> [&str; 2] {
    assert_eq!(window.text("SETNOTOK"), "");
    ["SETOK", "SETCANCEL"].map(|name| window.text(name))
}
