//! Guessing passwords: whether an account exists can't be told by the work, and no stranger locks its
//! owner out.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding as _};
use futures_util::future::join_all;
use serde_json::json;
use web_api::accounts::keys::{BlindIndex, Key32, What};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::on_both;

const PROXIED: [(&str, &str); 1] = [("TRUSTED_PROXIES", "127.0.0.0/8")];

on_both!(
    nobody_and_a_wrong_password_are_the_same_work,
    |db| async move {
        let app = AccountsApp::with(&db, &PROXIED).await;
        app.member("haneul7", "하늘", "01023456789").await;
        app.member("bada7", "바다", "01023456780").await;
        app.member("suspended7", "구름", "01023456781").await;
        // Somebody without a password, as who signs in by another service only.
        db.console("UPDATE users SET password_hash = NULL WHERE login_id = 'bada7'");
        db.console("UPDATE users SET state = 'suspended' WHERE login_id = 'suspended7'");
        let long = "a1".repeat(200);
        let bodies = [
            json!({"loginId": "haneul7", "password": "wrong-password-1"}),
            json!({"loginId": "nobody7", "password": "wrong-password-1"}),
            json!({"loginId": "bada7", "password": PASSWORD}),
            json!({"loginId": "suspended7", "password": "wrong-password-1"}),
            json!({"loginId": "no login id at all!", "password": "wrong-password-1"}),
            json!({"email": "canary.mail@example.com", "password": PASSWORD}),
            json!({"email": "nobody@example.com", "password": "wrong-password-1"}),
            json!({"email": "not an address", "password": "wrong-password-1"}),
            json!({"loginId": "haneul7", "password": ""}),
            json!({"loginId": "haneul7", "password": "nul\0nul-1"}),
            json!({"loginId": "haneul7", "password": long}),
            json!({"loginId": "nobody7", "password": long}),
        ];
        let mut answers = Vec::new();
        for (number, body) in bodies.iter().enumerate() {
            let before = app.app.accounts.passwords().runs();
            let address = format!("192.0.2.{number}");
            let answer = app
                .post_from(&address, "/auth/sessions", body.clone())
                .await;
            let runs = app.app.accounts.passwords().runs() - before;
            let mut problem = answer.assert_problem(401, "wrong_credentials");
            problem.as_object_mut().unwrap().remove("requestId");
            let names = answer.headers.keys().map(|name| name.as_str().to_owned());
            let names: BTreeSet<String> = names.collect();
            // bcrypt once at the same cost is all the time that there is to tell.
            answers.push((runs, problem, names));
        }
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        assert_eq!(answers[0].0, 1);
        // Each left the same trace: a failure that counts.
        assert_eq!(db.count("sign_in_failures"), 12);
        app.stop().await;
    }
);

on_both!(
    a_verified_address_signs_in_and_does_the_same_work,
    |db| async move {
        let bytes: [u8; 32] = std::array::from_fn(|place| u8::try_from(place * 7).unwrap());
        let key = Base64::encode_string(&bytes);
        let app = AccountsApp::with(&db, &[("PERSONAL_INDEX_KEY", key.as_str())]).await;
        app.member("haneul7", "하늘", "01023456789").await;
        // As the verification of an address leaves it; nothing in this server does that yet.
        let address = "canary.mail@example.com".parse().unwrap();
        let index = BlindIndex::new(Key32::new(bytes)).of(What::Email(&address));
        let hex: String = index.iter().map(|byte| format!("{byte:02x}")).collect();
        db.console(&format!("UPDATE users SET email_index = x'{hex}'"));
        let by_mail = async |password: &str| {
            let before = app.app.accounts.passwords().runs();
            let body = json!({"email": "CANARY.mail@example.com", "password": password});
            let answer = app.post("/auth/sessions", body).await;
            (
                answer.status.as_u16(),
                app.app.accounts.passwords().runs() - before,
            )
        };
        assert_eq!(by_mail("wrong-password-1").await, (401, 1));
        assert_eq!(by_mail(PASSWORD).await, (201, 1));
        app.stop().await;
    }
);

on_both!(no_stranger_locks_an_owner_out, |db| async move {
    let app = AccountsApp::with(&db, &PROXIED).await;
    app.member("haneul7", "하늘", "01023456789").await;
    let attempt = async |address: &str, password: &str| {
        let body = json!({"loginId": "haneul7", "password": password});
        app.post_from(address, "/auth/sessions", body).await
    };
    // A botnet, each of whose addresses stays below what is refused.
    let botnet: Vec<String> = (0..60)
        .map(|number| format!("198.51.100.{number}"))
        .collect();
    let tries = botnet
        .iter()
        .map(|address| attempt(address, "wrong-password-1"));
    for answer in join_all(tries).await {
        answer.assert_problem(401, "wrong_credentials");
    }
    // The owner waits for three seconds at most, and is in.
    let began = Instant::now();
    let owner = attempt("203.0.113.7", PASSWORD).await;
    assert_eq!(owner.status, 201, "{}", owner.text);
    let waited = began.elapsed();
    assert!(
        waited >= Duration::from_millis(2_900),
        "guessing is slow: {waited:?}"
    );
    assert!(waited < Duration::from_secs(10), "{waited:?}");
    // One stranger at one address is refused, and only he.
    let tries = join_all((0..10).map(|_| attempt("192.0.2.1", "wrong-password-1"))).await;
    let refused = tries.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(
        refused, 7,
        "three are looked at, whether they come at once or not"
    );
    assert_eq!(attempt("203.0.113.7", PASSWORD).await.status, 201);
    app.stop().await;
});

// An address that tries one account after another is refused after twenty.
on_both!(
    an_address_that_tries_many_accounts_is_refused,
    |db| async move {
        let app = AccountsApp::with(&db, &PROXIED).await;
        app.member("haneul7", "하늘", "01023456789").await;
        let attempt = async |address: &str, login_id: &str, password: &str| {
            let body = json!({"loginId": login_id, "password": password});
            app.post_from(address, "/auth/sessions", body).await
        };
        let names: Vec<String> = (0..40).map(|number| format!("guess{number}")).collect();
        // One network of IPv6 is one address, however many are used.
        let tries = names.iter().enumerate().map(|(number, name)| {
            let address = format!("2001:db8:1:2::{number:x}");
            let attempt = &attempt;
            async move { attempt(&address, name, "wrong-password-1").await }
        });
        let answers = join_all(tries).await;
        let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
        assert_eq!(looked_at, 20);
        let refused = attempt("2001:db8:1:2::ffff", "haneul7", PASSWORD).await;
        refused.assert_problem(429, "sign_in_slowed");
        let neighbour = attempt("2001:db8:1:3::1", "haneul7", PASSWORD).await;
        assert_eq!(neighbour.status, 201, "{}", neighbour.text);
        app.stop().await;
    }
);

on_both!(
    a_password_is_hashed_anew_where_the_cost_changed,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        app.member("haneul7", "하늘", "01023456789").await;
        let folder = app.app.data_folder();
        let hash = || {
            db.console("SELECT password_hash AS cell FROM users")
                .trim()
                .to_owned()
        };
        let old = hash();
        assert!(old.starts_with("$2b$04$"), "{old}");
        let costly = AccountsApp::with(&db, &[("PASSWORD_COST", "5"), ("DATA_DIR", &folder)]).await;
        costly.try_to_sign_in("haneul7", "wrong-password-1").await;
        assert_eq!(hash(), old, "not for a wrong one");
        let signed = costly.signed_in("haneul7").await;
        let new = hash();
        assert!(new.starts_with("$2b$05$"), "{new}");
        let before = costly.app.accounts.passwords().runs();
        costly.signed_in("haneul7").await;
        assert_eq!(costly.app.accounts.passwords().runs() - before, 1);
        assert_eq!(hash(), new, "once");
        let me = costly
            .as_member(&signed, reqwest::Method::GET, "/me", None)
            .await;
        assert_eq!(me.status, 200);
        app.stop().await;
        costly.stop().await;
    }
);
