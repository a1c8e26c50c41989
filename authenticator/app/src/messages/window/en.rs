//! English.

use super::super::terminal::Date;
use super::{Button, Phrase};

pub(super) fn phrase(phrase: &Phrase<'_>) -> String {
    match phrase {
        Phrase::Register => "Register with your My Number Card".into(),
        Phrase::SignIn => "Sign in with your My Number Card".into(),
        Phrase::RegisterOrSignIn => "Register or sign in with your My Number Card".into(),
        Phrase::ManageCredentials => "A program wants to list, change or remove\nthe credentials of your My Number Card on this computer.".into(),
        Phrase::StoreData => "A program wants to store data for sites\nbeside the credentials of your My Number Card.".into(),
        Phrase::Configure => "A program wants to change the settings\nof this authenticator.".into(),
        Phrase::Select => "A program asks for a security key.\nUse your My Number Card?".into(),
        Phrase::Reset => "A program wants to erase all credentials\nof your My Number Card on this computer.\n\nWithout a backup you can no longer sign in with them.\nThe card itself stays as it is.".into(),
        Phrase::ChangePin(tries) => format!(
            "A program wants to change the PIN of your card\n(user authentication, 4 digits).\n\nThe old and the new one were typed there.\n{}",
            tries_left(*tries)
        ),
        Phrase::Site(site) => format!("Site: {site}"),
        Phrase::CallsItself(name) => format!("Calls itself: {name}"),
        Phrase::Account(account) => format!("Account: {account}"),
        Phrase::CertificateShown => "Your certificate is shown to the site.".into(),
        Phrase::CertificateNotShown => "Your certificate is not shown to the site.".into(),
        Phrase::CardKeyUsed => "Key: the card’s own, the same at every site.".into(),
        Phrase::CardKeyNotUsed => "Key: for this site only, on this computer.".into(),
        Phrase::ShowCertificate(asked) => {
            let (asks, refuse) = if *asked {
                (
                    "This site asks you to identify yourself.\n",
                    "\nWithout it the site may refuse to register you.",
                )
            } else {
                ("", "")
            };
            format!(
                "{asks}Show your certificate?\n\nThe site learns its number, the same everywhere,\nand the municipality that issued it.\nNot your name, address or My Number.{refuse}"
            )
        }
        Phrase::UseCardKey(required) => {
            let off = if *required {
                "This site accepts no other kind of key."
            } else {
                "Otherwise: a key only for this site, on this computer."
            };
            format!(
                "Use the card’s own key?\n\nIt works on any computer with this card.\nIt is the same everywhere,\nso sites can recognise you by it.\n{off}"
            )
        }
        Phrase::Remember => {
            "Suggest the same the next time\nthat this site asks?".into()
        }
        Phrase::LastTry => "This is the last try for the PIN.\n\nIf it is wrong, the card locks it, and your municipal\noffice has to reset it. If you are not sure,\nstop here and look it up.".into(),
        Phrase::TriesLeft(tries) => tries_left(*tries),
        Phrase::Expired => "The card’s certificate has expired. Signing in still\nworks; have it renewed at your municipal office.".into(),
        Phrase::ExpiresSoon(day) => format!(
            "The card’s certificate expires on {}.\nHave it renewed at your municipal office.",
            date(*day)
        ),
        Phrase::WrongPin => "That PIN was wrong. Needed is the 4-digit one for user authentication.".into(),
        Phrase::ImpossiblePin => "The PIN has exactly four digits. No try was used up.".into(),
        Phrase::PinLabel => "PIN (4 digits):".into(),
        Phrase::ChooseAccount(number, count) => {
            format!("Sign in with this account? ({number} of {count})")
        }
        Phrase::Registered(day) => format!("Registered on {day}"),
        Phrase::AlreadyRegistered => "This card is already registered here.\nSign in instead.\n\nIf you continue, the site learns that this card\nis registered with the account.".into(),
        Phrase::NoCredential => "This computer has no credential of this card\nfor the site.\n\nRegister there first, or restore a backup.".into(),
    }
}

pub(super) fn button(button: Button) -> &'static str {
    match button {
        Button::Cancel => "_Cancel",
        Button::Continue => "C_ontinue",
        Button::Register => "_Register",
        Button::SignIn => "_Sign in",
        Button::Show => "_Show it",
        Button::DoNotShow => "Do _not show it",
        Button::UseCardKey => "_Use it",
        Button::DoNotUseCardKey => "Do _not use it",
        Button::Remember => "_Yes, next time too",
        Button::OnlyThisTime => "Only _this time",
        Button::RiskIt => "Yes, _risk it",
        Button::DoNotRiskIt => "Do _not risk it",
        Button::ThisOne => "_This one",
        Button::NextOne => "_Next one",
        Button::Erase => "_Erase all",
        Button::DoNotErase => "_Keep them",
        Button::ChangePin => "C_hange it",
        Button::DoNotChangePin => "_Keep it",
        Button::Use => "_Use it",
    }
}

fn tries_left(tries: u8) -> String {
    match tries {
        1 => "1 try left".into(),
        tries => format!("{tries} tries left"),
    }
}

fn date(Date { year, month, day }: Date) -> String {
    format!("{year}-{month:02}-{day:02}")
}
