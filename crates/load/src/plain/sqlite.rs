//! Over SQLite, a thread for each connection, with what the server sets as well: its journal, how sure a commit is, that
//! foreign keys are checked and how long one waits for another's write.

use std::sync::Arc;

use anyhow::{Context, ensure};
use chrono::Utc;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::{Deed, Queue, Row, plain_wishes, users, wishes};

const SESSION: &str = "PRAGMA busy_timeout = 60000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
    PRAGMA foreign_keys = ON";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS plain_wishes (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    medicine_id BIGINT NOT NULL REFERENCES medicines (id),
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, medicine_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS plain_wishes_medicine ON plain_wishes (medicine_id)";

pub(crate) struct Connections(Vec<SqliteConnection>);

impl Connections {
    pub(super) fn open(path: &str, count: usize) -> anyhow::Result<Self> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            let mut connection = SqliteConnection::establish(path)?;
            connection.batch_execute(SESSION)?;
            connections.push(connection);
        }
        let mut connections = Self(connections);
        connections.one()?.batch_execute(TABLE)?;
        Ok(connections)
    }

    fn one(&mut self) -> anyhow::Result<&mut SqliteConnection> {
        self.0.first_mut().context("no connection")
    }

    pub(super) fn members(&mut self, count: i64) -> anyhow::Result<Vec<i64>> {
        let query = users::table.select(users::id).order(users::id).limit(count);
        Ok(query.load(self.one()?)?)
    }

    pub(super) fn wishes(&mut self) -> anyhow::Result<i64> {
        Ok(wishes::table.count().get_result(self.one()?)?)
    }

    pub(super) async fn perform(&mut self, deed: Deed, rows: &Arc<[Row]>) -> anyhow::Result<()> {
        let queue = Arc::new(Queue::new(rows));
        let mut working = Vec::with_capacity(self.0.len());
        for mut connection in self.0.drain(..) {
            let queue = Arc::clone(&queue);
            working.push(tokio::task::spawn_blocking(move || {
                work(&mut connection, deed, &queue).map(|()| connection)
            }));
        }
        for worker in working {
            self.0.push(worker.await??);
        }
        Ok(())
    }
}

fn work(connection: &mut SqliteConnection, deed: Deed, queue: &Queue) -> anyhow::Result<()> {
    while let Some((user, medicine)) = queue.next() {
        let changed = match deed {
            Deed::Insert => {
                let row = (
                    plain_wishes::user_id.eq(user),
                    plain_wishes::medicine_id.eq(medicine),
                    plain_wishes::created_at.eq(Utc::now().naive_utc()),
                );
                let insert = diesel::insert_into(plain_wishes::table).values(row);
                insert.execute(connection)?
            }
            Deed::Delete => {
                let row = plain_wishes::table.find((user, medicine));
                diesel::delete(row).execute(connection)?
            }
        };
        ensure!(
            changed == 1,
            "{deed:?} changed {changed} rows in place of one"
        );
    }
    Ok(())
}
