//! Permitting, receiving, accepting and removing pictures.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::clock::later;
use domain::token::UserId;

use super::bodies::BodyPlace;
use super::error::{ImageError, Refusal};
use super::files::{self, Files, Target, VALID};
use super::kind::ImageKind;
use super::{ABANDONED, Images, LARGEST, LEASE, MOST_UPLOADS, UNCLAIMED, USABLE, WINDOW, ticket};
use crate::accounts::Accounts;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::images::uploads::{self, State, Upload};
use crate::accounts::store::images::{self as store, deletions};
use crate::db::{Db, DbError};

/// A permission as its owner gets it.
#[derive(Debug)]
pub(crate) struct Permitted {
    pub(crate) id: String,
    pub(crate) target: Target,
    pub(crate) expires_at: DateTime<Utc>,
}

/// What somebody says that he sends.
#[derive(Debug)]
pub(crate) struct Sent<'r> {
    pub(crate) id: &'r str,
    pub(crate) signature: &'r str,
    pub(crate) content_type: Option<&'r str>,
    pub(crate) length: Option<u64>,
}

/// How an upload stands when its owner wants it to be his picture.
enum Standing {
    /// It is his picture already.
    Done(String),
    /// This request works on it.
    Mine(Upload),
    Unknown,
    Over,
    InWork,
}

impl Accounts {
    /// Permits one upload.
    pub(crate) async fn permit_image(
        &self,
        owner: UserId,
        content_type: &str,
        size: u64,
    ) -> Result<Permitted, ImageError> {
        let kind: ImageKind = content_type.parse().map_err(|_| ImageError::UnknownType)?;
        let size = u32::try_from(size).ok();
        let size = size.filter(|size| (1..=LARGEST).contains(size));
        let size = size.ok_or(ImageError::UnknownSize)?;
        let now = self.clock.now();
        let id = uuid::Uuid::new_v4().to_string();
        let upload = move |user| Upload {
            id: id.clone(),
            user,
            owner: owner.clone(),
            content_type: kind.content_type().to_owned(),
            size,
            created_at: now,
            // To the microsecond, as it is stored: it is signed.
            expires_at: crate::db::to_stored(later(now, VALID)).and_utc(),
            state: State::Open,
        };
        let work = move |db: &mut Db| db.write_tx(|db| permit(db, &upload, now));
        let upload = self.pool.run(work).await??;
        let target = match &self.images.files {
            Files::S3(s3) => {
                s3.permit(&files::upload(&upload.id), kind.content_type(), size, now)?
            }
            Files::Local(_) => Target {
                url: crate::routes::image_upload(
                    &upload.id,
                    &ticket::sign(&self.keys.code_source, &upload),
                ),
                headers: vec![("Content-Type", kind.content_type().to_owned())],
            },
        };
        Ok(Permitted {
            id: upload.id,
            target,
            expires_at: upload.expires_at,
        })
    }

    /// Whether bytes may come, before they do; gives a place to hold them.
    pub(crate) async fn may_send(
        &self,
        sent: &Sent<'_>,
    ) -> Result<(Upload, BodyPlace), ImageError> {
        let id = uuid::Uuid::try_parse(sent.id).map_err(|_| ImageError::NotPermitted)?;
        // Where a bucket is the store nothing is permitted here.
        if !matches!(self.images.files, Files::Local(_)) {
            return Err(ImageError::NotPermitted);
        }
        let found = self
            .pool
            .run(move |db| uploads::find(db, &id.to_string()))
            .await?;
        let upload = found.ok_or(ImageError::NotPermitted)?;
        if !ticket::is_right(&self.keys.code_source, &upload, sent.signature) {
            return Err(ImageError::NotPermitted);
        }
        if upload.expires_at <= self.clock.now() || upload.state != State::Open {
            return Err(ImageError::Over);
        }
        if sent.content_type != Some(upload.content_type.as_str()) {
            return Err(Refusal::OtherType.into());
        }
        if sent.length != Some(u64::from(upload.size)) {
            return Err(Refusal::OtherLength.into());
        }
        let place = self.images.bodies.place(upload.user);
        Ok((upload, place.ok_or(ImageError::Busy)?))
    }

    /// Takes the bytes, once.
    pub(crate) async fn receive_image(
        &self,
        upload: Upload,
        bytes: Bytes,
    ) -> Result<(), ImageError> {
        if u32::try_from(bytes.len()) != Ok(upload.size) {
            return Err(Refusal::OtherLength.into());
        }
        let (id, now) = (upload.id.clone(), self.clock.now());
        // First the note, then the file: of two requests one writes.
        if !self
            .pool
            .run(move |db| uploads::receive(db, &id, now))
            .await?
        {
            return Err(ImageError::Over);
        }
        let file = files::upload(&upload.id);
        if let Err(error) = self.images.files.write(&file, bytes, now).await {
            let id = upload.id;
            self.pool
                .run(move |db| uploads::not_received(db, &id))
                .await?;
            return Err(error.into());
        }
        Ok(())
    }

    /// Makes an upload its owner's picture; gives the address. The same upload again is the same
    /// picture.
    pub(crate) async fn accept_image(&self, owner: UserId, id: &str) -> Result<String, ImageError> {
        let id = uuid::Uuid::try_parse(id).map_err(|_| ImageError::UnknownUpload)?;
        // Before anything is noted: who is sent away can come again at once.
        let place = self.images.workshop.place()?;
        let (claim, file) = (uuid::Uuid::new_v4().to_string(), files::new_image());
        let now = self.clock.now();
        let work = {
            let (owner, claim, file) = (owner.clone(), claim.clone(), file.clone());
            move |db: &mut Db| {
                db.write_tx(|db| begin(db, &owner, &id.to_string(), &claim, &file, now))
            }
        };
        let upload = match self.pool.run(work).await? {
            Standing::Done(file) => return Ok(self.images.address(&file)),
            Standing::Mine(upload) => upload,
            Standing::Unknown => return Err(ImageError::UnknownUpload),
            Standing::Over => return Err(ImageError::Over),
            Standing::InWork => return Err(ImageError::InWork),
        };
        let id = upload.id.clone();
        match self.make_image(upload, place, &file).await {
            Ok(upload) => {
                self.finish_image(owner, upload, claim, file.clone())
                    .await?;
                Ok(self.images.address(&file))
            }
            Err(error) => {
                self.give_up(id, claim, matches!(error, ImageError::Refused(_)))
                    .await?;
                Err(error)
            }
        }
    }

    /// From the upload's file to the picture's.
    async fn make_image(
        &self,
        upload: Upload,
        place: super::workshop::Place,
        file: &str,
    ) -> Result<Upload, ImageError> {
        let most = usize::try_from(LARGEST).unwrap_or(usize::MAX);
        let now = self.clock.now();
        let sent = files::upload(&upload.id);
        let read = self.images.files.read(&sent, most, now);
        let bytes = read.await?.ok_or(ImageError::NothingThere)?;
        if u32::try_from(bytes.len()) != Ok(upload.size) {
            return Err(Refusal::OtherLength.into());
        }
        let kind = upload.content_type.parse();
        let kind = kind.map_err(|_| DbError::data("an upload of no known type"))?;
        let made = self.images.workshop.make(place, bytes, kind).await?;
        self.images
            .files
            .write(file, made.into(), self.clock.now())
            .await?;
        Ok(upload)
    }

    async fn finish_image(
        &self,
        owner: UserId,
        upload: Upload,
        claim: String,
        file: String,
    ) -> Result<(), ImageError> {
        let now = self.clock.now();
        let work =
            move |db: &mut Db| db.write_tx(|db| finish(db, &owner, &upload, &claim, &file, now));
        let finished = self.pool.run(work).await;
        self.images.wake.notify_one();
        match finished {
            // Somebody else has the work, the member has left, or it took too long.
            Err(DbError::LeaseLost) => Err(ImageError::Over),
            other => Ok(other?),
        }
    }

    /// Ends the work on an upload without a picture: for good, or so that it can be tried again.
    async fn give_up(&self, id: String, claim: String, refused: bool) -> Result<(), ImageError> {
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                if !refused {
                    return uploads::release(db, &id, &claim);
                }
                if uploads::end(db, &id, &claim, false)? {
                    deletions::at_once(db, &files::upload(&id), now)?;
                }
                Ok(())
            })
        };
        self.pool.run(work).await?;
        self.images.wake.notify_one();
        Ok(())
    }

    /// Takes a member's picture away; nothing happens where there is none.
    pub(crate) async fn remove_image(&self, owner: UserId) -> Result<(), ImageError> {
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                let Some(user) = store::hold_owner(db, &owner)? else {
                    return Ok(false);
                };
                if store::remove(db, user, now)?.is_some() {
                    audit::note(db, Action::ImageChanged, Some(&owner), &owner, None, now)?;
                }
                Ok(true)
            })
        };
        let there = self.pool.run(work).await?;
        self.images.wake.notify_one();
        there.then_some(()).ok_or(ImageError::NoMember)
    }

    /// The bytes of a picture by its public name.
    pub(crate) async fn image(&self, name: &str) -> Result<Bytes, ImageError> {
        let file = files::image(name).ok_or(ImageError::UnknownImage)?;
        let most = usize::try_from(LARGEST).unwrap_or(usize::MAX);
        let place = std::sync::Arc::clone(&self.images.shown).try_acquire_owned();
        let _place = place.map_err(|_| ImageError::Busy)?;
        let read = self.images.files.read(&file, most, self.clock.now());
        read.await?.ok_or(ImageError::UnknownImage)
    }
}

impl Images {
    /// Has the store looked at now.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }
}

fn permit(
    db: &mut Db,
    upload: &impl Fn(i64) -> Upload,
    now: DateTime<Utc>,
) -> Result<Result<Upload, ImageError>, DbError> {
    let Some(user) = store::hold_owner(db, &upload(0).owner)? else {
        return Ok(Err(ImageError::NoMember));
    };
    let most = i64::try_from(MOST_UPLOADS).unwrap_or(i64::MAX);
    let given = uploads::given_since(db, user, later(now, -WINDOW), most)?;
    if given.len() >= MOST_UPLOADS {
        let oldest = given.first().copied().unwrap_or(now);
        let retry_at = later(oldest, WINDOW);
        return Ok(Err(ImageError::TooMany { retry_at }));
    }
    let upload = upload(user);
    uploads::insert(db, &upload)?;
    let gone = later(now, ABANDONED);
    deletions::add(db, &files::upload(&upload.id), gone, gone, now)?;
    Ok(Ok(upload))
}

fn begin(
    db: &mut Db,
    owner: &UserId,
    id: &str,
    claim: &str,
    file: &str,
    now: DateTime<Utc>,
) -> Result<Standing, DbError> {
    let Some(upload) = uploads::of_owner(db, id, owner)? else {
        return Ok(Standing::Unknown);
    };
    if upload.state == State::Used {
        let made = store::made_of(db, upload.user, id)?;
        return Ok(made.map_or(Standing::Over, Standing::Done));
    }
    if upload.state == State::Refused || later(upload.created_at, USABLE) <= now {
        return Ok(Standing::Over);
    }
    if !uploads::claim(db, id, claim, LEASE, now)? {
        return Ok(Standing::InWork);
    }
    let unclaimed = later(now, UNCLAIMED);
    deletions::add(db, file, unclaimed, unclaimed, now)?;
    Ok(Standing::Mine(upload))
}

fn finish(
    db: &mut Db,
    owner: &UserId,
    upload: &Upload,
    claim: &str,
    file: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let there = store::hold_member(db, upload.user)?;
    if !there || !uploads::end(db, &upload.id, claim, true)? || !deletions::keep(db, file)? {
        return Err(DbError::LeaseLost);
    }
    store::replace(db, upload.user, file, &upload.id, now)?;
    deletions::at_once(db, &files::upload(&upload.id), now)?;
    audit::note(db, Action::ImageChanged, Some(owner), owner, None, now)
}
