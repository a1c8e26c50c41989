use super::*;

#[test]
fn a_validity_that_ends_at_midnight_in_japan_ends_on_that_day() {
    // 2029-04-01T14:59:59Z is 23:59:59 in Japan; a second later it is the second of April.
    assert_eq!(
        Date::in_japan(1_869_749_999),
        Date {
            year: 2029,
            month: 4,
            day: 1
        }
    );
    assert_eq!(
        Date::in_japan(1_869_750_000),
        Date {
            year: 2029,
            month: 4,
            day: 2
        }
    );
    assert_eq!(
        Date::in_japan(u64::MAX),
        Date {
            year: 9999,
            month: 12,
            day: 31
        }
    );
}

#[test]
fn japanese_characters_take_two_columns() {
    assert_eq!(width("PIN"), 3);
    assert_eq!(width("暗証番号"), 8);
    assert_eq!(width("リーダー"), 8);
    assert_eq!(pad("カード", 8), "カード  ");
    assert_eq!(pad("longer than that", 4), "longer than that");
}

#[test]
fn marks_are_of_one_width() {
    for language in [Language::English, Language::Japanese] {
        for mark in [Text::Passed, Text::Caution, Text::Failed] {
            assert_eq!(width(&language.text(&mark)), 4, "{mark:?}");
        }
    }
}

#[test]
fn every_problem_says_what_happened_and_what_to_do_in_both_languages() {
    let path = Path::new("/somewhere");
    let day = Date {
        year: 2031,
        month: 4,
        day: 1,
    };
    let problems = [
        Problem::NoPinentry,
        Problem::PcscNotInstalled,
        Problem::PcscNotRunning,
        Problem::PcscNotAllowed,
        Problem::PcscFault("x"),
        Problem::NoReader,
        Problem::ReaderGone,
        Problem::NoCard,
        Problem::SeveralCards,
        Problem::CardRemoved,
        Problem::CardChanged,
        Problem::CardBusy,
        Problem::CardMute,
        Problem::NotAMyNumberCard,
        Problem::NoCertificate,
        Problem::Phone,
        Problem::CertificateUnusable,
        Problem::CertificateExpired(day),
        Problem::CertificateExpiresSoon(day),
        Problem::CertificateNotYetValid(day),
        Problem::TriesUnknown,
        Problem::FewTries(1),
        Problem::FewTries(2),
        Problem::PinLocked,
        Problem::NoCredential,
        Problem::AlreadyRegistered,
        Problem::WrongPin,
        Problem::ImpossiblePin,
        Problem::PadUnusable,
        Problem::WeakPassphrase(16),
        Problem::PassphrasesDiffer,
        Problem::CardUnsupported(Operation::SignSha512, 0x6A80),
        Problem::CardFailed(""),
        Problem::NoHome,
        Problem::NeedsAdministrator(path),
        Problem::FileFailed(path, "no space left"),
        Problem::OwnPathUnknown,
        Problem::NeitherWay("Chromium"),
        Problem::ManifestBroken(path),
        Problem::ManifestOtherExtension(path),
        Problem::ManifestProgramMissing(path),
        Problem::ManifestOtherProgram(path),
        Problem::SandboxedBrowser("Chromium", Sandbox::Snap),
        Problem::BrowserMissing("Chromium"),
        Problem::BlockedByPolicy("Microsoft Edge", path),
        Problem::NotOfUsersByPolicy("Google Chrome", path),
        Problem::StorageNotPrivate(path),
        Problem::StorageForeign(path),
        Problem::SecretsDamaged(path),
        Problem::SecretsMissing(path),
        Problem::StorageNewer,
        Problem::StorageFault("disk I/O error"),
        Problem::NotBackedUp(2),
        Problem::ProgramNotSafe(path),
    ];
    for problem in problems {
        let english = Language::English.problem(&problem);
        let japanese = Language::Japanese.problem(&problem);
        assert!(
            english.what.is_ascii() || english.what.contains('’'),
            "{english:?}"
        );
        assert!(
            english.what.ends_with('.') && !english.what.contains(".."),
            "{english:?}"
        );
        assert!(!english.action.is_empty() && !japanese.action.is_empty());
        let has_kana = |text: &str| text.chars().any(|c| ('\u{3041}'..='\u{30FF}').contains(&c));
        assert!(
            has_kana(&japanese.what) && has_kana(&japanese.action),
            "{japanese:?}"
        );
    }
    assert_eq!(
        Language::English
            .problem(&Problem::CertificateExpired(day))
            .what,
        "The card’s certificate expired on 2031-04-01."
    );
    assert!(
        Language::Japanese
            .problem(&Problem::CertificateExpired(day))
            .what
            .contains("2031年4月1日")
    );
}
