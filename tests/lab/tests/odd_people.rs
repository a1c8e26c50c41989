//! Odd people have cards that are wrong in exactly one way.

#![allow(clippy::unwrap_used)]

use jpki_lab::pki::{Fault, Pki, shared, shared_options};

fn with_odd_people() -> Pki {
    let mut pki = shared().unwrap().clone();
    pki.add_odd_people(&shared_options()).unwrap();
    pki
}

#[test]
fn every_fault_has_a_person_of_its_own() {
    let pki = with_odd_people();
    for fault in Fault::ALL {
        let person = pki.person(fault.id()).unwrap();
        let others = pki.people.iter().filter(|other| other.id != person.id);
        assert!(
            others
                .clone()
                .all(|other| other.authentication.certificate != person.authentication.certificate),
            "{} has a certificate of its own",
            person.id
        );
    }
}

#[test]
fn only_the_anchor_of_expired_anchor_has_expired() {
    let pki = with_odd_people();
    let person = pki.person("expired-anchor").unwrap();
    let ca = pki.authentication_ca(person.generation).unwrap();
    let in_order = pki.person("p01").unwrap();
    assert_eq!(
        person.authentication.not_after,
        in_order.authentication.not_after
    );
    assert!(ca.template().not_after < person.authentication.not_after);
}
