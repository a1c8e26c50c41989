//! What is done with a token besides ceremonies (`tests/fuzz/src/world/management.rs`).

use ciborium::Value;

/// A step: what, how, and parameters.
type Step = (u8, u8, Value);

const MANAGE: u8 = 0b001;
const WRITE: u8 = 0b010;
const CONFIGURE: u8 = 0b100;
const FOR_ONE_SITE: u8 = 0b1000;
const PROTOCOL_TWO: u8 = 0b1_0000;

/// CBOR arrays of steps.
pub(crate) fn sequences() -> Vec<Vec<u8>> {
    let next = |number: i64| (1, 0, numbered(vec![(1, number.into())]));
    let sequences = vec![
        // Everything is counted and listed.
        vec![
            token(MANAGE),
            manage(1, None),
            manage(2, None),
            next(3),
            next(3),
            next(3),
        ],
        vec![
            token(MANAGE | PROTOCOL_TWO),
            manage(4, Some(numbered(vec![(1, "@rp 0".into())]))),
            next(5),
            next(5),
            manage(4, Some(numbered(vec![(1, "@rp 2".into())]))),
        ],
        // One after the other is renamed and deleted, by the token of any site and of one.
        (0..4).fold(vec![token(MANAGE)], managed),
        managed(vec![token(MANAGE | FOR_ONE_SITE)], 0),
        managed(managed(vec![token(MANAGE | FOR_ONE_SITE)], 1), 0),
        // Large blobs, whole and in parts, with the card let go meanwhile.
        vec![
            token(WRITE),
            write("@blobs 40", 0, Some(56)),
            read(100, 0),
            read(10, 30),
        ],
        vec![
            token(WRITE | MANAGE | PROTOCOL_TWO),
            write("@blobs 4080 0 2048", 0, Some(4096)),
            write("@blobs 4080 2048 4096", 2048, None),
            manage(1, None),
            read(4096, 0),
        ],
        // Settings.
        vec![
            token(CONFIGURE),
            config(1, None),
            config(2, None),
            config(
                3,
                Some(numbered(vec![
                    (1, 4.into()),
                    (
                        2,
                        Value::Array(vec!["example.jp".into(), "example.com".into()]),
                    ),
                    (3, false.into()),
                ])),
            ),
        ],
        // Time passes; the card fails; without authentication, or with a wrong one; power-up.
        vec![
            token(MANAGE | CONFIGURE),
            manage(1, None),
            (4, 20, Value::Null),
            manage(2, None),
            (4, 29, Value::Null),
            next(3),
            (4, 31, Value::Null),
            manage(1, None),
        ],
        vec![
            token(MANAGE),
            (5, 2, Value::Null),
            manage(4, Some(numbered(vec![(1, "@rp 0".into())]))),
            manage(1, None),
        ],
        vec![
            token(MANAGE | WRITE | CONFIGURE),
            (1, 1, numbered(vec![(1, 1.into())])),
            (1, 2, numbered(vec![(1, 1.into())])),
            (3, 1, numbered(vec![(1, 1.into())])),
            (6, 0, Value::Null),
            manage(1, None),
        ],
    ];
    sequences.into_iter().map(written).collect()
}

fn token(permissions: u8) -> Step {
    (0, permissions, Value::Null)
}

fn manage(subcommand: i64, parameters: Option<Value>) -> Step {
    (1, 0, with_parameters(subcommand, parameters))
}

fn config(subcommand: i64, parameters: Option<Value>) -> Step {
    (3, 0, with_parameters(subcommand, parameters))
}

fn with_parameters(subcommand: i64, parameters: Option<Value>) -> Value {
    let parameters = parameters.map(|parameters| (2, parameters));
    numbered(
        [(1, subcommand.into())]
            .into_iter()
            .chain(parameters)
            .collect(),
    )
}

/// A credential gets another name, and is deleted.
fn managed(mut steps: Vec<Step>, number: u8) -> Vec<Step> {
    let descriptor = named(vec![
        ("id", format!("@id {number}").into()),
        ("type", "public-key".into()),
    ]);
    let user = named(vec![
        ("id", format!("@user {number}").into()),
        ("name", "hanako".into()),
        ("displayName", "花子".into()),
    ]);
    let update = numbered(vec![(2, descriptor.clone()), (3, user)]);
    steps.push(manage(7, Some(update)));
    steps.push(manage(6, Some(numbered(vec![(2, descriptor)]))));
    steps
}

fn write(set: &str, offset: i64, length: Option<i64>) -> Step {
    let length = length.map(|length| (4, length.into()));
    let members = [(2, set.into()), (3, offset.into())].into_iter();
    (2, 0, numbered(members.chain(length).collect()))
}

fn read(count: i64, offset: i64) -> Step {
    (2, 0, numbered(vec![(1, count.into()), (3, offset.into())]))
}

fn numbered(members: Vec<(i64, Value)>) -> Value {
    let members = members.into_iter();
    Value::Map(members.map(|(key, value)| (key.into(), value)).collect())
}

fn named(members: Vec<(&str, Value)>) -> Value {
    let members = members.into_iter();
    Value::Map(members.map(|(key, value)| (key.into(), value)).collect())
}

fn written(steps: Vec<Step>) -> Vec<u8> {
    let steps = steps.into_iter();
    let steps = steps
        .map(|(what, how, parameters)| Value::Array(vec![what.into(), how.into(), parameters]));
    let mut bytes = Vec::new();
    // Writing to memory does not fail.
    let _ = ciborium::into_writer(&Value::Array(steps.collect()), &mut bytes);
    bytes
}
