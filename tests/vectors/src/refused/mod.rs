//! Registrations that a relying party refuses: each is an acceptable one with one thing wrong, in the order of the rules.

mod auth_data;
pub(crate) mod card;
mod contents;
mod country;
mod encoding;
mod issuer;
mod object;
mod present;
mod statement;
mod webauthn;

use crate::ceremonies::Ceremonies;
use crate::model::Registration;
use crate::world::World;

pub(crate) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    [
        object::registrations(world, ceremonies),
        statement::registrations(world, ceremonies),
        auth_data::registrations(world, ceremonies),
        card::keys(world, ceremonies),
        encoding::registrations(world, ceremonies),
        issuer::registrations(world, ceremonies),
        contents::registrations(world, ceremonies),
        country::registrations(world),
        statement::signatures(world, ceremonies),
        card::registrations(world, ceremonies),
        present::registrations(world, ceremonies),
        webauthn::registrations(world, ceremonies),
    ]
    .concat()
}
