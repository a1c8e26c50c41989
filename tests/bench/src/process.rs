//! What a process costs: memory and processor time, as the kernel counts them.

use std::fs;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, anyhow};

const LOOK_EVERY: Duration = Duration::from_micros(500);

/// Looks at a process until it ends.
pub(crate) struct Watch(JoinHandle<Option<f64>>);

impl Watch {
    /// Begins to look at the process with this ID.
    pub(crate) fn of(id: u32) -> Self {
        Self(thread::spawn(move || {
            let mut peak = None;
            // The kernel keeps the peak; all that can be missed is what grows in the last moment.
            while let Some(now) = fs::read_to_string(format!("/proc/{id}/status"))
                .ok()
                .and_then(|status| peak_in(&status))
            {
                peak = Some(now);
                thread::sleep(LOOK_EVERY);
            }
            peak
        }))
    }

    /// The most that was resident, in MB (1 000 000 bytes), once the process has ended.
    pub(crate) fn peak(self) -> anyhow::Result<f64> {
        self.0
            .join()
            .map_err(|_| anyhow!("looking at a process failed"))?
            .context("the process ended before it was looked at")
    }
}

/// The most that has been resident so far, in MB (1 000 000 bytes).
pub(crate) fn peak(id: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    peak_in(&status).context("a process that has ended")
}

/// The processor time of all threads that a process has now. The kernel's other count of it goes by hundredths of a second.
pub(crate) fn computed(id: u32) -> anyhow::Result<Duration> {
    let mut all = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{id}/task"))? {
        let counts = fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds = counts.split_whitespace().next().context("no counts")?;
        all += Duration::from_nanos(nanoseconds.parse()?);
    }
    Ok(all)
}

/// The line `VmHWM`, which a process that has ended lacks.
fn peak_in(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_in_megabytes() {
        let status = "Name:\tx\nVmPeak:\t   9000 kB\nVmHWM:\t    2000 kB\nVmRSS:\t    1000 kB\n";
        assert_eq!(peak_in(status), Some(2.048));
        assert_eq!(peak_in("Name:\tx\nState:\tZ (zombie)\n"), None);
    }
}
