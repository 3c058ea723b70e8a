//! Keeps the bot as the store has it, and counts the words that it didn't know.

use std::sync::Arc;
use std::time::Duration;

use domain::clock::Clock;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Bot;
use crate::store::model::Moment;
use crate::store::{KeywordAnswer, Store, ValueError};

/// Pause until the answers are read again, which another instance may have changed.
const REREAD: Duration = Duration::from_secs(3);

/// The task behind a [`Bot`].
pub struct Keeper {
    bot: Bot,
    store: Store,
    clock: Arc<dyn Clock>,
    /// To be written at the first start.
    seed: Option<Vec<KeywordAnswer>>,
    uncounted: mpsc::Receiver<String>,
}

impl Keeper {
    pub(super) fn new(
        bot: Bot,
        store: Store,
        clock: Arc<dyn Clock>,
        seed: Vec<KeywordAnswer>,
        uncounted: mpsc::Receiver<String>,
    ) -> Self {
        Self {
            bot,
            store,
            clock,
            seed: Some(seed),
            uncounted,
        }
    }

    /// Writes the built-in answers at the first start, then rereads: at once after a change through this
    /// instance, else every few seconds. While the store fails the bot goes on with what it knows.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut edits = self.store.edits();
        loop {
            tokio::select! {
                read = self.reread() => if let Err(error) = read {
                    tracing::debug!(%error, "the bot's answers could not be read");
                },
                () = stop.cancelled() => return,
            }
            let again = tokio::time::sleep(REREAD);
            tokio::pin!(again);
            loop {
                tokio::select! {
                    () = &mut again => break,
                    changed = edits.changed() => if changed.is_ok() { break } else { return },
                    Some(word) = self.uncounted.recv() => self.count(&word).await,
                    () = stop.cancelled() => return,
                }
            }
        }
    }

    async fn reread(&mut self) -> Result<(), ValueError> {
        let now = Moment::from(self.clock.now());
        if let Some(seed) = &self.seed {
            self.store.seed_keywords(seed, now).await?;
            self.seed = None;
        }
        let answers = self.store.keywords(now).await?;
        self.bot.learn(answers);
        Ok(())
    }

    /// A word that isn't counted is lost: it was one of many.
    async fn count(&self, word: &str) {
        let now = Moment::from(self.clock.now());
        if let Err(error) = self.store.count_unknown(word, now).await {
            tracing::debug!(%error, "a word could not be counted");
        }
    }
}
