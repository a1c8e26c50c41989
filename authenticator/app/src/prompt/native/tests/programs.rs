//! The same with the pinentries that people have: one that opens windows, and one for terminals.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::*;

const GTK: &str = "/usr/bin/pinentry-gtk-2";
const CURSES: &str = "/usr/bin/pinentry-curses";

/// A screen of its own, which nobody sees.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    fn new() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.as_mut().unwrap())
            .read_line(&mut number)
            .unwrap();
        let display = format!(":{}", number.trim());
        Self { server, display }
    }

    /// Runs xdotool.
    fn xdotool(&self, arguments: &[&str]) -> bool {
        Command::new("xdotool")
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    }

    /// Whether a window of ours is open. Without a window manager nobody else gives it the keyboard.
    fn finds_a_window(&self) -> bool {
        let name = "^JPKI for WebAuthn$";
        self.xdotool(&["search", "--onlyvisible", "--name", name, "windowfocus"])
    }

    /// Waits for a window, and presses these keys in it.
    fn press(&self, keys: &[&str]) {
        let until = Instant::now() + LONG;
        while !self.finds_a_window() {
            assert!(Instant::now() < until, "no window was opened");
            thread::sleep(Duration::from_millis(20));
        }
        // It fails where a key closes the window before it is let go of.
        self.xdotool(&[&["key", "--delay", "60"], keys].concat());
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn sign_in(person: &mut NativePerson) -> Result<String, Refusal> {
    let entry = person.sign_in(&SignInQuestion {
        site: SITE,
        pin: Some(THREE_TRIES),
        card: CARD,
        card_credential: false,
    })?;
    let digits = typed(&entry.unwrap());
    Ok(String::from_utf8(digits).unwrap())
}

#[test]
fn a_pin_typed_into_a_window_of_the_desktop_arrives() {
    let screen = Screen::new();
    for language in [Language::English, Language::Japanese] {
        let pinentry = Pinentry::at(GTK.into(), Some(&screen.display), None);
        assert!(pinentry.can_show_itself());
        let (mut person, _) = NativePerson::new(pinentry, language, Instant::now() + LONG);
        let typed = thread::scope(|scope| {
            let asking = scope.spawn(|| sign_in(&mut person));
            screen.press(&["4", "3", "2", "1", "Return"]);
            asking.join().unwrap()
        });
        assert_eq!(typed.as_deref(), Ok("4321"));
    }
}

/// In this one the keyboard is on the button that cancels, so that Enter agrees to nothing either.
#[test]
fn neither_escape_nor_enter_agrees_to_anything_in_a_window_of_the_desktop() {
    let screen = Screen::new();
    for key in ["Escape", "Return"] {
        let pinentry = Pinentry::at(GTK.into(), Some(&screen.display), None);
        let (mut person, _) = NativePerson::new(pinentry, Language::English, Instant::now() + LONG);
        let erased = thread::scope(|scope| {
            let asking = scope.spawn(|| person.confirm(&Confirmation::Reset));
            screen.press(&[key]);
            asking.join().unwrap()
        });
        assert_eq!(erased, Err(Refusal::Cancelled), "{key}");
    }
}

#[test]
fn a_window_of_the_desktop_closes_when_the_request_is_taken_back() {
    let screen = Screen::new();
    let pinentry = Pinentry::at(GTK.into(), Some(&screen.display), None);
    let (mut person, handle) =
        NativePerson::new(pinentry, Language::English, Instant::now() + LONG);
    let typed = thread::scope(|scope| {
        let asking = scope.spawn(|| sign_in(&mut person));
        screen.press(&["1", "2"]);
        handle.refuse(Refusal::Withdrawn);
        asking.join().unwrap()
    });
    assert_eq!(typed, Err(Refusal::Withdrawn));
    assert!(!screen.finds_a_window(), "its window is still there");
}

/// A terminal of its own, and its name.
fn terminal() -> (rexpect::session::PtySession, std::path::PathBuf) {
    let mut terminal = rexpect::spawn("sh -c 'tty; exec sleep 60'", Some(60_000)).unwrap();
    let name = terminal.read_line().unwrap();
    (terminal, name.trim().into())
}

#[test]
fn a_pin_typed_into_a_terminal_arrives() {
    let (mut terminal, name) = terminal();
    let pinentry = Pinentry::at(CURSES.into(), None, Some(name));
    assert!(pinentry.can_show_itself());
    let (mut person, _) = NativePerson::new(pinentry, Language::English, Instant::now() + LONG);
    let typed = thread::scope(|scope| {
        let asking = scope.spawn(|| sign_in(&mut person));
        terminal.exp_string("example.jp").unwrap();
        terminal.exp_string("3 tries left").unwrap();
        terminal.send("8765\r").unwrap();
        terminal.flush().unwrap();
        asking.join().unwrap()
    });
    assert_eq!(typed.as_deref(), Ok("8765"));
}

#[test]
fn a_program_that_cannot_show_itself_does_not_count() {
    assert!(!Pinentry::at(CURSES.into(), None, None).can_show_itself());
    // A desktop's program without a desktop falls back to a terminal.
    assert!(!Pinentry::at(GTK.into(), None, None).can_show_itself());
    assert!(!Pinentry::at("/bin/true".into(), None, None).can_show_itself());
    assert!(!Pinentry::at("/bin/cat".into(), None, None).can_show_itself());
}
