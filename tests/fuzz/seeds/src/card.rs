//! What cards answer.

use crate::vectors;

const DONE: [u8; 2] = [0x90, 0x00];

/// The certificates of the vectors' cards and issuers.
pub(crate) fn certificates() -> Vec<Vec<u8>> {
    let mut certificates: Vec<Vec<u8>> = std::fs::read_dir(vectors::path("certificates"))
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let accepted = vectors::folder("registrations/accepted");
    certificates.extend(
        accepted
            .iter()
            .map(|vector| vectors::hex(vector, "/attestation/x5c/0")),
    );
    certificates.sort();
    certificates.dedup();
    certificates
}

/// Lists of features, and answers of a PIN pad.
pub(crate) fn pads() -> Vec<Vec<u8>> {
    let feature = |tag: u8| vec![tag, 4, 0x42, 0x33, 0x00, tag];
    let answers = [
        [0x90, 0x00],
        [0x63, 0xC2],
        [0x63, 0xC0],
        [0x64, 0x00],
        [0x64, 0x01],
        [0x64, 0x03],
        [0x69, 0x84],
        [0x6B, 0x80],
    ];
    let mut seeds = vec![
        // With and without a pad; with two; one that is cut off.
        [feature(0x12), feature(0x06), feature(0x0A)].concat(),
        [feature(0x12), feature(0x13)].concat(),
        [feature(0x06), feature(0x06)].concat(),
        [feature(0x06), vec![0x12, 4, 0x42]].concat(),
    ];
    seeds.extend(answers.map(Vec::from));
    seeds
}

/// Conversations: a plan, and an answer to each command.
pub(crate) fn answers() -> Vec<Vec<u8>> {
    let done = DONE.to_vec();
    let label = [b"JPKIAPICCTOKEN2                 ".as_slice(), &DONE].concat();
    let certificate = |file: &str| {
        let chunks = vectors::bytes(file);
        let chunks = chunks.chunks(256).map(|chunk| [chunk, &DONE].concat());
        chunks.collect::<Vec<_>>()
    };
    let signature = [&[0x5A; 256], DONE.as_slice()].concat();
    let counter = |left: u8| vec![0x63, 0xC0 | left];
    let mut conversations: Vec<(u8, Vec<Vec<u8>>)> = vec![
        // The kind of token; the tries.
        (0x01, vec![done.clone(), label.clone()]),
        (0x04, vec![done.clone(), counter(3)]),
        (0x04, vec![done.clone(), vec![0x69, 0x83]]),
        // SELECT again after 6F00; no such application.
        (0x04, vec![vec![0x6F, 0x00], done.clone(), counter(3)]),
        (0x04, vec![vec![0x6A, 0x82]]),
        // The PIN: right, wrong, the last try without and with permission, locked, a counter that is none.
        (0x08, vec![done.clone(), counter(3), done.clone()]),
        (0x08, vec![done.clone(), counter(3), counter(2)]),
        (0x08, vec![done.clone(), counter(1), done.clone()]),
        (0x18, vec![done.clone(), counter(1), done.clone()]),
        (0x18, vec![done.clone(), counter(0)]),
        (0x08, vec![done.clone(), done.clone(), done.clone()]),
        (0x08, vec![done.clone(), counter(3), vec![0x6C, 0x04]]),
        // Signatures: at once, in two parts, none.
        (0x20, vec![done.clone(), signature.clone()]),
        (0x40, vec![done.clone(), signature.clone()]),
        (
            0x60,
            vec![
                done.clone(),
                [&[0x5A; 128], [0x61, 0x80].as_slice()].concat(),
                [&[0x5A; 128], DONE.as_slice()].concat(),
                vec![0x69, 0x82],
            ],
        ),
        // The same answer for ever.
        (0xFF, vec![done.clone()]),
        (0xA0, vec![done.clone(), vec![0x61, 0x00]]),
        (
            0x82,
            vec![
                done.clone(),
                [&[0x30, 0x82, 0x0F, 0xF0], DONE.as_slice()].concat(),
            ],
        ),
        // The certificate is missing, filler, or to be read after the PIN.
        (0x02, vec![done.clone(), vec![0x6A, 0x82]]),
        (
            0x02,
            vec![done.clone(), [&[0xFF; 256], DONE.as_slice()].concat()],
        ),
        (0x02, vec![done.clone(), vec![0x69, 0x82]]),
    ];
    for file in ["card-of-generation-2", "card-of-generation-3"] {
        let parts = certificate(&format!("certificates/{file}.cer"));
        conversations.push((0x02, [vec![done.clone()], parts.clone()].concat()));
        let rest = vec![
            counter(3),
            counter(3),
            done.clone(),
            signature.clone(),
            signature.clone(),
        ];
        conversations.push((
            0x7F,
            [vec![done.clone(), label.clone()], parts, rest].concat(),
        ));
    }
    conversations
        .into_iter()
        .map(|(plan, answers)| {
            let answers = answers.iter().flat_map(|answer| {
                let length = u16::try_from(answer.len()).unwrap().to_le_bytes();
                [length.as_slice(), answer].concat()
            });
            [plan].into_iter().chain(answers).collect()
        })
        .collect()
}
