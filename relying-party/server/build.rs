//! Makes the group `service` of `messages/problems.json` into constants.
#![allow(clippy::panic, reason = "so a build script fails")]

use jpki_messages::write_constants;

fn main() {
    write_constants(&["service"], |texts| {
        let [usual] = texts else {
            panic!("the service says a thing in one way: {texts:?}");
        };
        format!("{:?}", usual.words)
    });
}
