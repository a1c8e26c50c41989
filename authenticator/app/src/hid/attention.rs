//! What the thread of the authenticator hears while it works on a request or asks the person: that the request was taken back, or
//! that the card has left.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use authenticator_core::Refusal;

use super::ctaphid::RequestId;
use crate::prompt::native::Handle;

/// Tells one power-up from the next. Later ones are greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PowerUp(pub(crate) u64);

/// How long a request may take the person: as long as the standard recommends where the user is verified (WebAuthn L3 §15.1).
/// Platforms give up earlier and say so.
pub(crate) const REQUEST: Duration = Duration::from_secs(300);

/// Shared by the two threads.
#[derive(Debug, Default)]
pub(crate) struct Attention {
    heard: Mutex<Heard>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct Heard {
    /// This request and those before it were taken back or need no answer any more.
    withdrawn: Option<(PowerUp, RequestId)>,
    /// The card of this power-up and those before it is gone.
    gone: PowerUp,
    /// The windows of the request that is being worked on.
    windows: Option<((PowerUp, RequestId), Handle)>,
}

impl Attention {
    /// A request was taken back.
    pub(crate) fn withdraw(&self, power_up: PowerUp, request: RequestId) {
        let mut heard = self.heard();
        heard.withdrawn = Some((power_up, request));
        heard.tell_windows();
        self.news.notify_all();
    }

    /// The card of a power-up has left, or its device was unplugged.
    pub(crate) fn card_gone(&self, power_up: PowerUp) {
        let mut heard = self.heard();
        heard.gone = power_up;
        heard.tell_windows();
        self.news.notify_all();
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        // Nothing in it can be half changed.
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    /// Closes the windows of a request that nobody wants any more.
    fn tell_windows(&self) {
        if let Some((request, windows)) = &self.windows
            && let Some(refusal) = self.refusal(*request)
        {
            windows.refuse(refusal);
        }
    }

    /// Why a request needs no answer any more.
    fn refusal(&self, request: (PowerUp, RequestId)) -> Option<Refusal> {
        if self.gone >= request.0 {
            Some(Refusal::CardRemoved)
        } else if self.withdrawn.is_some_and(|withdrawn| withdrawn >= request) {
            Some(Refusal::Withdrawn)
        } else {
            None
        }
    }
}

/// One request, on its way through the authenticator.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    attention: Arc<Attention>,
    power_up: PowerUp,
    request: RequestId,
    deadline: Instant,
}

impl Errand {
    /// A request that begins now.
    pub(crate) fn new(attention: Arc<Attention>, power_up: PowerUp, request: RequestId) -> Errand {
        Errand {
            attention,
            power_up,
            request,
            deadline: Instant::now() + REQUEST,
        }
    }

    /// Which request it is.
    pub(crate) fn request(&self) -> (PowerUp, RequestId) {
        (self.power_up, self.request)
    }

    /// When it must have ended.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// From now on these windows are about this request, and close when it is of no use any more.
    pub(crate) fn asks_in(&self, windows: Handle) {
        let mut heard = self.attention.heard();
        heard.windows = Some((self.request(), windows));
        heard.tell_windows();
    }

    /// Whether an answer is still wanted, and the card still there.
    ///
    /// # Errors
    /// [`Refusal::Withdrawn`], [`Refusal::CardRemoved`] or [`Refusal::TimedOut`].
    pub(crate) fn go_on(&self) -> Result<(), Refusal> {
        self.judge(&self.attention.heard())
    }

    /// Waits for so long, at most to the deadline.
    ///
    /// # Errors
    /// As [`Errand::go_on`], as soon as it is so.
    pub(crate) fn wait(&self, time: Duration) -> Result<(), Refusal> {
        let until = Instant::now() + time;
        let mut heard = self.attention.heard();
        loop {
            self.judge(&heard)?;
            let left = until
                .min(self.deadline)
                .saturating_duration_since(Instant::now());
            if left.is_zero() {
                return self.judge(&heard);
            }
            heard = self
                .attention
                .news
                .wait_timeout(heard, left)
                .map_or_else(|poisoned| poisoned.into_inner().0, |(heard, _)| heard);
        }
    }

    fn judge(&self, heard: &Heard) -> Result<(), Refusal> {
        if let Some(refusal) = heard.refusal(self.request()) {
            Err(refusal)
        } else if Instant::now() >= self.deadline {
            Err(Refusal::TimedOut)
        } else {
            Ok(())
        }
    }
}
