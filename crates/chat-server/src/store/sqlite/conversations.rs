//! Conversations and their messages in the embedded store.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::schema::{conversations, messages};
use crate::store::engine::{Span, Which};
use crate::store::error::{ChangeError, StoreError};
use crate::store::model::{
    Changed, Command, Conversation, ConversationId, Message, Moment, Refusal, Rules, Sealed, Step,
};

type Result<T> = std::result::Result<T, StoreError>;

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = conversations, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: String,
    person: String,
    version: i64,
    state: &'static str,
    queue_key: Option<i64>,
    counsellor: Option<String>,
    lease_until: Option<i64>,
    closed_at: Option<i64>,
    unanswered: bool,
    outbox_due: Option<i64>,
    outbox_dead: bool,
    pending_purge: bool,
    last_at: i64,
    body: String,
}

impl Row {
    fn of(head: &Conversation) -> Result<Self> {
        let keys = head.keys();
        Ok(Self {
            id: head.id.to_string(),
            person: keys.person,
            version: head.version,
            state: keys.state,
            queue_key: keys.queue_key,
            counsellor: keys.counsellor,
            lease_until: keys.lease_until.map(Moment::millis),
            closed_at: keys.closed_at.map(Moment::millis),
            unanswered: keys.unanswered,
            outbox_due: keys.outbox_due.map(Moment::millis),
            outbox_dead: keys.outbox_dead,
            pending_purge: keys.pending_purge,
            last_at: keys.last_at.millis(),
            body: serde_json::to_string(head)?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
struct NewMessage {
    conversation: String,
    seq: i64,
    key: String,
    purge_at: Option<i64>,
    body: String,
}

fn parse(body: &str) -> Result<Conversation> {
    Ok(serde_json::from_str(body)?)
}

fn message((body, purge_at): (String, Option<i64>)) -> Result<Message> {
    let mut message: Message = serde_json::from_str(&body)?;
    // The column is what retention moves.
    message.purge_at = purge_at.map(Moment::from_millis);
    Ok(message)
}

pub(super) fn change(
    db: &mut SqliteConnection,
    id: ConversationId,
    command: &Command,
    rules: &Rules,
) -> std::result::Result<Changed, ChangeError> {
    let head = find(db, id)?.ok_or(Refusal::NoConversation)?;
    let known = known(db, id, command.keys())?;
    let mut step = Step::new(head, &known, rules);
    let mut changed = step.apply(command)?;
    if let Some(at) = changed.conversation.purge_at {
        // In the same transaction as what asks for it.
        diesel::update(messages::table.filter(messages::conversation.eq(id.to_string())))
            .set(messages::purge_at.eq(Some(at.millis())))
            .execute(db)?;
        step.apply(&Command::PurgeNoted(at))?;
    }
    if !step.changes() {
        return Ok(changed);
    }
    let (head, added) = step.finish();
    save(db, &head)?;
    insert(db, id, added)?;
    if head.sealed == Some(Sealed::Erased) {
        diesel::delete(messages::table.filter(messages::conversation.eq(id.to_string())))
            .execute(db)?;
    }
    changed.conversation = head;
    Ok(changed)
}

fn save(db: &mut SqliteConnection, head: &Conversation) -> Result<()> {
    diesel::update(conversations::table.find(head.id.to_string()))
        .set(Row::of(head)?)
        .execute(db)?;
    Ok(())
}

fn insert(db: &mut SqliteConnection, id: ConversationId, added: Vec<Message>) -> Result<()> {
    for message in added {
        let row = NewMessage {
            conversation: id.to_string(),
            seq: message.seq,
            purge_at: message.purge_at.map(Moment::millis),
            body: serde_json::to_string(&message)?,
            key: message.key,
        };
        diesel::insert_into(messages::table)
            .values(row)
            .execute(db)?;
    }
    Ok(())
}

fn known(
    db: &mut SqliteConnection,
    id: ConversationId,
    keys: Vec<String>,
) -> Result<HashMap<String, Message>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, Option<i64>)> = messages::table
        .filter(messages::conversation.eq(id.to_string()))
        .filter(messages::key.eq_any(keys))
        .select((messages::body, messages::purge_at))
        .load(db)?;
    rows.into_iter()
        .map(|row| message(row).map(|message| (message.key.clone(), message)))
        .collect()
}

pub(super) fn open(db: &mut SqliteConnection, new: &Conversation) -> Result<Conversation> {
    let row = Row::of(new)?;
    let person = row.person.clone();
    diesel::insert_into(conversations::table)
        .values(row)
        .on_conflict(conversations::person)
        .do_nothing()
        .execute(db)?;
    of_person(db, &person)?.ok_or_else(|| StoreError::Unwritable("it isn't there".into()))
}

pub(super) fn find(db: &mut SqliteConnection, id: ConversationId) -> Result<Option<Conversation>> {
    let body: Option<String> = conversations::table
        .find(id.to_string())
        .select(conversations::body)
        .first(db)
        .optional()?;
    body.as_deref().map(parse).transpose()
}

pub(super) fn versions(
    db: &mut SqliteConnection,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, i64>> {
    let names = ids.iter().map(ToString::to_string);
    let rows: Vec<(String, i64)> = conversations::table
        .filter(conversations::id.eq_any(names))
        .select((conversations::id, conversations::version))
        .load(db)?;
    let known = |(id, version): (String, i64)| Some((id.parse().ok()?, version));
    Ok(rows.into_iter().filter_map(known).collect())
}

pub(super) fn of_person(db: &mut SqliteConnection, person: &str) -> Result<Option<Conversation>> {
    let body: Option<String> = conversations::table
        .filter(conversations::person.eq(person))
        .select(conversations::body)
        .first(db)
        .optional()?;
    body.as_deref().map(parse).transpose()
}

pub(super) fn list(
    db: &mut SqliteConnection,
    which: Which,
    limit: i64,
) -> Result<Vec<Conversation>> {
    use conversations as c;
    let all = c::table.select(c::body).limit(limit).into_boxed::<Sqlite>();
    let query = match which {
        Which::Waiting => all
            .filter(c::queue_key.is_not_null())
            .order((c::queue_key, c::id)),
        Which::HeldBy(staff) => all
            .filter(c::counsellor.eq(Some(String::from(staff))))
            .order((c::last_at, c::id)),
        Which::Closed => all
            .filter(c::closed_at.is_not_null())
            .order((c::closed_at.desc(), c::id)),
        Which::Unanswered => all.filter(c::unanswered).order((c::last_at, c::id)),
        Which::LeaseOut(at) => all
            .filter(c::lease_until.le(Some(at.millis())))
            .order((c::lease_until, c::id)),
        Which::QuietSince(at) => all
            .filter(c::state.eq("live"))
            .filter(c::last_at.le(at.millis()))
            .filter(sql::<Bool>(
                "json_extract(body, '$.last_from') = 'counsellor'",
            ))
            .order((c::last_at, c::id)),
        Which::DeliveryDue(at) => all
            .filter(c::outbox_due.le(Some(at.millis())))
            .order((c::outbox_due, c::id)),
        Which::DeadLetters => all.filter(c::outbox_dead).order((c::last_at, c::id)),
        Which::Sealed => all.filter(c::state.eq("sealed")).order((c::last_at, c::id)),
        Which::PendingPurge => all.filter(c::pending_purge).order((c::last_at, c::id)),
    };
    let bodies: Vec<String> = query.load(db)?;
    bodies.iter().map(|body| parse(body)).collect()
}

pub(super) fn queue(
    db: &mut SqliteConnection,
    place: Option<(i64, ConversationId)>,
) -> Result<(i64, i64)> {
    use conversations as c;
    let waiting = c::table.filter(c::queue_key.is_not_null());
    let before = match place {
        None => 0,
        Some((key, id)) => waiting
            .filter(
                c::queue_key
                    .lt(Some(key))
                    .or(c::queue_key.eq(Some(key)).and(c::id.lt(id.to_string()))),
            )
            .count()
            .get_result(db)?,
    };
    Ok((before, waiting.count().get_result(db)?))
}

pub(super) fn messages_of(
    db: &mut SqliteConnection,
    id: ConversationId,
    span: Span,
    limit: i64,
    now: Moment,
) -> Result<Vec<Message>> {
    use messages as m;
    let all = m::table
        .filter(m::conversation.eq(id.to_string()))
        .filter(m::purge_at.is_null().or(m::purge_at.gt(Some(now.millis()))))
        .select((m::body, m::purge_at))
        .limit(limit)
        .into_boxed::<Sqlite>();
    let query = match span {
        Span::After(seq) => all.filter(m::seq.gt(seq)).order(m::seq.asc()),
        Span::Before(seq) => all.filter(m::seq.lt(seq)).order(m::seq.desc()),
    };
    let rows: Vec<(String, Option<i64>)> = query.load(db)?;
    let mut found = rows.into_iter().map(message).collect::<Result<Vec<_>>>()?;
    if matches!(span, Span::Before(_)) {
        found.reverse();
    }
    Ok(found)
}

pub(super) fn bury(db: &mut SqliteConnection, id: ConversationId) -> Result<()> {
    // Its messages go with it.
    diesel::delete(
        conversations::table
            .find(id.to_string())
            .filter(conversations::state.eq("sealed")),
    )
    .execute(db)?;
    Ok(())
}

/// Deletes at most `limit` messages that have expired.
pub(super) fn sweep(db: &mut SqliteConnection, now: Moment, limit: i64) -> Result<usize> {
    let old: Vec<(String, i64)> = messages::table
        .filter(messages::purge_at.le(Some(now.millis())))
        .select((messages::conversation, messages::seq))
        .order(messages::purge_at)
        .limit(limit)
        .load(db)?;
    let mut deleted: usize = 0;
    for one in old {
        let gone = diesel::delete(messages::table.find(one)).execute(db)?;
        deleted = deleted.saturating_add(gone);
    }
    Ok(deleted)
}
