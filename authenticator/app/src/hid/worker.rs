//! The thread of the authenticator: one request after the other, with the card, the person and the store.

use std::cell::RefCell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use authenticator_core::{Authenticator, Card, CardError, Moment, Refusal, Session, Transport};
use eid_card::{Certificate, FoundCard, Insertion};
use rand_core::OsRng;

use super::attention::{Attention, Errand, PowerUp};
use super::clock::elapsed;
use super::ctaphid::{Request, RequestId};
use super::person::{HidPerson, Prompt};
use super::service::Event;
use crate::ceremony::card::{CardSource, PresentedCard};
use crate::failure::Failure;
use crate::log;
use crate::store::Store;

// Status codes (CTAP 2.3 §8.2) of requests that do not reach the authenticator.
const OPERATION_DENIED: u8 = 0x27;
const KEEPALIVE_CANCEL: u8 = 0x2D;
const OTHER: u8 = 0x7F;

/// What the thread is to do.
pub(crate) enum Task {
    /// A card is there.
    PowerUp {
        /// From now on it is this one's.
        power_up: PowerUp,
        /// The card.
        card: FoundCard,
        /// When the person put it there, if anybody saw it.
        presented: Option<Duration>,
    },
    /// It is not there any more.
    PowerDown,
    /// Answer this.
    Answer(PowerUp, Request),
}

/// Why no device can be made of a card.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// Because of the card.
    Card(CardError),
    /// Because of the store; the log tells more.
    Store,
}

/// Starts the thread. It ends when the sender is dropped, having let go of the card.
///
/// # Errors
/// If the thread cannot be started.
pub(crate) fn start(
    prompt: Prompt,
    attention: Arc<Attention>,
    events: SyncSender<Event>,
) -> io::Result<Sender<Task>> {
    let (tasks, receiver) = mpsc::channel();
    let nothing = Errand::new(
        Arc::clone(&attention),
        PowerUp::default(),
        RequestId::default(),
    );
    let mut worker = Worker {
        attention,
        person: HidPerson::new(prompt, events.clone(), nothing),
        events,
        store: None,
    };
    thread::Builder::new()
        .name("authenticator".into())
        .spawn(move || {
            // A defect outside of a request unwinds all of it, which lets go of the card. The service must not go on without.
            let _ = panic::catch_unwind(AssertUnwindSafe(|| worker.work(&receiver)));
            // Whoever waits for the card to be let go of may end now.
            let _ = worker.events.send(Event::WorkerEnded);
        })?;
    Ok(tasks)
}

struct Worker {
    attention: Arc<Attention>,
    person: HidPerson,
    events: SyncSender<Event>,
    store: Option<Store>,
}

/// The card of a power-up: found by the thread of the service, read once.
#[derive(Default)]
struct Inserted(Option<Known>);

struct Known {
    power_up: PowerUp,
    card: FoundCard,
    certificate: Option<Certificate>,
}

impl CardSource for Inserted {
    const COMPARED_AT_ONCE: bool = false;

    fn only_card(&mut self) -> Result<FoundCard, CardError> {
        let known = self.0.as_ref().ok_or(CardError::NoCard)?;
        Ok(known.card.clone())
    }

    fn known_certificate(&self, _: &Insertion) -> Option<Certificate> {
        self.0.as_ref()?.certificate.clone()
    }

    fn show(&mut self, _: Insertion, _: &Certificate) {}

    fn let_go(&mut self) {}
}

impl Worker {
    fn work(&mut self, tasks: &Receiver<Task>) {
        let inserted = RefCell::new(Inserted::default());
        let mut card = PresentedCard::new(&inserted);
        let mut session = Session::power_up(elapsed());
        loop {
            match next(tasks, session.wakes_at()) {
                Next::Task(Task::PowerUp {
                    power_up,
                    card: found,
                    presented,
                }) => {
                    session = Session::power_up(elapsed());
                    if let Some(at) = presented {
                        session.card_presented(at);
                    }
                    card.release();
                    *inserted.borrow_mut() = Inserted(Some(Known {
                        power_up,
                        card: found,
                        certificate: None,
                    }));
                    let ready = self.make_ready(&mut card);
                    if let (Ok(certificate), Some(known)) =
                        (&ready, inserted.borrow_mut().0.as_mut())
                    {
                        known.certificate = Some(certificate.clone());
                    }
                    let _ = self.events.send(Event::Ready(power_up, ready.map(drop)));
                }
                Next::Task(Task::PowerDown) => {
                    card.release();
                    session = Session::power_up(elapsed());
                    *inserted.borrow_mut() = Inserted::default();
                }
                Next::Task(Task::Answer(power_up, request)) => {
                    let there = inserted.borrow().0.as_ref().map(|known| known.power_up);
                    let answer = if there == Some(power_up) {
                        self.answer(power_up, &request, &mut card, &mut session)
                    } else {
                        vec![OPERATION_DENIED]
                    };
                    card.wait_until_unpowered();
                    let _ = self
                        .events
                        .send(Event::Answered(power_up, request.id, answer));
                }
                Next::Wake => self.tick(&mut card, &mut session),
                Next::End => {
                    card.release();
                    return;
                }
            }
        }
    }

    /// Reads the certificate and opens the store, so that probes need neither.
    fn make_ready(
        &mut self,
        card: &mut PresentedCard<'_, Inserted>,
    ) -> Result<Certificate, Unusable> {
        let certificate = card.certificate().map_err(Unusable::Card);
        card.release();
        self.person.power_up();
        let certificate = certificate?;
        self.open_store()?;
        Ok(certificate)
    }

    fn open_store(&mut self) -> Result<&mut Store, Unusable> {
        if self.store.is_none() {
            let opened = Store::open_default().map_err(|error| {
                log::store(&error);
                Unusable::Store
            })?;
            self.store = Some(opened);
        }
        self.store.as_mut().ok_or(Unusable::Store)
    }

    fn answer(
        &mut self,
        power_up: PowerUp,
        request: &Request,
        card: &mut PresentedCard<'_, Inserted>,
        session: &mut Session,
    ) -> Vec<u8> {
        let errand = Errand::new(Arc::clone(&self.attention), power_up, request.id);
        match errand.go_on() {
            Ok(()) => {}
            // It was taken back while it waited for the one before it to end.
            Err(Refusal::Withdrawn) => return vec![KEEPALIVE_CANCEL],
            Err(_) => return vec![OPERATION_DENIED],
        }
        self.person.take_up(errand);
        let Ok(now) = SystemTime::now().duration_since(UNIX_EPOCH) else {
            return vec![OTHER];
        };
        let transport = Transport::Usb {
            channel: request.channel.0,
        };
        // A defect costs this request and what the session held, not the service.
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
            let mut moment = Moment {
                now: now.as_secs(),
                elapsed: elapsed(),
                rng: &mut OsRng,
            };
            let store = self.store.as_mut()?;
            let mut authenticator = Authenticator::new(card, &mut self.person, store, session);
            Some(authenticator.handle(&request.message, transport, &mut moment))
        }));
        match outcome {
            Ok(Some(outcome)) => {
                // What card, store or program failed at; not what a platform asked in vain, as often as it likes.
                if let (Some(failure), Some(&(OPERATION_DENIED | OTHER))) =
                    (outcome.failure, outcome.response.first())
                {
                    log::line(&failure);
                    if let Some(failure) = Failure::from_code(failure.code()) {
                        log::failure(failure);
                    }
                }
                outcome.response
            }
            Ok(None) => vec![OTHER],
            Err(_) => {
                card.release();
                *session = Session::power_up(elapsed());
                vec![OTHER]
            }
        }
    }

    /// Lets go of what has been held for too long.
    fn tick(&mut self, card: &mut PresentedCard<'_, Inserted>, session: &mut Session) {
        let Some(store) = self.store.as_mut() else {
            return;
        };
        Authenticator::new(card, &mut self.person, store, session).tick(elapsed());
    }
}

enum Next {
    Task(Task),
    Wake,
    End,
}

/// The next task, or the time at which the session wants to be woken.
fn next(tasks: &Receiver<Task>, wakes_at: Option<Duration>) -> Next {
    let received = match wakes_at {
        Some(at) => tasks.recv_timeout(at.saturating_sub(elapsed())),
        None => tasks.recv().map_err(RecvTimeoutError::from),
    };
    match received {
        Ok(task) => Next::Task(task),
        Err(RecvTimeoutError::Timeout) => Next::Wake,
        Err(RecvTimeoutError::Disconnected) => Next::End,
    }
}
