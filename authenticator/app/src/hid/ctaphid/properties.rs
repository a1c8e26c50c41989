//! What holds for any reports in any order, at any times.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

/// Something that happens to the device.
#[derive(Clone, Debug)]
enum Event {
    Report(Box<Report>),
    /// So many milliseconds pass.
    Wait(u16),
    /// The request that began last is answered.
    Answer(u16),
    Status(Status),
}

/// Reports that often mean something: few channels, the commands there are, the sequence numbers due.
fn report() -> impl Strategy<Value = Box<Report>> {
    let channel = prop_oneof![
        6 => 1..4_u32, 2 => Just(0xFFFF_FFFF), 1 => Just(0), 1 => any::<u32>()
    ];
    let kind = prop_oneof![
        4 => prop::sample::select(&[0x81, 0x86, 0x86, 0x90, 0x90, 0x91, 0x88, 0x83, 0x84, 0xBB, 0xBF][..]),
        4 => 0..4_u8,
        1 => any::<u8>()
    ];
    let length = prop_oneof![
        4 => Just(8_u16), 4 => 0..60_u16, 3 => 58..300_u16, 1 => Just(7609), 1 => any::<u16>()
    ];
    (channel, kind, length, any::<[u8; 8]>()).prop_map(|(channel, kind, length, more)| {
        let mut report = [0; 64];
        report[..4].copy_from_slice(&channel.to_be_bytes());
        report[4] = kind;
        report[5..7].copy_from_slice(&length.to_be_bytes());
        report[7..15].copy_from_slice(&more);
        Box::new(report)
    })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        20 => report().prop_map(Event::Report),
        3 => (0..700_u16).prop_map(Event::Wait),
        3 => (0..8_000_u16).prop_map(Event::Answer),
        1 => Just(Event::Status(Status::UserPresenceNeeded)),
        1 => Just(Event::Status(Status::Processing)),
    ]
}

/// Whoever waits for the device knows when: never longer than a packet may take to come.
fn check(device: &Ctaphid, now: Duration) {
    match &device.state {
        State::Idle => assert_eq!(device.wakes_at(), None),
        State::Receiving { message, .. } => {
            assert!(message.length <= LONGEST);
            assert!(message.payload.len() < message.length);
            assert!(message.payload.capacity() <= LONGEST, "bounded memory");
        }
        State::Working { .. } => {}
    }
    if let Some(at) = device.wakes_at() {
        assert!(at <= now + PATIENCE);
    }
}

/// A message that fits, on a channel that something came from.
fn check_message(message: &Message, heard: &[u32]) {
    assert!(message.payload.len() <= LONGEST);
    assert!(heard.contains(&message.channel.0));
    let reports: Vec<Report> = message.reports().collect();
    assert!(reports.len() <= 129);
    let channels = reports.iter().map(|report| &report[..4]);
    assert!(
        channels
            .into_iter()
            .all(|it| it == message.channel.0.to_be_bytes())
    );
}

proptest! {
    #[test]
    fn any_reports_end_in_an_answer_or_in_silence(events in prop::collection::vec(event(), 0..120)) {
        let mut device = Ctaphid::new();
        let mut now = Duration::ZERO;
        let mut heard = Vec::new();
        let mut pending: Option<RequestId> = None;
        for event in events {
            match event {
                Event::Report(report) => {
                    heard.push(u32::from_be_bytes(*report.first_chunk().unwrap()));
                    let actions = device.receive(&report, now);
                    prop_assert!(actions.len() <= 2);
                    for action in actions {
                        match action {
                            Action::Send(message) => check_message(&message, &heard),
                            Action::Begin(request) => {
                                prop_assert_eq!(pending, None, "one at a time");
                                prop_assert!((1..=LONGEST).contains(&request.message.len()));
                                pending = Some(request.id);
                            }
                            Action::Cancel(id) => prop_assert_eq!(pending, Some(id)),
                            Action::Abandon(id) => prop_assert_eq!(pending.take(), Some(id)),
                        }
                    }
                }
                Event::Wait(milliseconds) => {
                    now += Duration::from_millis(milliseconds.into());
                    if let Some(message) = device.tick(now) {
                        check_message(&message, &heard);
                    }
                    // One tick does all that is due.
                    prop_assert_eq!(device.tick(now), None);
                }
                Event::Answer(length) => {
                    if let Some(id) = pending.take() {
                        let answer = device.answer(id, vec![0; length.into()]);
                        check_message(&answer.expect("somebody waits for it"), &heard);
                    }
                }
                Event::Status(status) => {
                    if let Some(id) = pending && let Some(message) = device.set_status(id, status, now) {
                        check_message(&message, &heard);
                    }
                }
            }
            check(&device, now);
        }
        // Left alone, it is ready for the next: at once, or when the message has timed out and the request is answered.
        now += PATIENCE;
        device.tick(now);
        if let Some(id) = pending {
            prop_assert!(device.answer(id, vec![0]).is_some());
        }
        prop_assert!(matches!(device.state, State::Idle));
    }

    /// Whatever was going on, a client that begins with INIT, as all do, gets its channel and its answer.
    #[test]
    fn after_any_reports_a_new_client_is_served(reports in prop::collection::vec(report(), 0..60)) {
        let mut device = Ctaphid::new();
        for report in reports {
            for action in device.receive(&report, Duration::ZERO) {
                if let Action::Begin(request) = action {
                    device.answer(request.id, vec![0]);
                }
            }
        }
        device.tick(PATIENCE);
        let init = tests::first(0xFFFF_FFFF, INIT, 8, b"new here");
        let actions = device.receive(&init, PATIENCE);
        let [Action::Send(answer)] = actions.as_slice() else {
            panic!("{actions:?}");
        };
        let channel = u32::from_be_bytes(*answer.payload[8..].first_chunk().unwrap());
        let ping = tests::first(channel, PING, 4, b"ping");
        let actions = device.receive(&ping, PATIENCE);
        prop_assert!(matches!(&actions[..], [Action::Send(echo)] if echo.payload == b"ping"));
    }
}
