//! Somebody is always left to administer, but for who sits at the command line.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::accounts_staff::{admin, call, enrolled};
use crate::db_support::{TestDb, on_both};

async fn another(app: &AccountsApp, db: &TestDb, number: u32) -> Value {
    let (login_id, nickname) = (format!("second{number}"), format!("둘째{number}"));
    let phone = format!("0102345678{number}");
    app.member(&login_id, &nickname, &phone).await;
    db.console(&format!(
        "UPDATE users SET role = 'admin' WHERE login_id = '{login_id}'"
    ));
    let signed = app.signed_in(&login_id).await;
    enrolled(app, &signed).await.2
}

fn admins(db: &TestDb) -> String {
    let left = "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM users WHERE role = 'admin' AND state = 'active'";
    db.console(left).trim().to_owned()
}

on_both!(two_admins_who_go_at_once_leave_one, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (_, mut one) = admin(&app, &db).await;
    let leave = async |who: &Value| {
        let body = json!({"password": PASSWORD});
        call(&app, who, Method::DELETE, "/me", body).await
    };
    leave(&one).await.assert_problem(409, "last_admin");
    for round in 0..3 {
        let other = another(&app, &db, round).await;
        let (a, b) = tokio::join!(leave(&one), leave(&other));
        let (stayed, refused) = match (a.status, b.status) {
            (StatusCode::OK, _) => (other, b),
            _ => (one, a),
        };
        refused.assert_problem(409, "last_admin");
        assert_eq!(admins(&db), "1");
        one = stayed;
        // Nothing of him was touched.
        let me = call(&app, &one, Method::GET, "/me", Value::Null).await;
        assert_eq!(me.json()["role"], "admin", "{}", me.text);
    }
    app.stop().await;
});

on_both!(
    two_admins_who_depose_each_other_leave_one,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        let (_, one) = admin(&app, &db).await;
        let other = another(&app, &db, 1).await;
        let id = async |who: &Value| {
            let me = call(&app, who, Method::GET, "/me", Value::Null).await;
            me.json()["id"].as_str().unwrap().to_owned()
        };
        let (first, second) = (id(&one).await, id(&other).await);
        let suspend = format!("/admin/users/{second}/suspension");
        let depose = format!("/admin/users/{first}/role");
        let (a, b) = tokio::join!(
            call(&app, &one, Method::PUT, &suspend, json!({"reason": "test"})),
            call(
                &app,
                &other,
                Method::PUT,
                &depose,
                json!({"role": "member"})
            ),
        );
        let good = [&a, &b]
            .iter()
            .filter(|answer| answer.status == StatusCode::OK)
            .count();
        assert_eq!(good, 1, "{} {}", a.text, b.text);
        assert_eq!(admins(&db), "1");
        app.stop().await;
    }
);

// An admin who can't do anything any more isn't who keeps the service running.
on_both!(a_suspended_admin_may_leave, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (_, boss) = admin(&app, &db).await;
    db.console("UPDATE users SET state = 'suspended' WHERE login_id = 'admin7'");
    let body = json!({"password": PASSWORD});
    let left = call(&app, &boss, Method::DELETE, "/me", body).await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.text);
    app.stop().await;
});
