//! English.

use super::{Button, Phrase};
use crate::messages::Language;

pub(super) fn phrase(phrase: &Phrase<'_>) -> String {
    match phrase {
        Phrase::Register => "Register with your My Number Card".into(),
        Phrase::SignIn => "Sign in with your My Number Card".into(),
        Phrase::RegisterOrSignIn => "Register or sign in with your My Number Card".into(),
        Phrase::ManageCredentials => "A program wants to list, change or remove\nthis card’s credentials on this computer.".into(),
        Phrase::StoreData => "A program wants to store data for sites\nwith your credentials.".into(),
        Phrase::Configure => "A program wants to change the settings\nof this authenticator.".into(),
        Phrase::Select => "A program asks for a security key.\nUse your My Number Card?".into(),
        Phrase::Reset => "Erase all of this card’s credentials\non this computer?\n\nA program asks for it.\nWithout a backup they are lost.\nThe card itself stays as it is.".into(),
        Phrase::ChangePin(tries) => format!(
            "Change the card’s user authentication PIN\n(4 digits)?\n\nA program asks for it.\nBoth PINs were typed there.\n{}",
            tries_left(*tries)
        ),
        Phrase::Site(site) => format!("Site: {site}"),
        Phrase::CallsItself(name) => format!("Calls itself: {name}"),
        Phrase::Account(account) => format!("Account: {account}"),
        Phrase::CertificateShown => "Your certificate is shown to the site.".into(),
        Phrase::CertificateNotShown => "Your certificate is not shown to the site.".into(),
        Phrase::CardKeyUsed => "Key: the card’s own, the same at every site.".into(),
        Phrase::CardKeyNotUsed => "Key: for this site only, on this computer.".into(),
        Phrase::Reader(name) => format!("Card in the reader: {name}"),
        Phrase::ShowCertificate(asked) => {
            let (asks, refuse) = if *asked {
                (
                    "This site asks you to identify yourself.\n",
                    "\nWithout it the site may turn you down.",
                )
            } else {
                ("", "")
            };
            format!(
                "{asks}Show your certificate?\n\nIt tells its number, the same everywhere,\nthe municipality that issued it, and its\nlast day, which is a birthday of yours.\nNot your name, address or My Number.{refuse}"
            )
        }
        Phrase::UseCardKey(required) => {
            let off = if *required {
                "This site accepts no other kind of key."
            } else {
                "Otherwise: a key for this site only."
            };
            format!(
                "Use the card’s own key?\n\nIt works on any computer with this card.\nIt is the same at every site,\nso sites can recognise you by it.\n{off}"
            )
        }
        Phrase::Remember => {
            "Remember this answer for this site?\nThen it may be given without asking again.".into()
        }
        Phrase::Problem(problem) => Language::English.problem_in_window(problem),
        Phrase::TriesLeft(tries) => tries_left(*tries),
        Phrase::PinOnPad => "Enter the user authentication PIN (4 digits)\non the card reader’s keypad,\nnot on the computer.".into(),
        Phrase::PinLabel => "User authentication PIN (4 digits):".into(),
        Phrase::ChooseAccount(number, count) => {
            format!("Sign in with this account? ({number} of {count})")
        }
        Phrase::Registered(day) => format!("Registered on {day}"),
    }
}

pub(super) fn button(button: Button) -> &'static str {
    match button {
        Button::Cancel => "Cancel",
        Button::Continue => "Continue",
        Button::Close => "Close",
        Button::Register => "Register",
        Button::SignIn => "Sign in",
        Button::Show => "Show it",
        Button::DoNotShow => "Do not show it",
        Button::UseCardKey => "Use it",
        Button::DoNotUseCardKey => "Do not use it",
        Button::Remember => "Remember",
        Button::OnlyThisTime => "Only this time",
        Button::RiskIt => "Yes, risk it",
        Button::DoNotRiskIt => "Do not risk it",
        Button::ThisOne => "This one",
        Button::NextOne => "Next one",
        Button::Erase => "Erase all",
        Button::DoNotErase => "Keep them",
        Button::ChangePin => "Change it",
        Button::DoNotChangePin => "Keep it",
        Button::Use => "Use it",
    }
}

fn tries_left(tries: u8) -> String {
    match tries {
        1 => "1 try left".into(),
        tries => format!("{tries} tries left"),
    }
}
