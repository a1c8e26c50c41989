//! Windows that ask for the PIN, and those that ask instead or before.

use super::*;

#[test]
fn after_a_wrong_pin_only_the_pin_is_asked_for_again() {
    let account = account();
    let first = RegisterQuestion {
        certificate: Some(CERTIFICATE),
        ..question(&account)
    };
    let again = RegisterQuestion {
        certificate: Some(CertificateOffer {
            switch: true,
            ..CERTIFICATE
        }),
        pin: Some(PinPrompt {
            tries_left: 2,
            previous_wrong: true,
            last_try: false,
            pad: PinPad::Absent,
        }),
        ..question(&account)
    };
    let ask = |person: &mut NativePerson| {
        person.register(&first).unwrap();
        person.register(&again).unwrap()
    };
    let answer = asked(Language::English, ask, |pinentry, _| {
        pinentry.window().ok();
        pinentry.window().cancel();
        pinentry.window().type_in("9999");
        let window = pinentry.window();
        assert!(window.text("SETERROR").contains("PIN was wrong"));
        assert!(window.description().contains("2 tries left"));
        assert!(window.description().contains("certificate is shown"));
        window.type_in("1234");
    });
    assert!(answer.disclose && !answer.remember_site);
}

#[test]
fn what_cannot_be_a_pin_is_asked_for_again_here() {
    let account = account();
    let (pin, _) = registered(question(&account), |pinentry| {
        for typed in ["", "123", "12345", "１２３４", "12%0A4"] {
            let window = pinentry.window();
            assert!(window.description().contains("3 tries left"));
            window.type_in(typed);
        }
        let window = pinentry.window();
        assert!(window.text("SETERROR").contains("No try was used up"));
        window.type_in("0000");
    })
    .unwrap();
    assert_eq!(pin.as_deref(), Some("0000"));
}

#[test]
fn the_last_try_needs_a_yes_of_its_own() {
    let question = || SignInQuestion {
        site: SITE,
        pin: Some(LAST_TRY),
        card: CARD,
        card_credential: false,
    };
    let ask = |person: &mut NativePerson| person.sign_in(&question());
    let refused = asked(Language::English, ask, |pinentry, _| {
        let window = pinentry.window();
        assert_eq!(window.command, "CONFIRM");
        assert!(window.description().contains("This is the last try"));
        assert!(window.description().starts_with("That PIN was wrong."));
        assert_eq!(buttons(&window), ["Yes, risk it", "Do not risk it"]);
        window.cancel();
    });
    assert_eq!(refused.map(drop), Err(Refusal::Cancelled));
    let entry = asked(Language::English, ask, |pinentry, _| {
        pinentry.window().ok();
        let window = pinentry.window();
        assert!(window.description().contains("1 try left"));
        window.type_in("1234");
    });
    assert!(entry.unwrap().unwrap().last_try.is_some());
}

#[test]
fn a_card_that_has_verified_the_pin_needs_only_a_yes() {
    let ask = |person: &mut NativePerson| {
        person.sign_in(&SignInQuestion {
            site: SITE,
            pin: None,
            card: CardView {
                expiry: Expiry::Expired,
                ..CARD
            },
            card_credential: true,
        })
    };
    let entry = asked(Language::Japanese, ask, |pinentry, _| {
        let window = pinentry.window();
        assert_eq!(window.command, "CONFIRM");
        assert_eq!(
            window.description(),
            "マイナンバーカードでサインイン\n\nサイト: example.jp\n名乗り: “Example Co.”\n\n\
             鍵: カード自体の鍵(どのサイトでも同じ)\n\n\
             電子証明書の有効期限が切れています。\nサインインはできます。\nバックアップを作ってから、\n市区町村の窓口で更新してください。\nコード: JPKI-certificate-expired"
        );
        assert_eq!(buttons(&window), ["サインインする", "キャンセル"]);
        window.ok();
    });
    assert!(entry.unwrap().is_none());
}

#[test]
fn a_token_is_asked_for_by_what_it_is_good_for() {
    for (permissions, site, heading) in [
        (Permissions::MAKE_CREDENTIAL, Some(SITE), "Register with"),
        (Permissions::GET_ASSERTION, Some(SITE), "Sign in with"),
        (
            Permissions::CREDENTIAL_MANAGEMENT,
            None,
            "list, change or remove",
        ),
        (Permissions::LARGE_BLOB_WRITE, None, "store data"),
        (Permissions::CONFIGURATION, None, "change the settings"),
    ] {
        let ask = |person: &mut NativePerson| {
            person.verify(&VerifyQuestion {
                site,
                permissions,
                pin: THREE_TRIES,
                card: CARD,
            })
        };
        let entry = asked(Language::English, ask, |pinentry, _| {
            let window = pinentry.window();
            assert!(window.description().contains(heading), "{heading}");
            assert_eq!(
                window.description().contains("Site: example.jp"),
                site.is_some()
            );
            window.type_in("1234");
        });
        assert_eq!(typed(&entry.unwrap()), b"1234");
    }
}
