//! Rules certificate-encoding and certificate-version. The issuer signed these as they are, except where the fault is outside
//! the signed part.

use crate::accepted::{LARGEST_CERTIFICATE, certificate_of};
use crate::ceremonies::Ceremonies;
use crate::der::{self, field};
use crate::model::Registration;
use crate::world::World;

pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let good = &world.card.certificate;
    let refused = |name, about, certificate: Vec<u8>, fault| {
        usual
            .with_certificate(certificate)
            .vector(name, about)
            .refused_for("certificate-encoding", "certificate-encoding", fault)
    };
    let version = |name, about, certificate: Vec<u8>| {
        usual
            .with_certificate(certificate)
            .vector(name, about)
            .refused("certificate-version", "certificate-version")
    };
    let patched = |what: &[u8], with: &[u8]| {
        world.issue_fields(|fields| {
            let place = find(&fields[field::EXTENSIONS], what);
            fields[field::EXTENSIONS][place..place + with.len()].copy_from_slice(with);
        })
    };
    let not_canonical = "it has another encoding than the one DER allows";
    let contents = der::contents(good);
    vec![
        refused(
            "certificate_with_trailing_byte",
            "One byte follows the certificate.",
            [&good[..], &[0]].concat(),
            "1 bytes follow its end",
        ),
        refused(
            "certificate_cut_off",
            "The last byte of the issuer's signature is missing.",
            good[..good.len() - 1].to_vec(),
            "it ends too early",
        ),
        refused(
            "certificate_one_byte_too_large",
            "A certificate of 4097 bytes, faultless otherwise.",
            certificate_of(world, LARGEST_CERTIFICATE + 1),
            "4097 bytes, more than the 4096 allowed",
        ),
        refused(
            "not_a_certificate",
            "DER, but something else.",
            der::element(der::SEQUENCE, &[der::NULL]),
            "it does not have the structure of a certificate",
        ),
        refused(
            "certificate_with_long_length",
            "BER: the outermost length takes one byte more than it needs. The signed part is untouched.",
            [
                &[0x30, 0x83, 0][..],
                &(contents.len() as u16).to_be_bytes(),
                contents,
            ]
            .concat(),
            "a length that is indefinite or not in its shortest form",
        ),
        refused(
            "certificate_of_indefinite_length",
            "BER: the outermost length is indefinite. The signed part is untouched.",
            [&[0x30, 0x80][..], contents, &[0, 0]].concat(),
            "a length that is indefinite or not in its shortest form",
        ),
        refused(
            "signature_with_unused_bits",
            "The issuer's signature is said to end inside a byte.",
            {
                let mut outer = der::members(good);
                let place = outer[2].len() - 257;
                outer[2][place] = 1;
                *outer[2].last_mut().unwrap() &= 0xfe;
                der::sequence(&outer)
            },
            "it does not have the structure of a certificate",
        ),
        refused(
            "critical_of_01",
            "BER: a BOOLEAN that is true but not FF (critical of keyUsage).",
            patched(
                &[0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff],
                &[0x55, 0x1d, 0x0f, 0x01, 0x01, 0x01],
            ),
            "a BOOLEAN not in the form that DER requires",
        ),
        refused(
            "critical_false_written_out",
            "critical FALSE, which its absence says already (X.690 §11.5), in extKeyUsage.",
            world.issue_fields(|fields| {
                let mut extensions = der::extensions(fields);
                let parts = der::members(&extensions[1]);
                extensions[1] =
                    der::sequence(&[parts[0].clone(), vec![0x01, 0x01, 0x00], parts[1].clone()]);
                der::set_extensions(fields, &extensions);
            }),
            not_canonical,
        ),
        refused(
            "date_before_2050_as_generalized_time",
            "RFC 5280 §4.1.2.5: dates until 2049 are UTCTime.",
            world.issue_fields(|fields| {
                let dates = der::members(&fields[field::VALIDITY]);
                let until = der::element(0x18, &[b"20", der::contents(&dates[1])]);
                fields[field::VALIDITY] = der::sequence(&[dates[0].clone(), until]);
            }),
            not_canonical,
        ),
        refused(
            "key_usage_with_trailing_zero_bits",
            "digitalSignature as eight bits, seven of them zero (X.690 §11.2.2).",
            patched(&[0x03, 0x02, 0x07, 0x80], &[0x03, 0x02, 0x00, 0x80]),
            "the extension 2.5.29.15 does not have its structure, or another encoding than the one DER allows",
        ),
        refused(
            "serial_padded",
            "A zero byte before a serial number that needs none.",
            world.issue(|leaf| leaf.serial = vec![0x00, 0x22, 0x7b]),
            "an INTEGER not in the form that DER requires",
        ),
        refused(
            "subject_not_utf8",
            "A UTF8String that is not UTF-8 in the subject.",
            world.issue_fields(|fields| {
                let last = fields[field::SUBJECT].len() - 1;
                fields[field::SUBJECT][last] = 0xff;
            }),
            "a UTF8String not in the form that DER requires",
        ),
        refused(
            "set_not_sorted",
            "A relative distinguished name of two attributes whose order is not that of DER.",
            world.issue_fields(|fields| {
                let name = der::members(&fields[field::SUBJECT]);
                let country = der::contents(&name[0]);
                let common_name = der::contents(&name[1]);
                let set = der::element(0x31, &[common_name, country]);
                fields[field::SUBJECT] = der::sequence(&[set]);
            }),
            "a SET OF not in order",
        ),
        refused(
            "extensions_empty",
            "An empty list of extensions, where the field would have to be absent.",
            world.issue_fields(|fields| der::set_extensions(fields, &[])),
            "it does not have the structure of a certificate",
        ),
        refused(
            "version_1_written_out",
            "Version 1 is said by the field's absence.",
            world.issue_fields(|fields| fields[field::VERSION] = vec![0xa0, 3, 2, 1, 0]),
            not_canonical,
        ),
        version(
            "version_1",
            "No version, hence version 1, which cannot have extensions.",
            world.issue(|leaf| leaf.version = None),
        ),
        version(
            "version_2",
            "Version 2, which cannot have extensions.",
            world.issue(|leaf| leaf.version = Some(1)),
        ),
    ]
}

fn find(haystack: &[u8], needle: &[u8]) -> usize {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
        .unwrap()
}
