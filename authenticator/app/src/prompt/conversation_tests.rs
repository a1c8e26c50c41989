use std::io::{empty, sink};

use super::*;
use crate::ceremony::card::CardSource as _;
use crate::native_messaging::incoming::{Answer, Unreadable};
use crate::prompt::pinentry::{Dialog, Pinentry};

struct Fixture {
    port: Port,
    origin: Origin,
    rp_id: RpId,
}

impl Fixture {
    fn new() -> Self {
        let origin = Origin::parse("https://example.jp").unwrap();
        let rp_id = RpId::for_origin(&origin, None, false).unwrap();
        // The reading thread is not part of these tests: its end of the stream is taken out first.
        let mut port = Port::new(empty(), sink()).unwrap();
        assert!(matches!(port.wait(None), Some(Event::Closed)));
        Self {
            port,
            origin,
            rp_id,
        }
    }

    fn conversation(&mut self, time: Duration) -> Conversation<'_> {
        let deadline = Instant::now() + time;
        Conversation::new(&mut self.port, &self.origin, &self.rp_id, None, deadline)
    }
}

const LONG: Duration = Duration::from_secs(60);

fn answer(prompt: u32, choice: Choice) -> Event {
    Event::Message(Incoming::Answer(Answer { prompt, choice }))
}

#[test]
fn nobody_answers_in_time() {
    let mut fixture = Fixture::new();
    let mut conversation = fixture.conversation(Duration::ZERO);
    let asked = conversation.ask(PromptKind::SignIn, |_| {});
    assert_eq!(asked.map(drop), Err(Refusal::TimedOut));
    let asked = conversation.insert_card(CardError::NoCard);
    assert_eq!(asked, Err(Refusal::TimedOut));
}

#[test]
fn no_window_opens_once_the_time_is_over() {
    let mut fixture = Fixture::new();
    let mut conversation = fixture.conversation(Duration::ZERO);
    // It would fail, and not be late.
    let pinentry = Pinentry::at("/bin/false".into(), None, None);
    let asked = conversation.ask_in_window(&pinentry, Dialog::default());
    assert_eq!(asked.map(drop), Err(Refusal::TimedOut));
}

#[test]
fn an_answer_before_its_prompt_ends_the_connection() {
    let mut fixture = Fixture::new();
    let mut conversation = fixture.conversation(LONG);
    let events = conversation.sender();
    events.send(answer(1, Choice::Cancel)).unwrap();
    let asked = conversation.ask(PromptKind::SignIn, |_| {});
    assert_eq!(asked.map(drop), Err(Refusal::Cancelled));
    let fatal = Broken::Fatal(FatalCode::BadMessage);
    assert_eq!(conversation.ended(), Some(Ended::Broken(fatal)));
}

#[test]
fn what_ended_first_stays_the_reason() {
    let mut fixture = Fixture::new();
    let mut conversation = fixture.conversation(LONG);
    let events = conversation.sender();
    events.send(Event::Message(Incoming::Cancel)).unwrap();
    events.send(Event::Closed).unwrap();
    for _ in 0..2 {
        assert_eq!(conversation.card_working(), Err(Refusal::Cancelled));
        assert_eq!(
            conversation.ended(),
            Some(Ended::Refused(Refusal::Cancelled))
        );
    }
}

#[test]
fn a_closed_port_and_a_broken_protocol_are_cancellations_to_the_ceremony() {
    let bad = || Event::Unreadable(Unreadable::BadMessage);
    let cases = [
        (Event::Closed, Broken::Closed),
        (bad(), Broken::Fatal(FatalCode::BadMessage)),
        (
            Event::Message(Incoming::Watch),
            Broken::Fatal(FatalCode::BadMessage),
        ),
    ];
    for (event, broken) in cases {
        let mut fixture = Fixture::new();
        let mut conversation = fixture.conversation(LONG);
        conversation.sender().send(event).unwrap();
        assert_eq!(conversation.still_wanted(), Err(Refusal::Cancelled));
        assert_eq!(conversation.ended(), Some(Ended::Broken(broken)));
    }
}

#[test]
fn a_change_at_the_readers_between_looking_and_asking_is_not_missed() {
    let mut fixture = Fixture::new();
    let mut conversation = fixture.conversation(LONG);
    let events = conversation.sender();
    let nothing = || Event::Readers(Err(ReaderError::PcscNotRunning));
    events.send(nothing()).unwrap();
    assert_eq!(
        conversation.only_card().map(drop),
        Err(CardError::PcscNotRunning)
    );
    events
        .send(Event::Readers(Err(ReaderError::NoReader)))
        .unwrap();
    // Nothing more comes: without the news it would wait for a minute.
    assert_eq!(conversation.insert_card(CardError::PcscNotRunning), Ok(()));
    assert_eq!(conversation.only_card().map(drop), Err(CardError::NoReader));
}
