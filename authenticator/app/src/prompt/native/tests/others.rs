//! The other questions; and what no window may do, whatever it is asked.

use super::*;

#[test]
fn erasing_and_changing_the_pin_need_a_yes() {
    for question in [
        Confirmation::Reset,
        Confirmation::ChangePin { tries_left: 3 },
    ] {
        let ask = |person: &mut NativePerson| person.confirm(&question);
        let no = asked(Language::English, ask, |pinentry, _| {
            pinentry.window().cancel();
        });
        assert_eq!(no, Err(Refusal::Cancelled));
        let yes = asked(Language::English, ask, |pinentry, _| pinentry.window().ok());
        assert_eq!(yes, Ok(()));
    }
    let ask = |person: &mut NativePerson| person.confirm(&Confirmation::Select(Some(SITE)));
    let selected = asked(Language::English, ask, |pinentry, _| {
        let window = pinentry.window();
        assert!(window.description().contains("Site: example.jp"));
        window.ok();
    });
    assert_eq!(selected, Ok(()));
}

#[test]
fn accounts_are_shown_one_by_one_until_one_is_the_right_one_or_none() {
    let named = |name: &str, created_at| Account {
        name: AccountName {
            name: Some(name.into()),
            display_name: None,
        },
        created_at,
    };
    let accounts = [named("taro", 1_800_000_000), named("hanako", 1_700_000_000)];
    let ask = |person: &mut NativePerson| person.choose_account(&SITE, &accounts);
    for agrees in [true, false] {
        let chosen = asked(Language::English, ask, |pinentry, _| {
            for (number, name, other) in [(1, "taro", "Next one"), (2, "hanako", "Cancel")] {
                let window = pinentry.window();
                let text = window.description();
                assert!(text.contains(&format!("({number} of 2)")), "{text}");
                assert!(text.contains(&format!("Account: “{name}”")), "{text}");
                assert_eq!(buttons(&window), ["This one", other]);
                if agrees && number == 2 {
                    window.ok();
                } else {
                    window.cancel();
                }
            }
        });
        let expected = if agrees {
            Ok(1)
        } else {
            Err(Refusal::Cancelled)
        };
        assert_eq!(chosen, expected);
    }
}

#[test]
fn what_only_needs_to_be_read_can_be_refused_too() {
    let ask = |person: &mut NativePerson| {
        (
            person.already_registered(&SITE),
            person.no_credential(&SITE),
        )
    };
    let told = asked(Language::English, ask, |pinentry, _| {
        let window = pinentry.window();
        assert!(window.description().contains("already registered"));
        window.cancel();
        let window = pinentry.window();
        assert!(window.description().contains("no credential"));
        window.ok();
    });
    assert_eq!(told, (Err(Refusal::Cancelled), Ok(())));
}

/// Whatever a pinentry does other than answer is no consent.
#[test]
fn a_pinentry_that_misbehaves_agrees_to_nothing() {
    let account = account();
    for said in [
        "",
        "OK\n",
        "D 1234\n",
        "ERR 83886142 Timeout <Pinentry>\n",
        "ERR 83918950 Inappropriate ioctl for device <Pinentry>\n",
        "INQUIRE PIN\n",
        "D 12%zz\nOK\n",
        "\nOK\n",
    ] {
        let refused = registered(question(&account), |pinentry| {
            pinentry.window().say(said);
            if said == "OK\n" {
                // Nothing typed is no PIN.
                pinentry.window().cancel();
            }
        });
        assert!(refused.is_err(), "{said:?}");
    }
    let (mut person, _) = NativePerson::new(
        Pinentry::at("/nonexistent/pinentry".into(), None, None),
        Language::English,
        Instant::now() + LONG,
    );
    assert_eq!(person.no_credential(&SITE), Err(Refusal::Cancelled));
}

#[test]
fn the_longest_and_oddest_names_fit_into_every_window() {
    let rp_id = "長".repeat(300);
    let name = "𠮷<b>".repeat(300);
    let account = AccountName {
        name: Some(name.clone()),
        display_name: Some("🦀".repeat(300)),
    };
    let site = Site {
        rp_id: &rp_id,
        name: Some(&name),
    };
    let question = RegisterQuestion {
        site,
        certificate: Some(CERTIFICATE),
        card_credential: Some(CARD_KEY),
        card: CardView {
            expiry: Expiry::Expired,
            ..CARD
        },
        ..question(&account)
    };
    for language in [Language::English, Language::Japanese] {
        let ask = |person: &mut NativePerson| {
            person.register(&question).map(drop).and_then(|()| {
                person.verify(&VerifyQuestion {
                    site: Some(site),
                    permissions: Permissions::MAKE_CREDENTIAL,
                    pin: THREE_TRIES,
                    card: CARD,
                })
            })
        };
        let entry = asked(language, ask, |pinentry, _| {
            for _ in 0..3 {
                pinentry.window().ok();
            }
            let window = pinentry.window();
            assert!(!window.description().contains(['<', '&']));
            window.type_in("1234");
            pinentry.window().type_in("1234");
        });
        assert!(entry.is_ok());
    }
}
