//! The two that are asked the same: OpenSK, and this project's authenticator.

use std::time::Duration;

use authenticator_core::{Card, Session, Transport};
use opensk::ctap::{Channel, CtapState};
use opensk::env::Env;
use opensk::env::test::TestEnv;

use crate::platform::PIN;
use crate::world::World;

pub trait Party {
    /// Answers a request on a CTAPHID channel.
    fn send(&mut self, channel: u32, request: &[u8]) -> Vec<u8>;

    /// Lets time pass.
    fn wait(&mut self, time: Duration);

    /// Takes the power away and gives it back.
    fn power_up(&mut self);
}

pub struct OpenSk {
    env: TestEnv,
    state: CtapState<TestEnv>,
}

impl OpenSk {
    /// Fresh from the factory. Whoever holds it always touches it.
    pub fn new() -> OpenSk {
        let mut env = TestEnv::default();
        let state = CtapState::new(&mut env);
        OpenSk { env, state }
    }
}

impl Party for OpenSk {
    fn send(&mut self, channel: u32, request: &[u8]) -> Vec<u8> {
        let channel = Channel::MainHid(channel.to_be_bytes());
        self.state.process_command(&mut self.env, request, channel)
    }

    fn wait(&mut self, time: Duration) {
        self.env.clock().advance(time.as_millis() as usize);
    }

    fn power_up(&mut self) {
        self.state = CtapState::new(&mut self.env);
    }
}

pub struct Ours {
    world: World,
}

impl Ours {
    /// With a card that was just inserted, and a person who agrees to everything but has no prompt to type a PIN in.
    pub fn new() -> Ours {
        let mut world = World::new();
        world.person.willing = true;
        world.person.has_no_pin_prompt = true;
        Ours { world }
    }
}

impl Party for Ours {
    fn send(&mut self, channel: u32, request: &[u8]) -> Vec<u8> {
        // Whatever reaches the card was typed on the platform, and once for each request.
        self.world.platform_pins = vec![PIN.to_owned()];
        self.world
            .send_over(Transport::Usb { channel }, request)
            .response
    }

    fn wait(&mut self, time: Duration) {
        self.world.elapsed += time;
        self.world.now += time.as_secs();
    }

    fn power_up(&mut self) {
        self.world.card.release();
        self.world.session = Session::power_up(self.world.elapsed);
    }
}
