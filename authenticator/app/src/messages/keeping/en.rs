//! English.

use authenticator_core::CredentialKind;

use super::Line;
use crate::backup::SHORTEST_PASSPHRASE;
use crate::local_time;
use crate::messages::program;

pub(super) fn line(line: &Line<'_>) -> String {
    match line {
        Line::Nothing => String::new(),
        Line::CardWorks => "Leave the card where it is until this is done.".into(),
        Line::Pin(reader, 1) => {
            format!("User authentication PIN of the card in {reader} (4 digits, 1 try left):")
        }
        Line::Pin(reader, left) => {
            format!(
                "User authentication PIN of the card in {reader} (4 digits, {left} tries left):"
            )
        }
        Line::PinOnPad(reader, left) => {
            let tries = if *left == 1 { "try" } else { "tries" };
            format!(
                "Enter the user authentication PIN (4 digits, {left} {tries} left) on the keypad of {reader}, not here."
            )
        }
        Line::RiskTheLastTry => "Type \"yes\" to risk the last try, anything else to stop:".into(),
        Line::ChoosePassphrase => format!(
            "Whoever has the file and its passphrase can sign in as you, without the card.\n\
             Choose a passphrase of at least {SHORTEST_PASSPHRASE} characters (five random words, say), or press Enter to have one made."
        ),
        Line::NewPassphrase => "Passphrase:".into(),
        Line::PassphraseAgain => "The same again:".into(),
        Line::MadePassphrase(made) => format!(
            "Your passphrase, shown this once. Write it down, and keep it apart from the file:\n\n    {made}\n"
        ),
        Line::Passphrase => "Passphrase of the backup:".into(),
        Line::Encrypting => "Encrypting …".into(),
        Line::Decrypting => "Opening …".into(),
        Line::BackedUp(count, path) => format!(
            "{} in {}.\nKeep it on something that you can lock away. Credentials whose key is the card’s own are not in it: they need no backup.\nRegistrations made from now on need a new one.",
            credentials(*count, "is", "are"),
            path.display()
        ),
        Line::BackupHolds(count, at, sites) => format!(
            "The backup of {} holds {}, for: {}.",
            local_time::day(*at),
            plural(*count),
            sites.join(", ")
        ),
        Line::Restored(0, present) => format!(
            "{} here already. Nothing was changed.",
            credentials(*present, "was", "were")
        ),
        Line::Restored(restored, 0) => {
            format!("{} restored.", credentials(*restored, "was", "were"))
        }
        Line::Restored(restored, present) => format!(
            "{} restored; {} here already.",
            credentials(*restored, "was", "were"),
            credentials(*present, "was", "were")
        ),
        Line::Rebound(0) => "No credential was moved to the new card.".into(),
        Line::ChangedMeanwhile(count) => format!(
            "{} changed or removed by another program in the meantime, and left alone.",
            credentials(*count, "was", "were")
        ),
        Line::StillUnderTheOldCard(count) => format!(
            "{} still under the old card.\n→ While you have the old card, run: {} rebind",
            credentials(*count, "is", "are"),
            program()
        ),
        Line::Rebound(count) => format!(
            "{} sealed under the new card. The old card opens nothing of that on this computer any more.\nCredentials whose key was the old card’s own end with it: register anew with those sites.",
            credentials(*count, "is now", "are now")
        ),
        Line::FirstTheOldCard => "First the old card.".into(),
        Line::NowTheNewCard => "Now the new card. Nothing has been changed yet.".into(),
        Line::PutAKnownCard => {
            "Put a card on a reader that credentials on this computer were made with.".into()
        }
        Line::PutTheNewCard => {
            "Put the new card on a reader, in place of the old one or beside it.".into()
        }
        Line::NoCredentials => "There are no credentials on this computer.".into(),
        Line::ConfirmRemoval(id, site, CredentialKind::Card) => format!(
            "{id} is for {site}, with the card’s own key. This computer will no longer find it by itself; where the site names it, the card still signs in.\nType \"yes\" to remove it:"
        ),
        Line::ConfirmRemoval(id, site, _) => format!(
            "{id} is for {site}. Without it this computer cannot sign in there with this registration, and it cannot be brought back except from a backup.\nType \"yes\" to remove it:"
        ),
        Line::Removed(site) => format!(
            "Removed. {site} still lists it: take it away there too, in the account’s settings."
        ),
        Line::Renamed(label) => format!(
            "It is called {label} now. The name is kept unencrypted on this computer, and is shown to no site."
        ),
        Line::LabelRemoved => "It has no name now.".into(),
        Line::Id => "ID".into(),
        Line::Site => "Site".into(),
        Line::Kind => "Kind".into(),
        Line::KindOf(CredentialKind::Card) => "card".into(),
        Line::KindOf(_) => "pairwise".into(),
        Line::Card => "Card".into(),
        Line::CardName(letter, true) => format!("{letter} (here)"),
        Line::CardName(letter, false) => letter.to_string(),
        Line::Made => "Made".into(),
        Line::Used => "Last used".into(),
        Line::Never => "never".into(),
        Line::Backup => "Backup".into(),
        Line::InBackup => "yes".into(),
        Line::NotInBackup => "no".into(),
        Line::NoBackupNeeded => "not needed".into(),
        Line::Label => "Name".into(),
        Line::Account => "Account".into(),
        Line::Sealed => "(sealed)".into(),
        Line::MakeABackup(program) => format!(
            "Some credentials are in no backup. Without one they end with the card’s certificate.\n→ Run: {program} backup FILE"
        ),
    }
}

fn plural(count: usize) -> String {
    match count {
        1 => "1 credential".into(),
        count => format!("{count} credentials"),
    }
}

fn credentials(count: usize, one: &str, many: &str) -> String {
    let verb = if count == 1 { one } else { many };
    format!("{} {verb}", plural(count))
}
