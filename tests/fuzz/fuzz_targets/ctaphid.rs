//! Reports of a host, in any order and at any times: the device answers or is silent, and is ready for the next.
#![no_main]

use jpki_authenticator::fuzzing::ctaphid;
use libfuzzer_sys::fuzz_target;

/// Each 66 bytes of the input are a report, how long nothing follows it, and what the authenticator does. Channels are few, so that
/// they meet: the first byte says which.
fn reports(input: &[u8]) -> (Vec<([u8; 64], u64)>, Vec<u8>) {
    let mut answers = Vec::new();
    let reports = input.chunks_exact(66).map(|chunk| {
        let mut report = [0; 64];
        report.copy_from_slice(&chunk[..64]);
        match report[0] % 8 {
            0 => report[..4].fill(0xFF),
            1 => report[..4].fill(0),
            2 => {}
            channel => report[..4].copy_from_slice(&[0, 0, 0, channel - 2]),
        }
        answers.push(chunk[65]);
        (report, u64::from(chunk[64]) * 4)
    });
    (reports.collect(), answers)
}

fuzz_target!(|input: &[u8]| {
    let (reports, answers) = reports(input);
    let mut answers = answers.into_iter();
    let sent = ctaphid(&reports, |request| match answers.next().unwrap_or(0) {
        0..=99 => None,
        100..=199 => Some([&[0], request].concat()),
        length => Some(vec![0; usize::from(length) * 40]),
    });
    // As another reader sees it: messages of whole packets, on channels that something came from.
    let mut sent = sent.iter();
    while let Some(first) = sent.next() {
        assert!(first[4] & 0x80 != 0, "a message begins");
        assert!(reports.iter().any(|(report, _)| report[..4] == first[..4]));
        let length = usize::from(u16::from_be_bytes([first[5], first[6]]));
        assert!(length <= 7_609);
        let further = length.saturating_sub(57).div_ceil(59);
        for sequence in 0..further {
            let packet = sent.next().expect("the whole message");
            assert_eq!(packet[..4], first[..4]);
            assert_eq!(usize::from(packet[4]), sequence);
        }
        match first[4] & 0x7F {
            0x01 | 0x10 => {}
            0x06 => assert_eq!(length, 17),
            0x3B => assert!(length == 1 && matches!(first[7], 1 | 2)),
            0x3F => assert!(length == 1 && matches!(first[7], 1 | 3 | 4 | 5 | 6 | 0x0B | 0x7F)),
            command => panic!("command {command:#x}"),
        }
    }
});
