//! Kakao says that somebody ended the link there (연결 끊기).

use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::accounts::social::{Provider, Social};
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::sessions::{self, Ended};
use crate::accounts::store::social::{identities, members};
use crate::accounts::store::users;
use crate::accounts::{AccountError, Accounts};
use crate::db::Db;

/// Whether `Authorization` is Kakao's: `KakaoAK` and the admin key, as developers.kakao.com documents
/// it for the notice. Compared by hashes, so that the time says nothing.
pub(crate) fn is_kakaos(social: Option<&Social>, authorization: Option<&str>) -> bool {
    let key = social.and_then(|social| social.settings.kakao_admin_key.as_ref());
    let (Some(key), Some(shown)) = (key, authorization) else {
        return false;
    };
    let Some(shown) = shown.strip_prefix("KakaoAK ") else {
        return false;
    };
    let expected = Sha256::digest(key.expose_secret().trim());
    let shown = Sha256::digest(shown.trim());
    expected.as_slice().ct_eq(shown.as_slice()).into()
}

impl Accounts {
    /// Ends the link of a person of Kakao. Where it was the member's last way to sign in, what
    /// recognises him stays, and nothing else: he comes back to his account by agreeing anew. His
    /// sessions end then; he may have meant to leave, or somebody else has his phone.
    pub(crate) async fn kakao_unlinked(&self, subject: &str) -> Result<(), AccountError> {
        let provider = Provider::Kakao;
        let index = self.subject_index(provider, subject);
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                let Some(one) = identities::by_subject(db, provider, &index)? else {
                    return Ok(Vec::new());
                };
                let Some(user) = users::by_key(db, one.user)?.filter(|_| one.linked) else {
                    return Ok(Vec::new());
                };
                members::hold(db, user.key, now)?;
                let others = identities::of_user(db, user.key)?;
                let mut others = others.iter().filter(|other| other.provider != provider);
                let another_way = user.password_hash.is_some() || others.any(|other| other.linked);
                let ended = if another_way {
                    identities::delete(db, user.key, provider)?;
                    Vec::new()
                } else {
                    identities::ended(db, user.key, provider, now)?;
                    sessions::end_others(db, user.key, None, Ended::Unlinked, now)?
                };
                audit::note(db, Action::SocialUnlinked, None, &user.id, None, now)?;
                Ok(ended)
            })
        };
        let ended = self.pool.run(work).await?;
        self.revoked.ended(&ended);
        Ok(())
    }
}
