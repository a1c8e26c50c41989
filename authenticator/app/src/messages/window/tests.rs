use super::*;
use crate::messages::terminal::Date;

const DAY: Date = Date {
    year: 2031,
    month: 4,
    day: 1,
};

const PHRASES: &[Phrase<'static>] = &[
    Phrase::Register,
    Phrase::SignIn,
    Phrase::RegisterOrSignIn,
    Phrase::ManageCredentials,
    Phrase::StoreData,
    Phrase::Configure,
    Phrase::Select,
    Phrase::Reset,
    Phrase::ChangePin(3),
    Phrase::Site("example.jp"),
    Phrase::CallsItself("Example"),
    Phrase::Account("taro"),
    Phrase::CertificateShown,
    Phrase::CertificateNotShown,
    Phrase::CardKeyUsed,
    Phrase::CardKeyNotUsed,
    Phrase::Reader("Virtual PCD 00 00"),
    Phrase::ShowCertificate(true),
    Phrase::ShowCertificate(false),
    Phrase::UseCardKey(true),
    Phrase::UseCardKey(false),
    Phrase::Remember,
    Phrase::Problem(Problem::FewTries(1)),
    Phrase::TriesLeft(3),
    Phrase::TriesLeft(1),
    Phrase::Problem(Problem::CertificateExpired(DAY)),
    Phrase::Problem(Problem::CertificateExpiresSoon(DAY)),
    Phrase::Problem(Problem::WrongPin),
    Phrase::Problem(Problem::ImpossiblePin),
    Phrase::PinOnPad,
    Phrase::Problem(Problem::PadUnusable),
    Phrase::PinLabel,
    Phrase::ChooseAccount(1, 3),
    Phrase::Registered("2031-04-01"),
    Phrase::Problem(Problem::AlreadyRegistered),
    Phrase::Problem(Problem::NoCredential),
];

#[test]
fn every_phrase_is_said_differently_in_both_languages() {
    for phrase in PHRASES {
        let english = Language::English.phrase(phrase);
        let japanese = Language::Japanese.phrase(phrase);
        assert!(english.replace('’', "").is_ascii(), "{english}");
        assert!(!japanese.replace('’', "").is_ascii(), "{japanese}");
    }
    let mut said: Vec<_> = PHRASES
        .iter()
        .map(|phrase| Language::English.phrase(phrase))
        .collect();
    said.sort();
    said.dedup();
    assert_eq!(said.len(), PHRASES.len(), "two of them say the same");
}

/// pinentry-curses does not wrap long lines, and pinentry-gtk-2 does it badly, after about so much (measured).
#[test]
fn no_line_is_wider_than_a_window() {
    for phrase in PHRASES {
        for language in [Language::English, Language::Japanese] {
            for line in language.phrase(phrase).lines() {
                let width = crate::messages::terminal::width(line);
                assert!(width <= 46, "{width}: {line}");
            }
        }
    }
}
