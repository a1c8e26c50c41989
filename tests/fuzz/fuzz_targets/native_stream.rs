//! The stream from the browser extension: frames, capped at 64 KiB, and what is in them.

#![no_main]

use jpki_authenticator::fuzzing::{read_messages, understand, write_message};
use libfuzzer_sys::fuzz_target;

const MAX_MESSAGE: usize = 65_536;

fuzz_target!(|stream: &[u8]| {
    let (messages, whole) = read_messages(stream);
    let mut written = Vec::new();
    for message in &messages {
        assert!(message.len() <= MAX_MESSAGE);
        written.extend(write_message(message).unwrap());
        understand(message);
    }
    // What was read is the beginning of the stream, and all of it if it ended between two messages.
    assert!(stream.starts_with(&written));
    assert_eq!(whole, stream == written);
});
