//! `serve`: from the first start to the last request.

use std::{io, process::ExitCode, sync::Arc, time::Duration};

use jpki_relying_party::{clock::Clock, config::Config, service::Service, web};
use tokio::{net::TcpListener, time::interval};

use super::{Failure, log};

const SWEEP_EVERY: Duration = Duration::from_secs(60);

pub(super) fn serve(config: Config) -> Result<ExitCode, Failure> {
    log::start(config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(error, "Check the limits on threads and memory."))?;
    runtime.block_on(run(config))?;
    Ok(ExitCode::SUCCESS)
}

async fn run(config: Config) -> Result<(), Failure> {
    let listen = config.listen;
    let limits = config.limits;
    let stop = stop().map_err(|error| Failure::new(error, "Start it again."))?;
    let service = Service::open(config, Clock::system()).await?;
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        Failure::new(
            format_args!("listen = \"{listen}\": {error}"),
            "Choose another port, or stop the program that uses this one.",
        )
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::new(error, "Check the listen setting."))?;
    warn_of(&service);
    tracing::info!(%address, origin = %service.config().origin, "listening");
    let sweeper = tokio::spawn(sweep(Arc::clone(&service)));
    let served = web::serve(listener, web::router(Arc::clone(&service)), limits, stop).await;
    sweeper.abort();
    service.close().await;
    tracing::info!("stopped");
    served.map_err(|error| Failure::new(error, "Start it again."))
}

/// What an operator should know at each start.
fn warn_of(service: &Service) {
    if service.is_practice() {
        tracing::warn!(
            "a test or practice profile is trusted: its certificates prove nothing about anybody"
        );
    }
    for profile in service.profiles_out_of_dates() {
        tracing::warn!(
            profile,
            "no CA of this profile is in its dates: nobody can register under it until attestation.anchors names a current one"
        );
    }
    if let Some(why) = service.closed() {
        tracing::warn!("nobody can register: {why}");
    } else if service.config().attestation.accept_unchecked {
        tracing::warn!(
            "certificates are accepted although nobody can tell whether they were revoked"
        );
    }
}

/// Deletes expired challenges and sessions now and then.
async fn sweep(service: Arc<Service>) {
    let mut ticks = interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = service.sweep().await {
            tracing::error!(%error, "expired rows cannot be deleted");
        }
    }
}

/// Resolves when the program is asked to stop. It is listened for from the moment this returns, not from the first poll.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    let mut close = tokio::signal::windows::ctrl_close()?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = close.recv() => {}
        }
    })
}
