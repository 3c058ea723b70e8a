//! What counts as a proof of who is there: not a cookie at a provider, and not what stood before the link ended.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::oauth::{Config, Fault, Operation, Provider, Simulator, Wrong};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::accounts_staff::enrolled;
use crate::db_support::on_both;
use crate::social_app::{self, Browser, Landed, SocialApp};
use crate::support::Answer;

/// There and back, where somebody in between leaves a parameter out of the address at the provider.
async fn trip_without(
    app: &SocialApp,
    browser: &mut Browser,
    provider: &str,
    left_out: &str,
) -> Landed {
    let address = app
        .begin(browser, provider, "?purpose=reauthenticate")
        .await;
    let mut address: url::Url = address.parse().unwrap();
    let all: Vec<(String, String)> = address.query_pairs().into_owned().collect();
    let kept: Vec<_> = all.iter().filter(|(name, _)| name != left_out).collect();
    assert_eq!(kept.len() + 1, all.len(), "{left_out} is asked for");
    address
        .query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .finish();
    let back = app.at_provider(address.as_str()).await;
    app.back(browser, &back).await
}

fn refused(landed: &Landed, why: &str) {
    assert_eq!(
        (landed.error.as_deref(), landed.code.as_deref()),
        (Some(why), None)
    );
}

on_both!(a_cookie_at_kakao_is_no_proof, |db| async move {
    let app = SocialApp::on(&db).await;
    let mut browser = Browser::default();
    app.member(&mut browser, "kakao", "hong", "하늘").await;
    app.advance(TimeDelta::minutes(11));
    // Signing in by the cookie is fine, and proves nothing.
    let signed = app.signed_in(&mut browser, "kakao", "hong").await;
    let landed = trip_without(&app, &mut browser, "kakao", "prompt").await;
    refused(&landed, "signed_in_long_ago");
    let link = app.link(&mut browser, &signed, "google", "hong").await;
    link.assert_problem(403, "reauthentication_required");
    // Kakao asks for the password again, and says so.
    let proved = app.prove(&mut browser, &signed, "kakao", "hong").await;
    assert_eq!(proved.status, StatusCode::OK, "{}", proved.text);
    let asked = app.providers.handle.authorizations();
    assert_eq!(asked.last().unwrap().parameters["prompt"], "login");
    // No word of when is no proof either.
    let fault = Fault::answer(Wrong::NoAuthTime).on(Operation::KakaoAuthorize);
    app.providers.handle.faults.add(fault.times(1));
    let landed = app
        .trip(&mut browser, "kakao", "?purpose=reauthenticate")
        .await;
    refused(&landed, "not_believed");
    app.app.stop().await;
});

on_both!(a_cookie_at_google_is_no_proof, |db| async move {
    let app = SocialApp::on(&db).await;
    let mut browser = Browser::default();
    app.member(&mut browser, "google", "hong", "하늘").await;
    app.advance(TimeDelta::minutes(11));
    let signed = app.signed_in(&mut browser, "google", "hong").await;
    let landed = app
        .trip(&mut browser, "google", "?purpose=reauthenticate")
        .await;
    refused(&landed, "signed_in_long_ago");
    let landed = trip_without(&app, &mut browser, "google", "claims").await;
    refused(&landed, "not_believed");
    let link = app.link(&mut browser, &signed, "kakao", "hong").await;
    link.assert_problem(403, "reauthentication_required");
    // Google asks nobody again who is signed in there: he signs out first.
    app.providers.handle.sign_out(Provider::Google, "hong");
    let proved = app.prove(&mut browser, &signed, "google", "hong").await;
    assert_eq!(proved.status, StatusCode::OK, "{}", proved.text);
    let link = app.link(&mut browser, &signed, "kakao", "hong").await;
    assert_eq!(link.status, StatusCode::NO_CONTENT, "{}", link.text);
    app.app.stop().await;
});

/// A member of the staff with a password, a second factor and Kakao; with his recovery codes.
async fn staff(app: AccountsApp, providers: simulators::oauth::Running) -> Staff {
    let admin = app.signed_in("haneul7").await;
    let (_, codes, signed) = enrolled(&app, &admin).await;
    let AccountsApp { app, sms } = app;
    let staff = Staff {
        app: SocialApp { app, providers },
        _sms: sms,
        codes,
        signed,
    };
    let body = json!({"password": PASSWORD});
    let path = "/me/reauthentications";
    let proved = staff.call(Method::POST, path, Some(body)).await;
    assert_eq!(proved.status, StatusCode::OK, "{}", proved.text);
    staff.link().await;
    staff
}

struct Staff {
    app: SocialApp,
    _sms: simulators::sms::Running,
    codes: Vec<String>,
    signed: Value,
}

impl Staff {
    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let nobodys = Browser::default();
        self.app
            .call(&nobodys, Some(&self.signed), method, path, body)
            .await
    }

    async fn link(&self) {
        let mut browser = Browser::default();
        let app = &self.app;
        let linked = app.link(&mut browser, &self.signed, "kakao", "hong").await;
        assert_eq!(linked.status, StatusCode::NO_CONTENT, "{}", linked.text);
    }

    /// The first half of a sign-in by Kakao.
    async fn first(&self) -> Value {
        let mut browser = Browser::default();
        self.app.person("hong");
        let landed = self.app.trip(&mut browser, "kakao", "").await;
        let answer = self.app.exchange(&browser, &landed.code.unwrap()).await;
        let waiting = answer.assert_problem(401, "second_factor_required");
        waiting["secondFactorToken"].clone()
    }

    async fn second(&self, token: &Value, code: usize) -> Answer {
        let body = json!({"token": token, "code": self.codes[code]});
        let path = "/auth/sessions/second-factor";
        let nobodys = Browser::default();
        self.app
            .call(&nobodys, None, Method::POST, path, Some(body))
            .await
    }
}

on_both!(
    the_first_half_of_a_sign_in_is_worth_nothing_once_what_it_rests_on_has_changed,
    |db| async move {
        let providers = Simulator::start(Config::default()).await.unwrap();
        let settings = social_app::settings(&providers.base_url);
        let settings: Vec<(&str, &str)> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let app = AccountsApp::with(&db, &settings).await;
        app.member("haneul7", "하늘", "01023456789").await;
        db.console("UPDATE users SET role = 'admin' WHERE login_id = 'haneul7'");
        let staff = staff(app, providers).await;
        let token = staff.first().await;
        let answer = staff.second(&token, 0).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        // Unlinked; and linked anew, which is another link.
        let token = staff.first().await;
        let path = "/me/social/kakao";
        let unlinked = staff.call(Method::DELETE, path, None).await;
        assert_eq!(unlinked.status, StatusCode::NO_CONTENT);
        let over = staff.second(&token, 1).await;
        over.assert_problem(401, "second_factor_over");
        let free = async |_: &crate::support::TestApp| {
            db.console("SELECT COUNT(*) AS cell FROM social_unlinks")
                .trim()
                == "0"
        };
        staff.app.app.wait_for("Kakao is told", free).await;
        staff.link().await;
        let over = staff.second(&token, 1).await;
        over.assert_problem(401, "second_factor_over");
        // The code that was shown wasn't used up.
        let token = staff.first().await;
        let answer = staff.second(&token, 1).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        // Suspended, and let in again at once.
        let token = staff.first().await;
        let now = chrono::Utc::now();
        let pool = &staff.app.app.pool;
        let change = move |db: &mut web_api::db::Db| {
            use web_api::accounts::store::staff;
            staff::suspend(db, 1, "a reason", None, now)?;
            staff::lift(db, 1, now)
        };
        pool.run(change).await.unwrap();
        let over = staff.second(&token, 2).await;
        over.assert_problem(401, "second_factor_over");
        // Another password, though he came without it.
        let token = staff.first().await;
        let body = json!({"currentPassword": PASSWORD, "newPassword": "canary-password-2"});
        let changed = staff.call(Method::PUT, "/me/password", Some(body)).await;
        assert!(changed.status.is_success(), "{}", changed.text);
        let over = staff.second(&token, 3).await;
        over.assert_problem(401, "second_factor_over");
        let token = staff.first().await;
        let answer = staff.second(&token, 3).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        staff.app.app.stop().await;
    }
);
