//! Windows of a registration: who asks, and what may go to the site.

use super::*;

#[test]
fn a_registration_shows_who_asks_and_for_whom_and_takes_the_pin() {
    let account = account();
    let (pin, answer) = registered(question(&account), |pinentry| {
        let window = pinentry.window();
        assert_eq!(window.command, "GETPIN");
        assert_eq!(window.text("SETTITLE"), "JPKI for WebAuthn");
        assert_eq!(
            window.description(),
            "Register with your My Number Card\n\n\
             Site: example.jp\nCalls itself: “Example Co.”\nAccount: “太郎” “taro@example.jp”\n\n\
             3 tries left"
        );
        assert_eq!(window.text("SETERROR"), "");
        assert_eq!(buttons(&window), ["Register", "Cancel"]);
        window.type_in("1234");
    })
    .unwrap();
    assert_eq!(pin.as_deref(), Some("1234"));
    assert!(!answer.disclose && !answer.card_credential && !answer.remember_site);
}

#[test]
fn the_certificate_is_asked_about_before_the_pin_and_cancelling_does_not_show_it() {
    let account = account();
    let question = || RegisterQuestion {
        certificate: Some(CERTIFICATE),
        ..question(&account)
    };
    let (_, answer) = registered(question(), |pinentry| {
        let window = pinentry.window();
        assert_eq!(window.command, "CONFIRM");
        assert!(window.description().contains("Show your certificate?"));
        assert!(window.description().contains("Site: example.jp"));
        assert_eq!(buttons(&window), ["Show it", "Do not show it"]);
        window.cancel();
        let window = pinentry.window();
        assert!(window.description().contains("certificate is not shown"));
        window.type_in("1234");
    })
    .unwrap();
    assert!(!answer.disclose && !answer.remember_site);

    let (_, answer) = registered(question(), |pinentry| {
        pinentry.window().ok();
        let window = pinentry.window();
        assert!(window.description().contains("certificate is shown"));
        assert_eq!(buttons(&window), ["Remember", "Only this time"]);
        window.ok();
        let window = pinentry.window();
        assert!(window.description().contains("certificate is shown"));
        window.type_in("1234");
    })
    .unwrap();
    assert!(answer.disclose && answer.remember_site);
}

#[test]
fn a_remembered_site_is_asked_about_again_and_not_remembered_twice() {
    let account = account();
    let question = RegisterQuestion {
        certificate: Some(CertificateOffer {
            switch: true,
            can_remember: false,
            ..CERTIFICATE
        }),
        ..question(&account)
    };
    let (_, answer) = registered(question, |pinentry| {
        let window = pinentry.window();
        assert_eq!(buttons(&window), ["Show it", "Do not show it"]);
        window.ok();
        pinentry.window().type_in("1234");
    })
    .unwrap();
    assert!(answer.disclose && !answer.remember_site);
}

#[test]
fn both_offers_are_asked_and_remembered_at_once() {
    let account = account();
    let question = RegisterQuestion {
        certificate: Some(CERTIFICATE),
        card_credential: Some(CARD_KEY),
        ..question(&account)
    };
    let (_, answer) = registered(question, |pinentry| {
        let window = pinentry.window();
        assert!(window.description().contains("Use the card’s own key?"));
        window.ok();
        pinentry.window().ok();
        let window = pinentry.window();
        assert!(window.description().contains("Remember this answer"));
        window.cancel();
        let window = pinentry.window();
        assert!(window.description().contains("the same at every site"));
        window.type_in("1234");
    })
    .unwrap();
    assert!(answer.disclose && answer.card_credential && !answer.remember_site);
}

#[test]
fn a_site_that_accepts_only_the_cards_key_gets_it_or_nothing() {
    let account = account();
    let question = RegisterQuestion {
        card_credential: Some(CardCredentialOffer {
            required: true,
            ..CARD_KEY
        }),
        ..question(&account)
    };
    let refused = registered(question, |pinentry| {
        let window = pinentry.window();
        assert!(window.description().contains("accepts no other kind"));
        window.cancel();
    });
    assert_eq!(refused.map(drop), Err(Refusal::Cancelled));
}
