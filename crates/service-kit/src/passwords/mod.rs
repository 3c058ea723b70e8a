//! Hashing passwords: slow on purpose, so it has threads of its own and a limited queue. Whoever reads
//! the catalogue meanwhile doesn't notice.

mod workers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zeroize::Zeroizing;

use crate::secrets::random;
use workers::{WorkError, Workers};

/// Who waits for a thread, at most, for each thread: at the usual cost that is 8 s, and what comes then
/// would wait for longer than somebody at a form does.
const QUEUE: usize = 32;

/// Hashes and checks passwords with bcrypt.
#[derive(Debug, Clone)]
pub struct Passwords {
    cost: u32,
    workers: Workers,
    /// How often bcrypt has run.
    runs: Arc<AtomicU64>,
    /// Of a password that nobody has: checking it takes as long as checking somebody's.
    dummy: Arc<str>,
}

/// Why a password wasn't hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordsError {
    /// Too many at once.
    #[error("too many passwords at once")]
    Busy,
    /// The library's.
    #[error("a password can't be hashed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PasswordsError {
    PasswordsError::Failed(error.into())
}

impl Passwords {
    /// With bcrypt's cost and so many threads. Hashes once, which takes its time.
    ///
    /// # Errors
    /// When the library can't hash, or the system gives no thread.
    pub fn new(cost: u32, threads: usize) -> Result<Self, PasswordsError> {
        let nobodys = random::<32>();
        let nobodys = Zeroizing::new(nobodys.map(|byte| b'a' + byte % 16));
        let dummy = bcrypt::non_truncating_hash(&nobodys[..], cost).map_err(failed)?;
        let places = threads.saturating_mul(QUEUE);
        Ok(Self {
            cost,
            workers: Workers::start("passwords", threads, places).map_err(failed)?,
            runs: Arc::default(),
            dummy: dummy.into(),
        })
    }

    /// How often bcrypt has run at its whole cost since the start: the work that somebody's request
    /// caused, which must not depend on whether an account exists.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// Whether a hash was made at another cost than the one that is set now.
    #[must_use]
    pub fn is_outdated(&self, hash: &str) -> bool {
        let parts = hash.parse::<bcrypt::HashParts>();
        parts.is_ok_and(|parts| parts.get_cost() != self.cost)
    }

    /// The hash of a password that was chosen.
    ///
    /// # Errors
    /// [`PasswordsError`].
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<String, PasswordsError> {
        let cost = self.cost;
        self.run(move || bcrypt::non_truncating_hash(password.as_bytes(), cost))
            .await
    }

    /// Whether a password is the one of this hash; without one (nobody, or somebody without a
    /// password) it takes the same time and is wrong.
    ///
    /// # Errors
    /// [`PasswordsError`].
    pub async fn verify(
        &self,
        password: Zeroizing<String>,
        hash: Option<String>,
    ) -> Result<bool, PasswordsError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        let right = self
            .run(move || bcrypt::non_truncating_verify(password.as_bytes(), &hash))
            .await?;
        Ok(right && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> bcrypt::BcryptResult<T> + Send + 'static,
    ) -> Result<T, PasswordsError> {
        let runs = Arc::clone(&self.runs);
        let counted = move || {
            runs.fetch_add(1, Ordering::Relaxed);
            work()
        };
        match self.workers.run(counted).await {
            Ok(done) => done.map_err(failed),
            Err(WorkError::Full) => Err(PasswordsError::Busy),
            Err(error @ WorkError::Lost) => Err(failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Passwords, PasswordsError, Zeroizing};

    fn text(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let passwords = Passwords::new(4, 1).unwrap();
        let longest = "가".repeat(23) + "a1";
        let hash = passwords.hash(text(&longest)).await.unwrap();
        assert!(hash.starts_with("$2b$04$"), "{hash}");
        let right = passwords.verify(text(&longest), Some(hash.clone()));
        assert!(right.await.unwrap());
        let longer = passwords.verify(text(&longest.replace("a1", "a2")), Some(hash));
        assert!(!longer.await.unwrap());
        assert!(!passwords.verify(text("a1"), None).await.unwrap());
        let too_long = passwords.hash(text(&"a".repeat(72))).await;
        assert!(
            matches!(too_long, Err(PasswordsError::Failed(_))),
            "never cut"
        );
    }

    // What was asked for at once and didn't fit is refused at once, the rest is done.
    #[tokio::test]
    async fn the_queue_has_an_end() {
        let passwords = Passwords::new(4, 1).unwrap();
        let before = passwords.runs();
        let all = (0..200).map(|_| passwords.verify(text("password1"), None));
        let all = futures_util::future::join_all(all).await;
        let done = all.iter().filter(|one| matches!(one, Ok(false))).count();
        let refused = all
            .iter()
            .filter(|one| matches!(one, Err(PasswordsError::Busy)))
            .count();
        assert_eq!(done + refused, 200);
        assert!(done >= super::QUEUE && refused > 0, "{done} and {refused}");
        assert_eq!(passwords.runs() - before, u64::try_from(done).unwrap());
        assert!(passwords.hash(text("password1")).await.is_ok());
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_outdated() {
        let passwords = Passwords::new(4, 1).unwrap();
        let hash = passwords.hash(text("password1")).await.unwrap();
        assert!(!passwords.is_outdated(&hash));
        assert!(Passwords::new(5, 1).unwrap().is_outdated(&hash));
        assert!(!passwords.is_outdated("no hash at all"));
    }
}
