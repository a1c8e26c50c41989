//! Connections: how many, how slow they may be, and how they end.

use std::{io, sync::Arc, time::Duration};

use axum::{Extension, Router};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::client::Peer;
use crate::config::{ClientAddress, LimitsConfig};

/// How long a stopping server waits for requests it has begun.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves `router` until `stop` is done, then finishes the requests it has begun.
///
/// # Errors
/// The listener failed for good.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: LimitsConfig,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let connections = usize::try_from(limits.connections).unwrap_or(usize::MAX);
    let room = Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS)));
    let graceful = GracefulShutdown::new();
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(limits.request_seconds.into()));
    let mut stop = std::pin::pin!(stop);
    loop {
        // With no room left, further connections wait in the operating system's queue.
        let permit = tokio::select! {
            () = &mut stop => break,
            permit = Arc::clone(&room).acquire_owned() => permit,
        };
        let (stream, peer) = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) if is_of_one_connection(&error) => continue,
                Err(error) => {
                    // Out of file descriptors, most likely: wait for connections to end.
                    tracing::error!(%error, "a connection cannot be accepted");
                    sleep(Duration::from_millis(500)).await;
                    continue;
                }
            },
        };
        let router = match limits.client_address {
            ClientAddress::Peer => router.clone().layer(Extension(Peer(peer.ip()))),
            ClientAddress::Unknown | ClientAddress::XForwardedFor => router.clone(),
        };
        let connection = builder
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
            .into_owned();
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that goes away or talks nonsense is no event of ours.
            let _ = watched.await;
            drop(permit);
        });
    }
    drop(listener);
    if timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off");
    }
    Ok(())
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
