//! Members for tests that need some.

use chrono::{DateTime, Utc};
use diesel::RunQueryDsl as _;
use web_api::accounts::store::users::{self, NewUser};
use web_api::db::{Db, DbError};

/// A day on which tests take place.
pub(crate) fn day() -> DateTime<Utc> {
    "2026-03-02T03:00:00Z".parse().unwrap()
}

/// The key of member `number`, who is made where he isn't there.
pub(crate) fn member(db: &mut Db, number: i64) -> i64 {
    let login_id = format!("member{number}").parse().unwrap();
    if let Some(user) = users::by_login_id(db, &login_id).unwrap() {
        return user.key;
    }
    insert(db, number, &login_id, &format!("회원{number}")).unwrap()
}

/// Stores a member whose number is `number`.
pub(crate) fn insert(
    db: &mut Db,
    number: i64,
    login_id: &domain::account::LoginId,
    nickname: &str,
) -> Result<i64, DbError> {
    let id = uuid::Uuid::now_v7().to_string();
    insert_as(db, number, &id, login_id, nickname)
}

/// The member whom the persona with this number stands for.
pub(crate) fn persona(db: &mut Db, number: i64) {
    let login_id = format!("persona{number}").parse().unwrap();
    let (id, nickname) = (number.to_string(), format!("아무{number}"));
    insert_as(db, 1_000 + number, &id, &login_id, &nickname).unwrap();
    // Nobody has the key that it would be sealed with.
    let forget = diesel::sql_query("UPDATE users SET phone_sealed = NULL");
    let forgotten = match db {
        Db::Sqlite(connection) => forget.execute(&mut **connection),
        Db::Mysql(connection) => forget.execute(&mut **connection),
    };
    forgotten.unwrap();
}

fn insert_as(
    db: &mut Db,
    number: i64,
    id: &str,
    login_id: &domain::account::LoginId,
    nickname: &str,
) -> Result<i64, DbError> {
    let mut phone_index = [0; 32];
    phone_index[..8].copy_from_slice(&number.to_be_bytes());
    let new = NewUser {
        id: &id.parse().unwrap(),
        login_id,
        password_hash: "$2b$04$hash",
        nickname: &nickname.parse().unwrap(),
        email: None,
        phone: b"not sealed",
        phone_index: &phone_index,
    };
    users::insert(db, &new, day())
}
