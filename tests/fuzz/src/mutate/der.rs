//! DER: the tree is changed and written again with the right lengths.

use super::dice::Dice;
use super::leaf;

const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;
/// Deeper than any certificate.
const MAX_DEPTH: usize = 16;

/// Identifier octets that occur in certificates, and some that must not.
const TAGS: [u8; 20] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x0C, 0x13, 0x16, 0x17, 0x18, 0x1E, 0x24, 0x30, 0x31,
    0x80, 0x82, 0xA0, 0xA3,
];

#[derive(Clone)]
struct Node {
    tag: u8,
    /// Bytes before the children: the count of unused bits, where a BIT STRING holds DER.
    before: Vec<u8>,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Bytes(Vec<u8>),
    Children(Vec<Node>),
}

/// Changes one to three things in a DER value. `None` if `bytes` do not begin with one; what follows it is dropped.
pub fn der(bytes: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut dice = Dice::new(seed);
    let (mut root, _) = read(bytes, 0)?;
    for _ in 0..=dice.below(3) {
        let at = dice.below(count(&root));
        let other = nth(&mut root, &mut dice.below(at + 1)).cloned();
        change(nth(&mut root, &mut { at })?, other?, &mut dice);
    }
    let mut out = Vec::new();
    write(&root, &mut out);
    Some(out)
}

fn change(node: &mut Node, other: Node, dice: &mut Dice) {
    if dice.one_in(8) {
        node.tag = *dice.of(&TAGS);
        return;
    }
    match &mut node.content {
        Content::Children(children) if !children.is_empty() => {
            let at = dice.below(children.len());
            match dice.below(5) {
                0 => drop(children.remove(at)),
                1 => children.insert(at, children[at].clone()),
                2 => children.swap(0, at),
                3 => children[at] = other,
                _ => children.push(other),
            }
        }
        Content::Children(children) => children.push(other),
        Content::Bytes(bytes) => *bytes = leaf(bytes),
    }
}

fn read(input: &[u8], depth: usize) -> Option<(Node, &[u8])> {
    let (length, body) = match input.get(1..)? {
        [short @ ..=0x7F, rest @ ..] => (usize::from(*short), rest),
        [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return None,
    };
    let (contents, rest) = body.split_at_checked(length)?;
    let tag = *input.first()?;
    let (before, inside) = match contents {
        [unused, inside @ ..] if tag == BIT_STRING => (vec![*unused], inside),
        inside => (Vec::new(), inside),
    };
    let may_hold = tag & CONSTRUCTED != 0 || [BIT_STRING, OCTET_STRING].contains(&tag);
    let children = (may_hold && depth < MAX_DEPTH).then(|| read_all(inside, depth + 1));
    let node = match children.flatten() {
        Some(children) => Node {
            tag,
            before,
            content: Content::Children(children),
        },
        None => Node {
            tag,
            before: Vec::new(),
            content: Content::Bytes(contents.to_vec()),
        },
    };
    Some((node, rest))
}

/// The values that `input` is made of, at least one.
fn read_all(input: &[u8], depth: usize) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut rest = input;
    while !rest.is_empty() {
        let (node, after) = read(rest, depth)?;
        nodes.push(node);
        rest = after;
    }
    (!nodes.is_empty()).then_some(nodes)
}

fn write(node: &Node, out: &mut Vec<u8>) {
    let mut contents = node.before.clone();
    match &node.content {
        Content::Bytes(bytes) => contents.extend_from_slice(bytes),
        Content::Children(children) => children
            .iter()
            .for_each(|child| write(child, &mut contents)),
    }
    out.push(node.tag);
    match u8::try_from(contents.len()) {
        Ok(short @ ..=0x7F) => out.push(short),
        Ok(length) => out.extend([0x81, length]),
        // More than two bytes can say is cut off by the reader, and of no interest.
        Err(_) => {
            let length = u16::try_from(contents.len()).unwrap_or(u16::MAX);
            out.push(0x82);
            out.extend(length.to_be_bytes());
        }
    }
    out.append(&mut contents);
}

fn count(node: &Node) -> usize {
    1 + match &node.content {
        Content::Children(children) => children.iter().map(count).sum(),
        Content::Bytes(_) => 0,
    }
}

/// The node that [`count`] counts after `left` others.
fn nth<'a>(node: &'a mut Node, left: &mut usize) -> Option<&'a mut Node> {
    if *left == 0 {
        return Some(node);
    }
    *left -= 1;
    match &mut node.content {
        Content::Children(children) => children.iter_mut().find_map(|child| nth(child, left)),
        Content::Bytes(_) => None,
    }
}
