//! Where personal data lies: every table of the database, whether what it holds of a member is erased
//! when he withdraws, and where he finds it in his export. A table that stands in neither list fails a
//! test (`tests/it/personal.rs`), so a new feature can't forget either.

use super::store::personal::{self, Traces};
use super::store::{once_answers, sign_up_answers};
use crate::db::{Db, DbError};
use crate::reviews::store as reviews;

/// A table that holds something of members.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// What withdrawal does with it.
    pub erased: Erased,
    /// Where its content stands in the export.
    pub exported: Exported,
}

/// What withdrawal does with a table.
#[derive(Debug, Clone, Copy)]
pub enum Erased {
    /// This deletes the member's rows. In the order of [`PLACES`], all in one transaction.
    By(fn(&mut Db, &Traces) -> Result<(), DbError>),
    /// They go with those of this table, by a foreign key that cascades. The test looks for that key.
    With(&'static str),
    /// They stay, for this reason.
    Kept(&'static str),
}

/// Where the content of a table stands in the export.
#[derive(Debug, Clone, Copy)]
pub enum Exported {
    /// Under this name. The test looks for it in the contract.
    As(&'static str),
    /// Nowhere, for this reason.
    Not(&'static str),
}

const fn place(table: &'static str, erased: Erased, exported: Exported) -> Place {
    Place {
        table,
        erased,
        exported,
    }
}

/// Tables that hold something of members, in the order in which they are erased.
pub const PLACES: &[Place] = &[
    place(
        "phone_verifications",
        Erased::By(personal::delete_verifications),
        Exported::As("phoneVerifications"),
    ),
    place(
        "sms_outbox",
        Erased::With("phone_verifications"),
        Exported::As("phoneVerifications"),
    ),
    place(
        "sms_counts",
        Erased::By(personal::delete_counts),
        Exported::Not("counts of what phoneVerifications lists, for two days"),
    ),
    place(
        "sign_in_failures",
        Erased::By(personal::delete_failures),
        Exported::Not("counts under keyed hashes, for a quarter of an hour; who failed is unknown"),
    ),
    place(
        "statements",
        Erased::By(personal::delete_statements),
        Exported::Not("copies of what sessions and audit say, on their way to the chat"),
    ),
    place(
        "account_security",
        Erased::With("users"),
        Exported::As("profile"),
    ),
    place("consents", Erased::With("users"), Exported::As("consents")),
    place(
        "attendance",
        Erased::With("users"),
        Exported::As("daysAttended"),
    ),
    place("sessions", Erased::With("users"), Exported::As("sessions")),
    place("wishes", Erased::With("users"), Exported::As("wishes")),
    // Also erased when the consent to sensitive data is taken back (`service/consents.rs`).
    place(
        "allergies",
        Erased::With("users"),
        Exported::As("allergies"),
    ),
    place(
        "compare_box",
        Erased::With("users"),
        Exported::As("compareBox"),
    ),
    // Before the members: the counts of reviews follow.
    place(
        "review_reactions",
        Erased::By(|db, who| reviews::reactions::forget(db, who.key)),
        Exported::As("reviewReactions"),
    ),
    place(
        "review_reports",
        Erased::By(|db, who| reviews::reports::forget(db, who.key)),
        Exported::As("reviewReports"),
    ),
    place(
        "reviews",
        Erased::By(|db, who| reviews::forget(db, who.key)),
        Exported::As("reviews"),
    ),
    place(
        "audit",
        Erased::Kept(
            "opaque ids only, two years: proof of who did what, also to the member's good",
        ),
        Exported::As("audit"),
    ),
    place(
        "erasure_receipts",
        Erased::Kept("names nobody"),
        Exported::Not("written when there is nothing left to export"),
    ),
    place(
        "erased_users",
        Erased::Kept("an opaque id, until the last access token is over"),
        Exported::Not("written when there is nothing left to export"),
    ),
    place(
        "social_flows",
        Erased::Kept("keyed hashes of a way to another service and back, ten minutes"),
        Exported::Not("nobody's until he comes back"),
    ),
    place(
        "social_exchanges",
        Erased::By(personal::delete_exchanges),
        Exported::Not("on its way to what social lists, for half an hour"),
    ),
    place(
        "social_identities",
        Erased::By(personal::delete_identities),
        Exported::As("social"),
    ),
    place(
        "social_unlinks",
        Erased::Kept("what another service is told, without a name, a week at the longest"),
        Exported::Not("what another service is still told of links that ended"),
    ),
    place(
        "reauthentications",
        Erased::With("users"),
        Exported::Not("that one proved oneself, for ten minutes"),
    ),
    place(
        "sign_up_answers",
        Erased::By(|db, who| sign_up_answers::forget(db, &who.id)),
        Exported::Not("a keyed hash and the id of the account, for a day"),
    ),
    place(
        "once_answers",
        Erased::By(|db, who| once_answers::forget(db, &who.id)),
        Exported::Not("copies of answers that he was given, for a day"),
    ),
    place(
        "profile_images",
        // Its file is deleted beside the transaction (`images::forget`).
        Erased::With("users"),
        Exported::As("profile"),
    ),
    place(
        "image_uploads",
        Erased::With("users"),
        Exported::Not("permits of a few minutes to send a picture"),
    ),
    // Last: the others are found through it.
    place(
        "users",
        Erased::By(personal::delete_user),
        Exported::As("profile"),
    ),
];

/// Tables that hold nothing of members, and what they hold instead.
pub const IMPERSONAL: &[(&str, &str)] = &[
    ("medicines", "ids of products"),
    ("ingredients", "names of substances"),
    ("catalogue_generations", "what the feed gave"),
    ("catalogue_pointer", "which of it readers see"),
    ("documents", "the ministry's texts"),
    ("medicine_contents", "what the feed says of products"),
    ("sync_runs", "runs of the synchronisation"),
    ("sync_operations", "runs of the synchronisation"),
    ("sync_pages", "runs of the synchronisation"),
    ("sync_staged", "records of the feed"),
    ("sync_rejects", "records of the feed"),
    ("review_counts", "how many reviews there are"),
    ("health_quotes", "what everybody reads"),
    ("events", "what everybody reads"),
    ("locks", "which instance does what"),
    ("image_deletions", "names of files that belong to nobody"),
];

/// Erases everything that is stored of a member. Inside a transaction, which has to hold him already
/// ([`super::store::users::hold`]).
pub(crate) fn erase(db: &mut Db, who: &Traces) -> Result<(), DbError> {
    for place in PLACES {
        if let Erased::By(erase) = place.erased {
            erase(db, who)?;
        }
    }
    Ok(())
}
