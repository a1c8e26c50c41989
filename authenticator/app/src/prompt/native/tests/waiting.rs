//! Windows that wait: for a card, for an answer; and what closes them.

use super::*;

#[test]
fn the_window_for_a_card_stays_until_there_is_one() {
    let ask = |person: &mut NativePerson| {
        for problem in [
            CardError::NoCard,
            CardError::NoCard,
            CardError::SeveralCards,
        ] {
            person.insert_card(problem).unwrap();
        }
        person.sign_in(&SignInQuestion {
            site: SITE,
            pin: Some(THREE_TRIES),
            card: CARD,
            card_credential: false,
        })
    };
    let entry = asked(Language::English, ask, |pinentry, _| {
        let window = pinentry.window();
        assert_eq!(window.command, "CONFIRM --one-button");
        assert!(
            window
                .description()
                .contains("Put your My Number Card on the reader.")
        );
        assert_eq!(buttons(&window), ["Cancel", ""]);
        // It looks again by itself, without another window.
        let another = pinentry.window();
        assert!(
            another
                .description()
                .contains("more than one My Number Card")
        );
        window.closed();
        let pin = pinentry.window();
        another.closed();
        pin.type_in("1234");
    });
    assert!(entry.is_ok());
}

#[test]
fn the_window_for_a_card_has_a_way_out() {
    let ask = |person: &mut NativePerson| {
        while person.insert_card(CardError::NoReader).is_ok() {}
        person.progress(Progress::CardWorking)
    };
    let asked = asked(Language::English, ask, |pinentry, _| pinentry.window().ok());
    assert_eq!(asked, Err(Refusal::Cancelled));
}

#[test]
fn a_request_that_is_taken_back_closes_its_window_and_opens_no_other() {
    let account = account();
    let ask = |person: &mut NativePerson| {
        let first = person.register(&question(&account)).map(drop);
        (
            first,
            person.progress(Progress::CardWorking),
            person.no_credential(&SITE),
        )
    };
    let refused = asked(Language::English, ask, |pinentry, handle| {
        let window = pinentry.window();
        handle.refuse(Refusal::Withdrawn);
        window.closed();
        handle.refuse(Refusal::CardRemoved);
    });
    let withdrawn = Err(Refusal::Withdrawn);
    assert_eq!(refused, (withdrawn, withdrawn, withdrawn));
}

#[test]
fn a_card_that_leaves_closes_its_window_and_another_can_be_asked_for() {
    let account = account();
    let ask = |person: &mut NativePerson| {
        let first = person.register(&question(&account)).map(drop);
        let card = person.insert_card(CardError::NoCard);
        (first, card, person.register(&question(&account)).map(drop))
    };
    let asked = asked(Language::English, ask, |pinentry, handle| {
        let window = pinentry.window();
        handle.refuse(Refusal::CardRemoved);
        window.closed();
        let window = pinentry.window();
        assert!(
            window
                .description()
                .contains("Put your My Number Card on the reader.")
        );
        pinentry.window().type_in("1234");
        window.closed();
    });
    assert_eq!(asked, (Err(Refusal::CardRemoved), Ok(()), Ok(())));
}

#[test]
fn nobody_answers_in_time() {
    let pinentry = ScriptedPinentry::new().unwrap();
    let program = || Pinentry::at(pinentry.program(), None, None);
    let soon = Instant::now() + Duration::from_millis(300);
    let (mut person, _) = NativePerson::new(program(), Language::English, soon);
    assert_eq!(person.no_credential(&SITE), Err(Refusal::TimedOut));
    let (mut person, _) = NativePerson::new(program(), Language::English, Instant::now());
    assert_eq!(person.no_credential(&SITE), Err(Refusal::TimedOut));
}
