//! Makes the groups `pages` and `program` of `messages/problems.json` into constants.

use jpki_messages::{Text, write_constants};

fn main() {
    write_constants(&["pages", "program"], |texts| {
        let text = |Text { place, words }: &Text| format!("(Place::{place}, {words:?})");
        let texts: Vec<_> = texts.iter().map(text).collect();
        format!("&[{}]", texts.join(", "))
    });
}
