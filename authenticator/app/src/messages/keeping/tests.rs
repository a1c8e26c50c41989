use std::io;
use std::path::PathBuf;

use authenticator_core::Failure;

use super::*;
use crate::backup::BackupProblem;

#[test]
fn every_trouble_says_what_happened_and_what_to_do_in_both_languages() {
    let path = || PathBuf::from("/somewhere/backup.age");
    let problems = [
        BackupProblem::WrongPassphrase,
        BackupProblem::Damaged,
        BackupProblem::NotABackup,
        BackupProblem::Newer,
        BackupProblem::TooLarge,
        BackupProblem::TooMuchWork,
    ];
    let mut troubles = vec![
        Trouble::GivenUp,
        Trouble::NoTerminal,
        Trouble::Core(Failure::SealBroken),
        Trouble::Core(Failure::PinLocked),
        Trouble::Core(Failure::WrongSignature),
        Trouble::Core(Failure::NoRandomness),
        Trouble::Core(Failure::Card(authenticator_core::CardError::Removed)),
        Trouble::Store(crate::store::StoreError::Newer),
        Trouble::File(path(), io::ErrorKind::PermissionDenied.into()),
        Trouble::NoFile(path()),
        Trouble::NoFolder(path()),
        Trouble::FileExists(path()),
        Trouble::NothingToBackUp,
        Trouble::NothingToRebind,
        Trouble::NothingOfThisCard,
        Trouble::MadeWithAnotherCard(path()),
        Trouble::MadeWithThisCard(path()),
        Trouble::AllUnderThisCard(path()),
        Trouble::NoSuchCredential("12ab".into()),
        Trouble::SeveralSuchCredentials("12ab".into()),
        Trouble::UnusableLabel,
    ];
    troubles.extend(problems.map(|problem| problem.of(&path())));
    let mut said = Vec::new();
    for trouble in &troubles {
        let english = Language::English.trouble(trouble);
        let japanese = Language::Japanese.trouble(trouble);
        assert!(english.what.ends_with('.'), "{english:?}");
        assert!(!english.action.is_empty(), "{english:?}");
        let has_kana = |text: &str| text.chars().any(|c| ('\u{3041}'..='\u{30FF}').contains(&c));
        assert!(
            has_kana(&japanese.what) && has_kana(&japanese.action),
            "{japanese:?}"
        );
        said.push(english.what);
    }
    said.sort();
    said.dedup();
    assert_eq!(said.len(), troubles.len(), "two of them say the same");
}
