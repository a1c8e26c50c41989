//! The rules of CTAPHID, one by one. Packets are written out here byte by byte, not by the code under test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::*;

const NONCE: [u8; 8] = *b"12345678";
const ALL: u32 = 0xFFFF_FFFF;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// An initialization packet.
pub(super) fn first(channel: u32, command: u8, length: usize, payload: &[u8]) -> Report {
    let mut report = [0xAA; 64];
    report[..4].copy_from_slice(&channel.to_be_bytes());
    report[4] = 0x80 | command;
    report[5..7].copy_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
    report[7..7 + payload.len()].copy_from_slice(payload);
    report
}

/// A continuation packet.
pub(super) fn further(channel: u32, sequence: u8, payload: &[u8]) -> Report {
    let mut report = [0xAA; 64];
    report[..4].copy_from_slice(&channel.to_be_bytes());
    report[4] = sequence;
    report[5..5 + payload.len()].copy_from_slice(payload);
    report
}

/// All packets of a message.
pub(super) fn packets(channel: u32, command: u8, message: &[u8]) -> Vec<Report> {
    let (begin, rest) = message.split_at(message.len().min(57));
    let mut packets = vec![first(channel, command, message.len(), begin)];
    for (sequence, part) in rest.chunks(59).enumerate() {
        packets.push(further(channel, u8::try_from(sequence).unwrap(), part));
    }
    packets
}

/// A device with so many channels: 1, 2, ….
fn device(channels: u32) -> Ctaphid {
    let mut device = Ctaphid::new();
    for channel in 1..=channels {
        let answer = init(&mut device, ALL);
        assert_eq!(answer[8..12], channel.to_be_bytes());
    }
    device
}

/// INIT, and the payload of what it answers alone.
fn init(device: &mut Ctaphid, channel: u32) -> Vec<u8> {
    match device
        .receive(&first(channel, 0x06, 8, &NONCE), ms(0))
        .as_slice()
    {
        [
            Action::Send(Message {
                channel: on,
                command: 0x06,
                payload,
            }),
        ] if on.0 == channel => payload.clone(),
        other => panic!("{other:?}"),
    }
}

/// What all packets of a message lead to.
fn send(device: &mut Ctaphid, channel: u32, command: u8, message: &[u8]) -> Vec<Action> {
    packets(channel, command, message)
        .iter()
        .flat_map(|packet| device.receive(packet, ms(0)))
        .collect()
}

/// A CBOR request that begins.
fn begin(device: &mut Ctaphid, channel: u32, message: &[u8]) -> RequestId {
    match send(device, channel, 0x10, message).as_slice() {
        [Action::Begin(request)] => {
            assert_eq!(
                (request.channel.0, request.message.as_slice()),
                (channel, message)
            );
            request.id
        }
        other => panic!("{other:?}"),
    }
}

fn error(channel: u32, code: u8) -> Message {
    Message {
        channel: Channel(channel),
        command: 0x3F,
        payload: vec![code],
    }
}

fn error_alone(channel: u32, code: u8) -> Vec<Action> {
    vec![Action::Send(error(channel, code))]
}

fn keepalive(channel: u32, status: u8) -> Message {
    Message {
        channel: Channel(channel),
        command: 0x3B,
        payload: vec![status],
    }
}

#[test]
fn init_on_broadcast_allocates_a_channel() {
    let mut device = Ctaphid::new();
    let answer = init(&mut device, ALL);
    // Nonce, channel, protocol 2, device 0.1.0, CBOR and no MSG.
    assert_eq!(
        answer,
        [&NONCE[..], &[0, 0, 0, 1], &[2, 0, 1, 0, 0x0C]].concat()
    );
    assert_eq!(answer.len(), 17);
    assert_eq!(init(&mut device, ALL)[8..12], [0, 0, 0, 2]);
}

#[test]
fn the_version_that_init_tells_is_the_programs() {
    let told = &init(&mut Ctaphid::new(), ALL)[13..16];
    let told: Vec<String> = told.iter().map(u8::to_string).collect();
    assert_eq!(told.join("."), env!("CARGO_PKG_VERSION"));
}

#[test]
fn init_takes_eight_bytes() {
    let mut device = device(1);
    for (channel, length) in [(ALL, 0), (ALL, 7), (ALL, 9), (ALL, 57), (ALL, 58), (1, 7)] {
        let packet = first(channel, 0x06, length, &NONCE);
        assert_eq!(device.receive(&packet, ms(0)), error_alone(channel, 0x03));
    }
    assert_eq!(init(&mut device, ALL)[8..12], [0, 0, 0, 2]);
}

#[test]
fn channels_that_were_not_allocated_are_invalid() {
    let mut device = device(2);
    for channel in [0, 3, 0x8000_0000, ALL - 1] {
        for command in [0x01, 0x10, 0x06, 0x08, 0x40] {
            let packet = first(channel, command, 8, &NONCE);
            assert_eq!(device.receive(&packet, ms(0)), error_alone(channel, 0x0B));
        }
        assert_eq!(device.receive(&further(channel, 0, &[]), ms(0)), []);
        assert_eq!(device.receive(&first(channel, 0x11, 0, &[]), ms(0)), []);
    }
    assert_eq!(
        send(&mut device, ALL, 0x01, b"ping"),
        error_alone(ALL, 0x0B)
    );
    assert_eq!(
        send(&mut device, ALL, 0x10, &[0x04]),
        error_alone(ALL, 0x0B)
    );
}

#[test]
fn when_the_numbers_run_out_they_start_again_and_every_channel_lives() {
    let mut device = Ctaphid {
        last: ALL - 2,
        highest: ALL - 2,
        ..Ctaphid::new()
    };
    assert_eq!(init(&mut device, ALL)[8..12], (ALL - 1).to_be_bytes());
    assert_eq!(init(&mut device, ALL)[8..12], [0, 0, 0, 1]);
    for channel in [1, 7, ALL - 1] {
        init(&mut device, channel);
    }
    let broadcast = first(ALL, 0x01, 0, &[]);
    assert_eq!(device.receive(&broadcast, ms(0)), error_alone(ALL, 0x0B));
}

#[test]
fn ping_echoes_any_length_up_to_the_longest() {
    let mut device = device(1);
    for length in [0, 1, 56, 57, 58, 57 + 59, 57 + 60, 4096, 7608, 7609] {
        let message: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let actions = send(&mut device, 1, 0x01, &message);
        let [Action::Send(echo)] = actions.as_slice() else {
            panic!("{length}: {actions:?}");
        };
        assert_eq!(echo.payload, message);
        // The same packets come back, filled up with zeros.
        let sent: Vec<Report> = packets(1, 0x01, &message);
        let back: Vec<Report> = echo.reports().collect();
        assert_eq!(sent.len(), back.len());
        let header = |at: usize| if at == 0 { 7 } else { 5 };
        let mut left = length;
        for (at, (sent, back)) in sent.iter().zip(&back).enumerate() {
            let used = header(at) + left.min(64 - header(at));
            left -= used - header(at);
            assert_eq!(sent[..used], back[..used], "{length}, packet {at}");
            assert!(back[used..].iter().all(|byte| *byte == 0));
        }
    }
}

#[test]
fn a_message_longer_than_the_longest_is_refused_at_once() {
    let mut device = device(1);
    for command in [0x01, 0x10] {
        for length in [7610, 0xFFFF] {
            let packet = first(1, command, length, &[0x04; 57]);
            assert_eq!(device.receive(&packet, ms(0)), error_alone(1, 0x03));
            assert_eq!(device.receive(&further(1, 0, &[]), ms(0)), [], "dropped");
        }
    }
    assert_eq!(device.wakes_at(), None);
}

#[test]
fn commands_that_are_not_offered_are_unknown() {
    let mut device = device(1);
    for command in 0..0x80_u8 {
        if [0x01, 0x06, 0x10, 0x11].contains(&command) {
            continue;
        }
        for length in [0, 8, 100, 0xFFFF] {
            let packet = first(1, command, length, &NONCE);
            assert_eq!(
                device.receive(&packet, ms(0)),
                error_alone(1, 0x01),
                "{command:#x}"
            );
        }
    }
    assert_eq!(device.wakes_at(), None);
}

#[test]
fn an_empty_request_has_the_wrong_length() {
    let mut device = device(1);
    assert_eq!(send(&mut device, 1, 0x10, &[]), error_alone(1, 0x03));
}

#[test]
fn a_request_is_handed_on_whole_and_answered_on_its_channel() {
    let mut device = device(2);
    for length in [1, 57, 58, 7609] {
        let request = begin(&mut device, 2, &vec![0x5A; length]);
        let answer = device.answer(request, vec![0x00, 0xA0]).unwrap();
        assert_eq!((answer.channel.0, answer.command), (2, 0x10));
        assert_eq!(answer.payload, [0x00, 0xA0]);
        assert_eq!(device.answer(request, vec![0x00]), None, "only once");
    }
    let request = begin(&mut device, 2, &[4]);
    assert_eq!(
        device.answer(request, vec![0; 7609]).unwrap().payload.len(),
        7609
    );
    let request = begin(&mut device, 2, &[4]);
    assert_eq!(
        device.answer(request, vec![0; 7610]).unwrap(),
        error(2, 0x7F)
    );
}

#[test]
fn a_packet_out_of_sequence_ends_its_message() {
    for wrong in [1, 2, 0x7F] {
        let mut device = device(1);
        assert_eq!(device.receive(&first(1, 0x01, 200, &[0; 57]), ms(0)), []);
        assert_eq!(
            device.receive(&further(1, wrong, &[]), ms(0)),
            error_alone(1, 0x04)
        );
        assert_eq!(device.receive(&further(1, 0, &[]), ms(0)), [], "dropped");
        assert_eq!(device.wakes_at(), None);
    }
    let mut device = device(1);
    device.receive(&first(1, 0x01, 300, &[0; 57]), ms(0));
    assert_eq!(device.receive(&further(1, 0, &[]), ms(0)), []);
    assert_eq!(
        device.receive(&further(1, 0, &[]), ms(0)),
        error_alone(1, 0x04)
    );
}

#[test]
fn a_message_that_begins_inside_another_ends_both() {
    let mut device = device(1);
    for command in [0x01, 0x10, 0x08] {
        device.receive(&first(1, 0x01, 100, &[0; 57]), ms(0));
        assert_eq!(
            device.receive(&first(1, command, 1, &[4]), ms(0)),
            error_alone(1, 0x04)
        );
        assert_eq!(device.wakes_at(), None);
    }
}

#[test]
fn a_continuation_without_a_beginning_is_dropped() {
    let mut device = device(2);
    assert_eq!(device.receive(&further(1, 0, &[]), ms(0)), []);
    device.receive(&first(1, 0x01, 100, &[1; 57]), ms(0));
    assert_eq!(
        device.receive(&further(2, 0, &[2; 43]), ms(0)),
        [],
        "another channel's"
    );
    let actions = device.receive(&further(1, 0, &[1; 43]), ms(0));
    assert!(matches!(&actions[..], [Action::Send(echo)] if echo.payload == [1; 100]));
    let request = begin(&mut device, 1, &[4]);
    assert_eq!(device.receive(&further(1, 0, &[]), ms(0)), []);
    assert!(device.answer(request, vec![0]).is_some());
}

#[test]
fn others_are_told_that_the_channel_is_busy_and_disturb_nothing() {
    let mut device = device(2);
    // While a message is being received.
    device.receive(&first(1, 0x01, 58, &[1; 57]), ms(0));
    assert_eq!(send(&mut device, 2, 0x01, b"ping"), error_alone(2, 0x06));
    assert_eq!(send(&mut device, 2, 0x10, &[4]), error_alone(2, 0x06));
    let actions = device.receive(&further(1, 0, &[1]), ms(0));
    assert!(matches!(&actions[..], [Action::Send(echo)] if echo.payload == [1; 58]));
    // While one is being worked on; its own channel too.
    let request = begin(&mut device, 1, &[4]);
    for channel in [1, 2] {
        assert_eq!(
            send(&mut device, channel, 0x01, b"ping"),
            error_alone(channel, 0x06)
        );
        assert_eq!(
            send(&mut device, channel, 0x10, &[4]),
            error_alone(channel, 0x06)
        );
    }
    assert_eq!(device.answer(request, vec![0]).unwrap().channel.0, 1);
}

#[test]
fn init_is_answered_while_another_channel_is_busy() {
    let mut device = device(2);
    device.receive(&first(1, 0x01, 58, &[1; 57]), ms(0));
    assert_eq!(init(&mut device, ALL)[8..12], [0, 0, 0, 3]);
    assert_eq!(init(&mut device, 2)[8..12], [0, 0, 0, 2]);
    let actions = device.receive(&further(1, 0, &[1]), ms(0));
    assert!(matches!(&actions[..], [Action::Send(echo)] if echo.payload == [1; 58]));
    let request = begin(&mut device, 1, &[4]);
    assert_eq!(init(&mut device, ALL)[8..12], [0, 0, 0, 4]);
    assert_eq!(init(&mut device, 2)[8..12], [0, 0, 0, 2]);
    assert!(device.answer(request, vec![0]).is_some());
}

#[test]
fn init_on_a_live_channel_starts_it_over() {
    let mut device = device(1);
    device.receive(&first(1, 0x01, 100, &[0; 57]), ms(0));
    assert_eq!(init(&mut device, 1)[8..12], [0, 0, 0, 1]);
    assert_eq!(
        device.receive(&further(1, 0, &[]), ms(0)),
        [],
        "the message is forgotten"
    );
    let request = begin(&mut device, 1, &[1]);
    let actions = device.receive(&first(1, 0x06, 8, &NONCE), ms(0));
    assert_eq!(actions[0], Action::Abandon(request));
    assert!(matches!(&actions[1], Action::Send(answer) if answer.command == 0x06));
    assert_eq!(device.answer(request, vec![0]), None, "nobody waits for it");
    assert_eq!(device.wakes_at(), None, "no keepalives either");
    let next = begin(&mut device, 1, &[4]);
    assert_eq!(device.answer(request, vec![0]), None);
    assert_eq!(
        device.set_status(request, Status::UserPresenceNeeded, ms(0)),
        None
    );
    assert!(device.answer(next, vec![0]).is_some());
}

#[test]
fn cancel_ends_the_request_of_its_channel_and_has_no_answer() {
    let mut device = device(2);
    let cancel = |channel| first(channel, 0x11, 0, &[]);
    assert_eq!(device.receive(&cancel(1), ms(0)), [], "nothing pending");
    let request = begin(&mut device, 1, &[1]);
    assert_eq!(device.receive(&cancel(2), ms(0)), [], "not its request");
    assert_eq!(device.receive(&cancel(ALL), ms(0)), []);
    assert_eq!(device.receive(&cancel(1), ms(0)), [Action::Cancel(request)]);
    assert_eq!(device.receive(&cancel(1), ms(0)), [], "once");
    assert_eq!(device.tick(ms(100)), Some(keepalive(1, 1)), "not over yet");
    assert_eq!(device.answer(request, vec![0x2D]).unwrap().payload, [0x2D]);
    assert_eq!(device.receive(&cancel(1), ms(0)), []);
}

#[test]
fn cancel_leaves_a_message_alone_that_is_being_received() {
    let mut device = device(1);
    device.receive(&first(1, 0x10, 58, &[1; 57]), ms(0));
    assert_eq!(device.receive(&first(1, 0x11, 0, &[]), ms(0)), []);
    let actions = device.receive(&further(1, 0, &[1]), ms(0));
    assert!(matches!(&actions[..], [Action::Begin(_)]));
}

#[test]
fn the_rest_of_a_message_that_does_not_come_times_out() {
    let mut device = device(1);
    device.receive(&first(1, 0x10, 200, &[1; 57]), ms(0));
    assert_eq!(device.wakes_at(), Some(ms(500)));
    assert_eq!(device.tick(ms(499)), None);
    // Each packet gives the next its time.
    device.receive(&further(1, 0, &[1; 59]), ms(499));
    assert_eq!(device.wakes_at(), Some(ms(999)));
    assert_eq!(device.tick(ms(998)), None);
    assert_eq!(device.tick(ms(999)), Some(error(1, 0x05)));
    assert_eq!(device.receive(&further(1, 1, &[]), ms(1000)), [], "dropped");
    assert_eq!((device.wakes_at(), device.tick(ms(9_999))), (None, None));
}

#[test]
fn keepalives_come_every_100_ms_from_the_whole_request_to_its_answer() {
    let mut device = device(1);
    let packets = packets(1, 0x10, &[1; 100]);
    device.receive(&packets[0], ms(0));
    device.receive(&packets[1], ms(40));
    let request = RequestId(1);
    for at in (140..5_000).step_by(100) {
        assert_eq!(device.wakes_at(), Some(ms(at)));
        assert_eq!(device.tick(ms(at - 1)), None);
        assert_eq!(device.tick(ms(at)), Some(keepalive(1, 1)));
    }
    assert!(device.answer(request, vec![0]).is_some());
    assert_eq!((device.wakes_at(), device.tick(ms(9_999))), (None, None));
}

#[test]
fn a_change_of_status_is_told_at_once() {
    let mut device = device(1);
    let request = begin(&mut device, 1, &[1]);
    let waits = Status::UserPresenceNeeded;
    assert_eq!(
        device.set_status(request, waits, ms(30)),
        Some(keepalive(1, 2))
    );
    assert_eq!(device.set_status(request, waits, ms(40)), None);
    assert_eq!(device.wakes_at(), Some(ms(130)));
    assert_eq!(device.tick(ms(130)), Some(keepalive(1, 2)));
    assert_eq!(
        device.set_status(request, Status::Processing, ms(150)),
        Some(keepalive(1, 1))
    );
    device.answer(request, vec![0]);
    assert_eq!(device.set_status(request, waits, ms(160)), None);
}
