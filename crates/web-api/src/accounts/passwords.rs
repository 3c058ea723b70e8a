//! Hashing passwords: slow on purpose, so it has threads of its own and a limited queue. Whoever reads
//! the catalogue meanwhile doesn't notice.

use std::sync::Arc;

use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Who waits for a thread, at most, for each thread: what comes then would wait for longer than
/// somebody at a form does.
const QUEUE: usize = 64;

/// Hashes and checks passwords with bcrypt.
#[derive(Debug, Clone)]
pub struct Passwords {
    cost: u32,
    threads: Arc<Semaphore>,
    places: Arc<Semaphore>,
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
    /// When the library can't hash.
    pub fn new(cost: u32, threads: usize) -> Result<Self, PasswordsError> {
        let nobodys = super::keys::random::<32>();
        let nobodys = Zeroizing::new(nobodys.map(|byte| b'a' + byte % 16));
        let dummy = bcrypt::non_truncating_hash(&nobodys[..], cost).map_err(failed)?;
        Ok(Self {
            cost,
            threads: Arc::new(Semaphore::new(threads)),
            places: Arc::new(Semaphore::new(threads.saturating_mul(QUEUE))),
            dummy: dummy.into(),
        })
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
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| PasswordsError::Busy)?;
        let thread = Arc::clone(&self.threads)
            .acquire_owned()
            .await
            .map_err(failed)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            // Here and not by the future, which a client may abort: a permit stands for a thread.
            drop((place, thread));
            result
        });
        done.await.map_err(failed)?.map_err(failed)
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

    #[tokio::test]
    async fn the_queue_has_an_end() {
        let passwords = Passwords::new(4, 1).unwrap();
        let held = passwords.places.acquire_many(64).await.unwrap();
        let refused = passwords.hash(text("password1")).await;
        assert!(matches!(refused, Err(PasswordsError::Busy)));
        drop(held);
        assert!(passwords.hash(text("password1")).await.is_ok());
    }
}
