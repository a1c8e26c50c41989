//! What the verifier is shown.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::vectors;

/// Every registration, with the number of the faultless one whose client data it has, or whose time; else 0.
fn numbered() -> Vec<(u8, Value)> {
    let faultless = vectors::faultless();
    let number = |vector: &Value| {
        let same = |member: &str| {
            let mut all = faultless.iter();
            all.position(|known| known[member] == vector[member])
        };
        same("client_data_hash").or_else(|| same("at")).unwrap_or(0)
    };
    ["registrations/accepted", "registrations/refused"]
        .into_iter()
        .flat_map(vectors::folder)
        .map(|vector| (u8::try_from(number(&vector)).unwrap(), vector))
        .collect()
}

pub(crate) fn attestation_objects() -> Vec<Vec<u8>> {
    let numbered = numbered().into_iter();
    numbered
        .map(|(number, vector)| {
            let object = vectors::hex(&vector, "/attestation_object");
            [&[number], object.as_slice()].concat()
        })
        .collect()
}

pub(crate) fn certificates() -> Vec<Vec<u8>> {
    let mut seeds = BTreeSet::new();
    for (number, vector) in numbered() {
        let profile = u8::from(vector["profiles"][0] == "ruritania");
        if let Some(certificate) = vectors::find_hex(&vector, "/attestation/x5c/0") {
            seeds.insert([&[number, profile], certificate.as_slice()].concat());
        }
    }
    seeds.into_iter().collect()
}

pub(crate) fn cbor() -> Vec<Vec<u8>> {
    let mut items: Vec<Vec<u8>> = vectors::folder("registrations/accepted")
        .iter()
        .map(|vector| vectors::hex(vector, "/attestation_object"))
        .collect();
    let examples = [
        "00",
        "17",
        "1818",
        "190100",
        "1a00010000",
        "1bffffffffffffffff",
        "20",
        "3bffffffffffffffff",
        "4401020304",
        "6449455446",
        "8301820203820405",
        "a26161016162820203",
        "f4",
        "f5",
        "f6",
        "f0",
        "f8ff",
        "f90000",
        "fa47c35000",
        "fb3ff199999999999a",
        "81818180",
        "a101a101a101a0",
    ];
    items.extend(examples.map(|example| hex::decode(example).unwrap()));
    items
}
