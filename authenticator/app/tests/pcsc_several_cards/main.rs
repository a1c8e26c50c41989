//! Several cards in several readers: the person is shown a list and chooses, through the whole program.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod choice;
#[path = "../host/mod.rs"]
mod host;
mod list;
mod taken_back;

use host::bench::{
    Bench, assert_signed_in, assert_vouched_for, card_of, person, pins_in, wrong_pin,
};
use host::{Host, ORIGIN, creation_options, request_options};
use jpki_lab::card::{Entry, Event};
use jpki_lab::pinentry::ScriptedPinentry;
use serde_json::{Value, json};

fn error(code: &str) -> (String, String) {
    (code.to_owned(), "NotAllowedError".to_owned())
}

/// The last day of a person's certificate, in Japan.
fn last_day(id: &str) -> String {
    let end = person(id).authentication.not_after;
    let end = time::OffsetDateTime::from_unix_timestamp(end).unwrap();
    let end = end.to_offset(time::UtcOffset::from_hms(9, 0, 0).unwrap());
    end.date().to_string()
}

/// What the list says of a card that is in order.
fn line(reader: usize, id: &str) -> Value {
    json!({"reader": name(reader), "notAfter": last_day(id), "expired": false, "expiresSoon": false})
}

/// What it says of a card that cannot be chosen.
fn unusable(reader: usize, problem: &str) -> Value {
    json!({"reader": name(reader), "expired": false, "expiresSoon": false, "problem": problem})
}

/// The readers have two slots each.
fn name(reader: usize) -> String {
    let (device, slot) = (["", " 2"][reader / 2], reader % 2);
    format!("Virtual PCD{device} 00 {slot:02}")
}

fn two_cards() -> Bench {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    bench.insert(1, card_of("p02"));
    bench
}

/// The next list.
fn list(host: &mut Host) -> Value {
    host.prompt("choose-card")
}

/// The list that says this, after any number of others.
fn list_of(host: &mut Host, cards: &[Value]) -> Value {
    loop {
        let list = list(host);
        if list["cards"].as_array().unwrap() == cards {
            return list;
        }
    }
}

fn choose(host: &mut Host, list: &Value, index: usize) {
    host.answer(list, "choose", json!({"index": index}));
}

/// How many commands of this name reached a card.
fn commands(bench: &Bench, reader: usize, name: &str) -> usize {
    let log = bench.log(reader);
    let names = log.iter().filter_map(|entry| entry.name.as_deref());
    names.filter(|command| command.starts_with(name)).count()
}
