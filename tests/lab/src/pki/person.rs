//! Practice people: invented names in an invented prefecture.

use rand_core::RngCore as _;
use rsa::RsaPrivateKey;
use time::{Date, Month};

/// A certificate with its key.
#[derive(Clone)]
pub struct Credential {
    /// The private key. A real card never gives it away.
    pub key: RsaPrivateKey,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// Start of validity, Unix seconds.
    pub not_before: i64,
    /// End of validity, Unix seconds.
    pub not_after: i64,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential")
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// A municipality of the practice prefecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Municipality {
    /// Prefecture, as certificates spell it.
    pub prefecture: &'static str,
    /// City, town or village, as certificates spell it.
    pub name: &'static str,
    /// Both in Japanese, as an address begins.
    pub japanese: &'static str,
    /// The five-digit code that test certificates embed in the common name.
    pub code: &'static str,
}

const MUNICIPALITIES: [Municipality; 4] = [
    Municipality {
        prefecture: "Renshu-ken",
        name: "Mihon-shi",
        japanese: "練習県見本市",
        code: "99201",
    },
    Municipality {
        prefecture: "Renshu-ken",
        name: "Tameshi-shi",
        japanese: "練習県試市",
        code: "99202",
    },
    Municipality {
        prefecture: "Renshu-ken",
        name: "Jikken-cho",
        japanese: "練習県実験町",
        code: "99341",
    },
    Municipality {
        prefecture: "Renshu-ken",
        name: "Keiko-mura",
        japanese: "練習県稽古村",
        code: "99361",
    },
];

const FAMILY_NAMES: [&str; 6] = ["見本", "練習", "試験", "例示", "稽古", "仮野"];
const GIVEN_NAMES: [&str; 8] = ["太郎", "花子", "一郎", "桜", "健太", "美咲", "さくら", "翔"];

/// A person with a card.
#[derive(Debug, Clone)]
pub struct Person {
    /// `p01`, `p02`, …
    pub id: String,
    /// The generation of the authentication CA, counted from 1, that vouches for this person.
    pub generation: usize,
    /// Where the person lives.
    pub municipality: Municipality,
    /// Name, family name first, with an ideographic space between.
    pub name: String,
    /// Date of birth.
    pub birth_date: Date,
    /// 1 male, 2 female, as signing certificates write it.
    pub sex: u8,
    /// Address.
    pub address: String,
    /// The authentication PIN: four digits.
    pub pin: String,
    /// The signing PIN: 6 to 16 upper-case letters and digits.
    pub sign_pin: String,
    /// What the person authenticates with.
    pub authentication: Credential,
    /// What the person signs documents with.
    pub signature: Credential,
}

/// A person before the certificates are issued.
pub(super) struct Draft {
    pub(super) municipality: Municipality,
    pub(super) name: String,
    pub(super) birth_date: Date,
    pub(super) sex: u8,
    pub(super) address: String,
    pub(super) pin: String,
    pub(super) sign_pin: String,
    pub(super) rng: rand_chacha::ChaCha20Rng,
}

impl Draft {
    pub(super) fn new(number: usize, year: i32, mut rng: rand_chacha::ChaCha20Rng) -> Self {
        let municipality = pick(&MUNICIPALITIES, number.wrapping_sub(1));
        let family = pick(&FAMILY_NAMES, below(&mut rng, 6));
        let given = pick(&GIVEN_NAMES, below(&mut rng, 8));
        let sex = 1 + below(&mut rng, 2) as u8;
        let age = 18 + below(&mut rng, 60) as i32;
        let month = Month::try_from(1 + below(&mut rng, 12) as u8).unwrap_or(Month::January);
        let birth_date =
            Date::from_calendar_date(year - 11 - age, month, 1 + below(&mut rng, 28) as u8)
                .unwrap_or(Date::MIN);
        let address = format!(
            "{}練習町{}－{}－{}",
            municipality.japanese,
            full_width(1 + below(&mut rng, 9)),
            full_width(1 + below(&mut rng, 30)),
            full_width(1 + below(&mut rng, 20)),
        );
        Draft {
            municipality,
            name: format!("{family}　{given}"),
            birth_date,
            sex,
            address,
            pin: format!("{:04}", (123 + 1111 * number) % 10_000),
            sign_pin: format!("LAB{number:03}SIGN"),
            rng,
        }
    }

    /// Characters as the opaque part of a common name has them.
    pub(super) fn opaque(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        (0..length)
            .filter_map(|_| ALPHABET.get(below(&mut self.rng, 36)).copied())
            .map(char::from)
            .collect()
    }

    /// A serial number of three bytes, positive without padding.
    pub(super) fn serial(&mut self) -> Vec<u8> {
        let mut serial = [0; 3];
        self.rng.fill_bytes(&mut serial);
        serial[0] = (serial[0] & 0x3F) | 0x20;
        serial.to_vec()
    }
}

/// Even enough for practice people.
fn below(rng: &mut rand_chacha::ChaCha20Rng, bound: u64) -> usize {
    (rng.next_u64() % bound) as usize
}

fn pick<T: Copy, const N: usize>(from: &[T; N], index: usize) -> T {
    // An index modulo the length is always inside; the lists are never empty.
    *from.get(index % N).unwrap_or(&from[0])
}

fn full_width(number: usize) -> String {
    number
        .to_string()
        .chars()
        .filter_map(|digit| char::from_u32('０' as u32 + digit.to_digit(10)?))
        .collect()
}
