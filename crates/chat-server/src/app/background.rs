//! Work beside the connections, which ends after them.

use anyhow::Context as _;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Tasks that are ended together.
#[derive(Default)]
pub(super) struct Background {
    /// Tells all of them to end.
    pub(super) stop: CancellationToken,
    tasks: Vec<(&'static str, JoinHandle<()>)>,
}

impl Background {
    /// Begins something that ends by itself once [`stop`](Self::stop) is cancelled.
    pub(super) fn spawn(
        &mut self,
        name: &'static str,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        self.tasks.push((name, tokio::spawn(work)));
    }

    /// Ends all and waits for it.
    pub(super) async fn end(self) -> anyhow::Result<()> {
        self.stop.cancel();
        for (name, task) in self.tasks {
            task.await
                .with_context(|| format!("{name} ended by a panic"))?;
        }
        Ok(())
    }
}
