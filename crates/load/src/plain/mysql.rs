//! Over MySQL's protocol.

use std::sync::Arc;

use anyhow::{Context, ensure};
use chrono::Utc;
use diesel::{ExpressionMethods as _, QueryDsl as _};
use diesel_async::SimpleAsyncConnection as _;
use diesel_async::{AsyncConnection as _, AsyncMysqlConnection, RunQueryDsl as _};
use futures_util::future::try_join_all;

use super::{Deed, Queue, Row, plain_wishes, users, wishes};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS plain_wishes (
    user_id BIGINT NOT NULL,
    medicine_id BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, medicine_id),
    KEY plain_wishes_medicine (medicine_id),
    CONSTRAINT plain_wishes_medicine_fk FOREIGN KEY (medicine_id) REFERENCES medicines (id),
    CONSTRAINT plain_wishes_user_fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

pub(crate) struct Connections(Vec<AsyncMysqlConnection>);

impl Connections {
    pub(super) async fn open(url: &str, count: usize) -> anyhow::Result<Self> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            connections.push(AsyncMysqlConnection::establish(url).await?);
        }
        let mut connections = Self(connections);
        connections.one()?.batch_execute(TABLE).await?;
        Ok(connections)
    }

    fn one(&mut self) -> anyhow::Result<&mut AsyncMysqlConnection> {
        self.0.first_mut().context("no connection")
    }

    pub(super) async fn members(&mut self, count: i64) -> anyhow::Result<Vec<i64>> {
        let query = users::table.select(users::id).order(users::id).limit(count);
        Ok(query.load(self.one()?).await?)
    }

    pub(super) async fn wishes(&mut self) -> anyhow::Result<i64> {
        Ok(wishes::table.count().get_result(self.one()?).await?)
    }

    pub(super) async fn perform(&mut self, deed: Deed, rows: &Arc<[Row]>) -> anyhow::Result<()> {
        let queue = Queue::new(rows);
        let working = self
            .0
            .iter_mut()
            .map(|connection| work(connection, deed, &queue));
        try_join_all(working).await?;
        Ok(())
    }
}

async fn work(
    connection: &mut AsyncMysqlConnection,
    deed: Deed,
    queue: &Queue,
) -> anyhow::Result<()> {
    while let Some((user, medicine)) = queue.next() {
        let changed = match deed {
            Deed::Insert => {
                let row = (
                    plain_wishes::user_id.eq(user),
                    plain_wishes::medicine_id.eq(medicine),
                    plain_wishes::created_at.eq(Utc::now().naive_utc()),
                );
                let insert = diesel::insert_into(plain_wishes::table).values(row);
                insert.execute(connection).await?
            }
            Deed::Delete => {
                let row = plain_wishes::table.find((user, medicine));
                diesel::delete(row).execute(connection).await?
            }
        };
        ensure!(
            changed == 1,
            "{deed:?} changed {changed} rows in place of one"
        );
    }
    Ok(())
}
