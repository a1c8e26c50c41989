//! What hosts say over CTAPHID.

/// Conversations: reports, each with how long nothing follows it and what the authenticator does.
pub(crate) fn reports() -> Vec<Vec<u8>> {
    // The first byte of a report says which channel it is for: 0 broadcast, 1 none, 3 the first.
    let (broadcast, none, first) = (0, 1, 3);
    let init = packet(broadcast, 0x86, 8, 0);
    let ping = packet(first, 0x81, 20, 0);
    let cancel = packet(first, 0x91, 0, 0);
    let get_info = packet(first, 0x90, 1, 150);
    let conversations = [
        vec![init.clone(), ping.clone(), get_info.clone()],
        // A long message, whole, out of order, and cut short.
        [vec![init.clone()], message(300), vec![ping.clone()]].concat(),
        [vec![init.clone()], message(7_609)].concat(),
        vec![
            init.clone(),
            packet(first, 0x81, 200, 0),
            packet(first, 1, 0, 0),
        ],
        vec![
            init.clone(),
            late(packet(first, 0x81, 200, 0)),
            ping.clone(),
        ],
        // Asked, cancelled, asked by another, started over.
        vec![
            init.clone(),
            init.clone(),
            packet(first, 0x90, 40, 0),
            packet(4, 0x90, 1, 0),
            late(cancel.clone()),
            packet(first, 0x86, 8, 0),
            get_info.clone(),
            cancel,
        ],
        // What is not there.
        vec![
            init,
            packet(first, 0x88, 0, 0),
            packet(first, 0x84, 1, 0),
            packet(none, 0x81, 1, 0),
        ],
    ];
    conversations.map(|reports| reports.concat()).into()
}

/// All packets of a PING.
fn message(length: u16) -> Vec<Vec<u8>> {
    let further = length.saturating_sub(57).div_ceil(59);
    let further = (0..further).map(|sequence| packet(3, sequence.try_into().unwrap(), 0, 0));
    [packet(3, 0x81, length, 0)]
        .into_iter()
        .chain(further)
        .collect()
}

fn packet(channel: u8, kind: u8, length: u16, authenticator: u8) -> Vec<u8> {
    let [high, low] = length.to_be_bytes();
    let mut packet = vec![channel, 0, 0, 0, kind, high, low];
    packet.resize(65, 0x5A);
    packet[64] = 0;
    packet.push(authenticator);
    packet
}

/// The same, and then nothing for longer than the rest of a message may take.
fn late(mut packet: Vec<u8>) -> Vec<u8> {
    packet[64] = 200;
    packet
}
