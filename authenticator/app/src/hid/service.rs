//! The service: the device exists while the card is there, and each report goes where it belongs.
//!
//! This thread keeps CTAPHID; another is the authenticator (`worker`), and small ones only wait: for reports, readers, signals. All
//! that happens comes in one queue of limited length.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, sync_channel};
use std::time::Duration;

use eid_card::{FoundCard, Insertion, Look, ReaderError};

use super::attention::{Attention, PowerUp};
use super::clock::{Sleeps, elapsed};
use super::ctaphid::{Action, Ctaphid, Message, Report, RequestId, Status};
use super::person::Prompt;
use super::presented::{Presented, readers_of};
use super::wire::{Peer, Wire};
use super::worker::{self, Task, Unusable};
use crate::ceremony::card::no_one_card;
use crate::failure::Failure;
use crate::messages::hid::HidProblem;
use crate::{hardening, log, readers};

/// How many events may wait. Who sends more waits with them.
const QUEUE: usize = 256;

/// How often to see whether the computer slept, while nothing else happens.
const LOOK_AT_CLOCKS: Duration = Duration::from_secs(5);

/// How long the answer to a request may take whose card has left, and how long the host may take to read it.
const LAST_ANSWER: Duration = Duration::from_secs(3);
const LAST_READING: Duration = Duration::from_millis(100);

/// When to try again to make a device of a card: after one second, then twice as long each time.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(64);

/// How many requests may wait for the authenticator. All but the last of them were abandoned, by a host that goes on while the
/// card is still at the first.
const MOST_UNANSWERED: usize = 16;
/// What the next one is answered at once (CTAP1_ERR_CHANNEL_BUSY, CTAP 2.3 §8.2).
const CHANNEL_BUSY: u8 = 0x06;

/// How long the authenticator may take to let go of the card at the end.
const LETTING_GO: Duration = Duration::from_secs(10);

/// Something that happened.
pub(crate) enum Event {
    /// The host sent a report to the device of this power-up.
    Report(PowerUp, Report, Peer),
    /// Something else than this service took the device away.
    Unplugged(PowerUp),
    /// What is in the readers, now and whenever it changes.
    Readers(Result<Look, ReaderError>),
    /// A card was read, or cannot be.
    Ready(PowerUp, Result<(), Unusable>),
    /// What the authenticator waits for.
    Status(PowerUp, RequestId, Status),
    /// The authenticator answered.
    Answered(PowerUp, RequestId, Vec<u8>),
    /// The authenticator has let go of everything, at the end or because of a defect.
    WorkerEnded,
    /// The system asks this process to end.
    Terminated,
}

/// Everything that is going on.
struct Service {
    wire: Wire,
    tasks: Sender<Task>,
    attention: Arc<Attention>,
    /// The number of power-ups so far.
    power_ups: u64,
    /// The one card in the readers.
    wanted: Option<FoundCard>,
    /// Why there is none, as it was told last.
    missing: Option<Failure>,
    presented: Presented<Insertion>,
    present: Option<Present>,
    retry: Duration,
    /// How many requests the authenticator has not answered.
    unanswered: usize,
    sleeps: Sleeps,
    ending: bool,
    worker_ended: bool,
}

/// A card, from power-up on.
struct Present {
    power_up: PowerUp,
    card: FoundCard,
    stage: Stage,
}

enum Stage {
    /// It is being read.
    Reading,
    /// It could not be read, or no device could be made; to be tried again.
    Failed { again_at: Duration },
    /// Its device is plugged in.
    Plugged { device: Ctaphid, owner: Peer },
    /// It has left with a request pending, whose answer may still go out.
    Leaving {
        device: Ctaphid,
        owner: Peer,
        until: Duration,
    },
}

/// Serves until the system asks this process to end.
///
/// # Errors
/// If a thread cannot be started, or the authenticator's ended by a defect.
pub(crate) fn run(
    open_wire: impl FnOnce(SyncSender<Event>) -> io::Result<Wire>,
    prompt: Prompt,
) -> io::Result<()> {
    let (sender, events) = sync_channel(QUEUE);
    let wire = open_wire(sender.clone())?;
    let attention = Arc::new(Attention::default());
    let tasks = worker::start(prompt, Arc::clone(&attention), sender.clone())?;
    let signals = sender.clone();
    hardening::end_orderly(move || signals.send(Event::Terminated).is_ok());
    readers::watch(move |seen| sender.send(Event::Readers(seen)).is_ok())?;
    let service = Service {
        wire,
        tasks,
        attention,
        power_ups: 0,
        wanted: None,
        missing: None,
        presented: Presented::new(),
        present: None,
        retry: FIRST_RETRY,
        unanswered: 0,
        sleeps: Sleeps::new(),
        ending: false,
        worker_ended: false,
    };
    service.serve(&events)
}

/// The one card to make a device of.
///
/// # Errors
/// Why there is none.
fn only_card(seen: &Result<Look, ReaderError>) -> Result<FoundCard, Failure> {
    match seen {
        Ok(look) => match look.only_card() {
            Ok(card) => Ok(card.clone()),
            Err(reason) => Err(no_one_card(reason).into()),
        },
        Err(ReaderError::NoReader) => Err(Failure::NoReader),
        Err(_) => Err(Failure::PcscNotRunning),
    }
}

impl Service {
    fn serve(mut self, events: &Receiver<Event>) -> io::Result<()> {
        let mut overdue = 0;
        while !(self.ending && self.present.is_none()) {
            let wait = self.wakes_at().saturating_sub(elapsed());
            let event = events.recv_timeout(wait);
            // What the host says after a sleep is not for what was held before it.
            if self.sleeps.any() {
                self.unplug();
            }
            match event {
                Ok(event) => {
                    self.take_in(event);
                    // A host that never stops talking stops no clock: what there was when something became due is taken in.
                    let due = self.wakes_at() <= elapsed();
                    overdue = if due { overdue + 1 } else { 0 };
                    if overdue > QUEUE {
                        self.tick();
                        overdue = 0;
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.tick(),
                // This thread holds no sender, but the readers' thread never ends.
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.worker_ended {
                self.unplug();
                return Err(io::Error::other("the authenticator ended by a defect"));
            }
            self.settle();
        }
        drop(self.tasks);
        let until = elapsed() + LETTING_GO;
        while let Ok(event) = events.recv_timeout(until.saturating_sub(elapsed())) {
            if matches!(event, Event::WorkerEnded) {
                break;
            }
        }
        Ok(())
    }

    /// When something is due.
    fn wakes_at(&self) -> Duration {
        let due = match self.present.as_ref().map(|present| &present.stage) {
            Some(Stage::Plugged { device, .. }) => device.wakes_at(),
            Some(Stage::Leaving { device, until, .. }) => {
                device.wakes_at().into_iter().chain([*until]).min()
            }
            Some(Stage::Failed { again_at }) => Some(*again_at),
            Some(Stage::Reading) | None => None,
        };
        let look = elapsed() + LOOK_AT_CLOCKS;
        due.map_or(look, |due| due.min(look))
    }

    fn take_in(&mut self, event: Event) {
        match event {
            Event::Report(power_up, report, peer) => self.receive(power_up, &report, peer),
            Event::Unplugged(power_up) => {
                if self.is_present(power_up) {
                    self.failed();
                }
            }
            Event::Readers(seen) => {
                self.presented
                    .note(seen.as_ref().ok().map(readers_of), elapsed());
                if !self.ending {
                    let only = only_card(&seen);
                    self.tell_missing(only.as_ref().err().copied());
                    self.wanted = only.ok();
                }
            }
            Event::Ready(power_up, ready) => self.ready(power_up, ready),
            Event::Status(power_up, request, status) => {
                self.say(power_up, |device| {
                    device.set_status(request, status, elapsed())
                });
            }
            Event::Answered(power_up, request, answer) => {
                self.unanswered = self.unanswered.saturating_sub(1);
                self.say(power_up, |device| device.answer(request, answer));
                self.last_answer_given(power_up);
            }
            Event::WorkerEnded => self.worker_ended = true,
            Event::Terminated => {
                self.ending = true;
                self.wanted = None;
            }
        }
    }

    /// Tells whoever reads standard error what the service waits for, once.
    fn tell_missing(&mut self, missing: Option<Failure>) {
        if self.missing != missing {
            self.missing = missing;
            missing.into_iter().for_each(log::waiting);
        }
    }

    /// Does what is due. Everything that happened was taken in before.
    fn tick(&mut self) {
        let now = elapsed();
        let Some(present) = &mut self.present else {
            return;
        };
        let power_up = present.power_up;
        match &present.stage {
            Stage::Leaving { until, .. } if *until <= now => self.unplug(),
            Stage::Failed { again_at } if *again_at <= now => self.present = None,
            Stage::Plugged { .. } | Stage::Leaving { .. } => {
                self.say(power_up, |device| device.tick(now));
            }
            Stage::Reading | Stage::Failed { .. } => {}
        }
    }

    /// Brings what is there in line with what is in the readers.
    fn settle(&mut self) {
        let same = |present: &Present| {
            let wanted = self.wanted.as_ref();
            wanted.is_some_and(|card| card.insertion() == present.card.insertion())
        };
        if self.present.as_ref().is_some_and(|present| !same(present)) {
            self.retry = FIRST_RETRY;
            self.leave();
        }
        if self.present.is_none()
            && let Some(card) = self.wanted.clone()
        {
            self.power_ups += 1;
            let power_up = PowerUp(self.power_ups);
            let _ = self.tasks.send(Task::PowerUp {
                power_up,
                presented: self.presented.take(card.insertion()),
                card: card.clone(),
            });
            self.present = Some(Present {
                power_up,
                card,
                stage: Stage::Reading,
            });
        }
    }

    fn is_present(&self, power_up: PowerUp) -> bool {
        self.present
            .as_ref()
            .is_some_and(|present| present.power_up == power_up)
    }

    /// The card was read: plug in the device.
    fn ready(&mut self, power_up: PowerUp, ready: Result<(), Unusable>) {
        if !self.is_present(power_up) {
            return;
        }
        let plugged = match ready {
            Ok(()) => self.wire.plug_in(power_up).map_err(|error| {
                log::hid(&HidProblem::NoDevice(&error.to_string()));
            }),
            Err(Unusable::Card(error)) => {
                log::line(&error);
                Err(())
            }
            Err(Unusable::Store) => Err(()),
        };
        match (plugged, &mut self.present) {
            (Ok(()), Some(present)) => {
                present.stage = Stage::Plugged {
                    device: Ctaphid::new(),
                    owner: None,
                };
            }
            _ => self.failed(),
        }
    }

    /// There is a card but no device, for now.
    fn failed(&mut self) {
        self.forget();
        let again_at = elapsed() + self.retry;
        self.retry = (self.retry * 2).min(LONGEST_RETRY);
        if let Some(present) = &mut self.present {
            present.stage = Stage::Failed { again_at };
        }
    }

    fn receive(&mut self, power_up: PowerUp, report: &Report, peer: Peer) {
        let Some(Present {
            power_up: current,
            stage: Stage::Plugged { device, owner },
            ..
        }) = &mut self.present
        else {
            return;
        };
        if *current != power_up {
            return;
        }
        // Now there is a device. That somebody took the connection says nothing: systemd does so before it starts the relay.
        self.retry = FIRST_RETRY;
        let was_idle = device.wakes_at().is_none();
        let actions = device.receive(report, elapsed());
        if was_idle {
            // What follows of this message later goes to whom it came from.
            *owner = peer;
        }
        for action in actions {
            match action {
                Action::Send(message) => self.send(&message, peer),
                Action::Begin(request) if self.unanswered < MOST_UNANSWERED => {
                    self.unanswered += 1;
                    let _ = self.tasks.send(Task::Answer(power_up, request));
                }
                Action::Begin(request) => {
                    self.say(power_up, |device| {
                        device.answer(request.id, vec![CHANNEL_BUSY])
                    });
                }
                Action::Cancel(request) | Action::Abandon(request) => {
                    self.attention.withdraw(power_up, request);
                }
            }
        }
    }

    /// Sends what a device says of its own accord to whom it belongs.
    fn say(&mut self, power_up: PowerUp, say: impl FnOnce(&mut Ctaphid) -> Option<Message>) {
        let Some(Present {
            power_up: current,
            stage: Stage::Plugged { device, owner } | Stage::Leaving { device, owner, .. },
            ..
        }) = &mut self.present
        else {
            return;
        };
        let owner = *owner;
        if *current == power_up
            && let Some(message) = say(device)
        {
            self.send(&message, owner);
        }
    }

    fn send(&mut self, message: &Message, peer: Peer) {
        if let Err(error) = self.wire.send(message, peer) {
            log::hid(&HidProblem::NoDevice(&error.to_string()));
            self.failed();
        }
    }

    /// The card has left. A pending request is still answered, so that the platform knows why.
    fn leave(&mut self) {
        let Some(present) = self.present.take() else {
            return;
        };
        let Present {
            power_up,
            card,
            stage,
        } = present;
        self.attention.card_gone(power_up);
        let stage = match stage {
            Stage::Plugged { device, owner } if device.is_working() => {
                let _ = self.tasks.send(Task::PowerDown);
                Stage::Leaving {
                    device,
                    owner,
                    until: elapsed() + LAST_ANSWER,
                }
            }
            Stage::Leaving { .. } => stage,
            Stage::Plugged { .. } | Stage::Reading | Stage::Failed { .. } => {
                self.wire.unplug();
                let _ = self.tasks.send(Task::PowerDown);
                return;
            }
        };
        self.present = Some(Present {
            power_up,
            card,
            stage,
        });
    }

    fn last_answer_given(&mut self, power_up: PowerUp) {
        if let Some(Present {
            power_up: current,
            stage: Stage::Leaving { until, .. },
            ..
        }) = &mut self.present
            && *current == power_up
        {
            *until = (*until).min(elapsed() + LAST_READING);
        }
    }

    /// Takes the device away, whatever is going on.
    fn unplug(&mut self) {
        if self.present.is_some() {
            self.forget();
            self.present = None;
        }
    }

    /// Ends what is going on with the card that is present.
    fn forget(&mut self) {
        if let Some(present) = &self.present {
            self.attention.card_gone(present.power_up);
        }
        self.wire.unplug();
        let _ = self.tasks.send(Task::PowerDown);
    }
}
