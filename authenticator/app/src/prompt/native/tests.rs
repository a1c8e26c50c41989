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

mod pictures;
mod pin_pad;
mod programs;
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
