//! The window that stands while the reader's PIN pad asks for the PIN.

use super::*;
use crate::messages::window::Button;

/// Nothing here takes so long.
const HANGING: Duration = Duration::from_secs(20);

const ON_PAD: PinPrompt = PinPrompt {
    pad: PinPad::Ready,
    ..THREE_TRIES
};

fn sign_in(person: &mut NativePerson, pin: PinPrompt) -> Result<Option<PinEntry>, Refusal> {
    person.sign_in(&SignInQuestion {
        site: SITE,
        pin: Some(pin),
        card: CARD,
        card_credential: false,
    })
}

/// Nothing was typed, and the answer says that nothing will be.
fn is_on_pad(entry: &Option<PinEntry>) -> bool {
    matches!(entry, Some(PinEntry { pin, .. }) if matches!(pin, PinSource::OnPad))
}

/// The core's part: it says that the pad waits until that is not wanted any more.
fn wait_at_the_pad(person: &mut NativePerson) -> Refusal {
    let begun = Instant::now();
    while begun.elapsed() < HANGING {
        if let Err(refusal) = person.progress(Progress::PinOnPad) {
            return refusal;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("the pad is still waited for");
}

#[test]
fn while_the_pad_waits_a_window_says_so_and_has_no_field_for_the_pin() {
    for (language, said) in [
        (
            Language::English,
            "Sign in with your My Number Card\n\n\
             Site: example.jp\nCalls itself: “Example Co.”\n\n\
             Enter the user authentication PIN (4 digits)\non the card reader’s keypad,\nnot on the computer.\n3 tries left",
        ),
        (
            Language::Japanese,
            "マイナンバーカードでサインイン\n\n\
             サイト: example.jp\n名乗り: “Example Co.”\n\n\
             利用者証明用の暗証番号(数字4桁)を、\nパソコンではなくカードリーダーのテンキーで\n入力してください。\n残り3回",
        ),
    ] {
        let (told, next) = std::sync::mpsc::channel();
        let ask = move |person: &mut NativePerson| {
            let entry = sign_in(person, ON_PAD).unwrap();
            person.progress(Progress::PinOnPad).unwrap();
            person.progress(Progress::PinOnPad).unwrap();
            // Until the test has seen the window.
            next.recv_timeout(HANGING).unwrap();
            person.progress(Progress::CardWorking).unwrap();
            is_on_pad(&entry)
        };
        assert!(asked(language, ask, |pinentry, _| {
            let window = pinentry.window();
            assert_eq!(window.command, "CONFIRM --one-button");
            assert_eq!(window.description(), said);
            assert_eq!(window.text("SETERROR"), "");
            assert_eq!(window.text("SETOK"), language.button(Button::Cancel));
            told.send(()).unwrap();
            window.closed();
        }));
    }
}

#[test]
fn its_button_cancels() {
    let ask = |person: &mut NativePerson| {
        sign_in(person, ON_PAD).unwrap();
        wait_at_the_pad(person)
    };
    let refusal = asked(Language::English, ask, |pinentry, _| pinentry.window().ok());
    assert_eq!(refusal, Refusal::Cancelled);
}

#[test]
fn a_request_that_is_taken_back_closes_it() {
    let ask = |person: &mut NativePerson| {
        sign_in(person, ON_PAD).unwrap();
        wait_at_the_pad(person)
    };
    let refusal = asked(Language::English, ask, |pinentry, handle| {
        let window = pinentry.window();
        handle.refuse(Refusal::Withdrawn);
        drop(window);
    });
    assert_eq!(refusal, Refusal::Withdrawn);
}

#[test]
fn what_went_wrong_before_is_said_in_it() {
    let prompt = |previous_wrong, pad| PinPrompt {
        tries_left: 2,
        previous_wrong,
        last_try: false,
        pad,
    };
    for (pin, error) in [
        (prompt(true, PinPad::Ready), "That PIN was wrong."),
        (prompt(false, PinPad::WrongLength), "exactly four digits"),
    ] {
        let ask = |person: &mut NativePerson| {
            sign_in(person, pin).unwrap();
            wait_at_the_pad(person)
        };
        asked(Language::English, ask, |pinentry, _| {
            let window = pinentry.window();
            let text = window.description();
            let first = text.split("\n\n").next().unwrap();
            assert!(first.contains(error), "{error} in {text}");
            assert!(text.ends_with("2 tries left"));
            window.ok();
        });
    }
}

#[test]
fn the_last_try_on_the_pad_needs_a_yes_before() {
    let last = PinPrompt {
        pad: PinPad::Ready,
        ..LAST_TRY
    };
    let ask = |person: &mut NativePerson| sign_in(person, last);
    let entry = asked(Language::English, ask, |pinentry, _| {
        let window = pinentry.window();
        assert_eq!(buttons(&window), ["Yes, risk it", "Do not risk it"]);
        window.ok();
    })
    .unwrap();
    assert!(is_on_pad(&entry));
    assert!(entry.unwrap().last_try.is_some());

    let entry = asked(Language::English, ask, |pinentry, _| {
        pinentry.window().cancel();
    });
    assert_eq!(entry.map(drop), Err(Refusal::Cancelled));
}

/// What was agreed to is not asked again because of the pad.
#[test]
fn where_the_pad_takes_no_such_pin_a_field_asks_for_it() {
    let account = account();
    let question = |pad| RegisterQuestion {
        pin: Some(PinPrompt { pad, ..THREE_TRIES }),
        certificate: Some(CERTIFICATE),
        ..question(&account)
    };
    let ask = |person: &mut NativePerson| {
        let on_pad = person.register(&question(PinPad::Ready)).unwrap();
        assert!(is_on_pad(&on_pad.entry) && on_pad.disclose);
        let again = person.register(&question(PinPad::WrongLength)).unwrap();
        assert!(is_on_pad(&again.entry) && again.disclose);
        person.register(&question(PinPad::Unusable)).unwrap()
    };
    let answer = asked(Language::English, ask, |pinentry, _| {
        pinentry.window().ok();
        pinentry.window().cancel();
        let window = pinentry.window();
        assert_eq!(window.command, "GETPIN");
        assert!(window.text("SETERROR").contains("Type the PIN here."));
        window.type_in("1234");
    });
    assert!(answer.disclose);
    assert_eq!(typed(&answer.entry.unwrap()), b"1234");
}

/// Nothing waits for a person who cannot see it.
#[test]
fn a_pad_without_a_window_is_not_waited_for() {
    let ask = |person: &mut NativePerson| person.progress(Progress::PinOnPad);
    let refusal = asked(Language::English, ask, |_, _| {});
    assert_eq!(refusal, Err(Refusal::Cancelled));
}
