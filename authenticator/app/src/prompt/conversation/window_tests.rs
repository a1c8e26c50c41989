use std::io::{empty, sink};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use jpki_lab::pinentry::ScriptedPinentry;
use zeroize::Zeroizing;

use super::*;
use crate::client::origin::{Origin, RpId};
use crate::native_messaging::incoming::{Answer as Answered, Approval, Choice, Incoming};
use crate::native_messaging::port::Port;
use crate::prompt::pinentry::Kind;

const LONG: Duration = Duration::from_secs(60);

fn dialog() -> Dialog {
    Dialog {
        kind: Kind::Pin("PIN".into()),
        ok: "OK".into(),
        ..Dialog::default()
    }
}

fn typed(pin: &str) -> Answer {
    Answer::Typed(Zeroizing::new(pin.to_owned()))
}

/// What is asked in one thread is answered in the other.
fn asked<T: Send>(
    ask: impl FnOnce(&mut Conversation<'_>, &Pinentry) -> T + Send,
    answer: impl FnOnce(&ScriptedPinentry, &Sender<Event>),
) -> T {
    let pinentry = ScriptedPinentry::new().unwrap();
    let program = Pinentry::at(pinentry.program(), None, None);
    let (told, sender) = mpsc::channel();
    thread::scope(|scope| {
        let asking = scope.spawn(move || {
            let origin = Origin::parse("https://example.jp").unwrap();
            let rp_id = RpId::for_origin(&origin, None, false).unwrap();
            // Its reading thread is not part of these tests.
            let mut port = Port::new(empty(), sink()).unwrap();
            assert!(matches!(port.wait(None), Some(Event::Closed)));
            let deadline = Instant::now() + LONG;
            let mut conversation = Conversation::new(&mut port, &origin, &rp_id, None, deadline);
            told.send(conversation.sender()).unwrap();
            ask(&mut conversation, &program)
        });
        answer(&pinentry, &sender.recv().unwrap());
        let answer = asking.join().unwrap();
        assert!(!pinentry.has_window(), "a window nobody needed");
        answer
    })
}

/// The answer, if it is what was typed.
fn text(answer: Result<Answer, Refusal>) -> Option<String> {
    match answer {
        Ok(Answer::Typed(text)) => Some(text.to_string()),
        _ => None,
    }
}

#[test]
fn what_a_closed_window_and_an_answered_prompt_still_say_is_not_taken_for_the_open_windows_answer()
{
    let two = |conversation: &mut Conversation<'_>, pinentry: &Pinentry| {
        let first = conversation.ask_in_window(pinentry, dialog());
        assert!(matches!(first, Ok(Answer::Cancelled)));
        text(conversation.ask_in_window(pinentry, dialog()))
    };
    let answer = asked(two, |pinentry, events| {
        pinentry.window().cancel();
        let window = pinentry.window();
        events.send(Event::Window(1, typed("9999"))).unwrap();
        let approval = Approval {
            pin: Some("8888".into()),
            ..Approval::default()
        };
        let choice = Choice::Approve(approval);
        let message = Incoming::Answer(Answered { prompt: 0, choice });
        events.send(Event::Message(message)).unwrap();
        window.type_in("1234");
    });
    assert_eq!(answer.as_deref(), Some("1234"));
}

#[test]
fn a_pin_that_was_typed_before_the_request_was_taken_back_does_not_get_to_the_card() {
    let ask = |conversation: &mut Conversation<'_>, pinentry: &Pinentry| {
        let answer = text(conversation.ask_in_window(pinentry, dialog()));
        conversation
            .sender()
            .send(Event::Message(Incoming::Cancel))
            .unwrap();
        (answer, conversation.card_working())
    };
    let (answer, working) = asked(ask, |pinentry, _| pinentry.window().type_in("1234"));
    assert_eq!(answer.as_deref(), Some("1234"));
    assert_eq!(working, Err(Refusal::Cancelled));
}

#[test]
fn a_request_taken_back_opens_no_window_any_more() {
    let ask = |conversation: &mut Conversation<'_>, pinentry: &Pinentry| {
        conversation
            .sender()
            .send(Event::Message(Incoming::Cancel))
            .unwrap();
        conversation.ask_in_window(pinentry, dialog()).map(drop)
    };
    let answer = asked(ask, |_, _| {});
    assert_eq!(answer, Err(Refusal::Cancelled));
}
