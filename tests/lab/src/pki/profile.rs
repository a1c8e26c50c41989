//! The fixed values of the practice hierarchy.
//!
//! The shape is that of the real certificates; the values are not: O=JPKI-LAB, policies under the
//! enterprise number for documentation (RFC 5612), hosts under `.example` (RFC 2606), a prefecture
//! that does not exist.

use super::name::Name;
use const_oid::ObjectIdentifier;

/// The policy of practice authentication certificates (real: 1.2.392.200149.8.5.1.3.30).
pub const AUTHENTICATION_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.8.5.1.3.30");
/// The policy of practice signing certificates (real: 1.2.392.200149.8.5.1.1.20).
pub const SIGNATURE_POLICY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.8.5.1.1.20");
/// extKeyUsage clientAuth.
pub const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

pub(super) const CPS_URI: &str = "http://lab.jpki.example/cps.html";
pub(super) const OCSP_URI: &str = "http://ocspauthnorm.lab.jpki.example";

pub(super) const AUTHENTICATION_UNIT: &str = "JPKI for user authentication";
pub(super) const SIGNATURE_UNIT: &str = "JPKI for digital signature";
pub(super) const AUTHENTICATION_UNIT_JA: &str = "公的個人認証サービス（練習用）利用者証明用";
pub(super) const SIGNATURE_UNIT_JA: &str = "公的個人認証サービス（練習用）署名用";

const ORGANIZATION: &str = "JPKI-LAB";
const AGENCY: &str = "Japan Agency for Local Authority Information Systems";

fn ca_name(unit: &str) -> Name {
    Name::japan()
        .organization(ORGANIZATION)
        .unit(unit)
        .unit(AGENCY)
}

/// The one name that all generations of the practice authentication CA bear.
pub fn authentication_ca_name() -> Name {
    ca_name(AUTHENTICATION_UNIT)
}

/// The name of the practice signature CA.
pub fn signature_ca_name() -> Name {
    ca_name(SIGNATURE_UNIT)
}

/// The distribution point of a municipality: it names who issued, hence where the holder lives.
pub fn distribution_point(unit: &str, prefecture: &str, municipality: &str) -> Name {
    Name::japan()
        .organization(ORGANIZATION)
        .unit(unit)
        .unit("CRL Distribution Points")
        .unit(prefecture)
        .common_name(&format!("{municipality} CRLDP"))
}

pub(super) fn alternative_name(unit: &str) -> Name {
    Name::japan()
        .organization("公的個人認証サービス（練習用）")
        .unit(unit)
        .unit("地方公共団体情報システム機構")
}
