//! How many messages are sent: by address, then by number, then by what a day may cost; the same over
//! two servers that share a database.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::json;
use simulators::faults::{Effect, Network};
use simulators::sms::{Fault, Operation, Wrong};

use crate::accounts_app::AccountsApp;
use crate::db_support::on_both;
use crate::support::Answer;

const PROXIED: (&str, &str) = ("TRUSTED_PROXIES", "127.0.0.0/8");

async fn ask(app: &AccountsApp, address: &str, number: &str) -> Answer {
    let body = json!({"phoneNumber": number, "purpose": "signUp"});
    app.post_from(address, "/auth/phone-verifications", body)
        .await
}

fn statuses(answers: &[Answer]) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    for answer in answers {
        *statuses.entry(answer.status.as_u16()).or_insert(0) += 1;
    }
    statuses
}

on_both!(
    an_address_is_stopped_before_it_uses_up_a_number,
    |db| async move {
        let settings = [
            PROXIED,
            ("SMS_ADDRESS_HOUR", "3"),
            ("SMS_ADDRESS_DAY", "100"),
            ("SMS_ADDRESS_NUMBER_DAY", "100"),
        ];
        let app = AccountsApp::with(&db, &settings).await;
        for number in ["01011110001", "01011110002", "01011110003"] {
            assert_eq!(ask(&app, "192.0.2.1", number).await.status, 202);
        }
        // Over its limit: refused, and the number that it asked for keeps its messages.
        for _ in 0..10 {
            let refused = ask(&app, "192.0.2.1", "01099990000").await;
            refused.assert_problem(429, "no_more_messages");
            let wait: u64 = refused.header("retry-after").parse().unwrap();
            assert!(wait <= 3_600, "{wait}");
        }
        assert_eq!(db.count("sms_counts WHERE scope = 'numberDay'"), 3);
        let owner = ask(&app, "203.0.113.7", "01099990000").await;
        assert_eq!(owner.status, 202, "{}", owner.text);
        // Who asks for one number again and again pays with his own tries.
        for expected in [429, 429, 429] {
            assert_eq!(
                ask(&app, "203.0.113.7", "01099990000").await.status,
                expected
            );
        }
        let other = ask(&app, "203.0.113.7", "01011110009").await;
        other.assert_problem(429, "no_more_messages");
        app.stop().await;
    }
);

// A /64 counts as one address; who has a /48 has 65,536 of them, and one number after another.
on_both!(
    a_site_has_no_more_than_its_networks_together,
    |db| async move {
        let settings = [PROXIED, ("SMS_ADDRESS_HOUR", "2"), ("SMS_SITE_HOUR", "5")];
        let app = AccountsApp::with(&db, &settings).await;
        let asked = (0..12).map(|network: u32| {
            let address = format!("2001:db8:77:{network:x}::1");
            let number = format!("0107777{network:04}");
            let app = &app;
            async move { ask(app, &address, &number).await }
        });
        let answers = join_all(asked).await;
        assert_eq!(statuses(&answers), BTreeMap::from([(202, 5), (429, 7)]));
        let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
        refused.assert_problem(429, "no_more_messages");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!(wait <= 3_600, "{wait}");
        // Another site, and people of IPv4, have theirs.
        for (address, number) in [
            ("2001:db8:78::1", "01088880001"),
            ("192.0.2.1", "01088880002"),
            ("192.0.2.2", "01088880003"),
            // As a proxy may write the last one.
            ("::ffff:192.0.2.2", "01088880004"),
        ] {
            let answer = ask(&app, address, number).await;
            assert_eq!(answer.status, 202, "{address} {}", answer.text);
        }
        assert_eq!(db.count("sms_counts WHERE scope = 'siteHour'"), 2);
        // Within the site each network has its own limit, too.
        app.advance(chrono::TimeDelta::hours(1));
        for (number, expected) in [
            ("01099990001", 202),
            ("01099990002", 202),
            ("01099990003", 429),
        ] {
            let answer = ask(&app, "2001:db8:77:ffff::9", number).await;
            assert_eq!(answer.status, expected, "{}", answer.text);
        }
        app.stop().await;
    }
);

on_both!(a_day_costs_no_more_than_it_may, |db| async move {
    let settings = [("SMS_PRICE", "9"), ("SMS_DAILY_COST", "27")];
    let app = AccountsApp::with(&db, &settings).await;
    let asked = (0..12).map(|number| {
        let number = format!("0102222{number:04}");
        let app = &app;
        async move { ask(app, "192.0.2.1", &number).await }
    });
    let answers = join_all(asked).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(202, 3), (503, 9)]));
    let refused = answers.iter().find(|answer| answer.status == 503).unwrap();
    refused.assert_problem(503, "no_more_messages");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!(
        (1..=86_400).contains(&wait),
        "until the day of Seoul ends: {wait}"
    );
    app.app
        .wait_for("they arrive", async |_| {
            app.sms.handle.messages().len() == 3
        })
        .await;
    // The next day in Seoul.
    app.advance(chrono::TimeDelta::days(1));
    assert_eq!(ask(&app, "192.0.2.1", "01033330000").await.status, 202);
    app.stop().await;
});

on_both!(two_servers_on_one_database_are_one, |db| async move {
    let limits = [
        PROXIED,
        ("SMS_ADDRESS_HOUR", "10"),
        ("SMS_DAILY_COST", "180"),
        ("SMS_PRICE", "9"),
    ];
    let one = AccountsApp::with(&db, &limits).await;
    let folder = one.app.data_folder();
    let base = one.sms.base_url.clone();
    let mut settings = limits.to_vec();
    settings.extend([("DATA_DIR", folder.as_str()), ("SENS_BASE_URL", &base)]);
    let two = AccountsApp::with(&db, &settings).await;
    let both = [&one, &two];
    // One number, twenty times at once, from twenty addresses.
    let asked = (0..20).map(|turn: usize| {
        let app = both[turn % 2];
        let address = format!("198.51.100.{turn}");
        async move { ask(app, &address, "01044440000").await }
    });
    let answers = join_all(asked).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(202, 1), (429, 19)]));
    // One address, twenty numbers.
    let asked = (0..20).map(|turn: usize| {
        let app = both[turn % 2];
        let number = format!("0105555{turn:04}");
        async move { ask(app, "192.0.2.1", &number).await }
    });
    let answers = join_all(asked).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(202, 10), (429, 10)]));
    // Eleven are sent; nine more may be, whoever asks whom.
    let asked = (0..30).map(|turn: usize| {
        let app = both[turn % 2];
        let (address, number) = (format!("203.0.113.{turn}"), format!("0106666{turn:04}"));
        async move { ask(app, &address, &number).await }
    });
    let answers = join_all(asked).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(202, 9), (503, 21)]));
    // Both send from one outbox: each message goes once, and is followed until it arrives.
    let handle = one.sms.handle.clone();
    one.app
        .wait_for("all have arrived", async |_| {
            db.count("sms_outbox WHERE state = 'delivered'") == 20
        })
        .await;
    assert_eq!(handle.messages().len(), 20);
    assert!(two.sms.handle.messages().is_empty());
    let numbers: std::collections::BTreeSet<String> = handle
        .messages()
        .into_iter()
        .map(|message| message.to)
        .collect();
    assert_eq!(numbers.len(), 20);
    one.stop().await;
    two.stop().await;
});

// 202 is "accepted": what became of it is asked, and a failure is known as one.
on_both!(what_was_accepted_is_followed_to_its_end, |db| async move {
    let app = AccountsApp::on(&db).await;
    let fails = Wrong::DeliveryFails {
        code: "3018".to_owned(),
    };
    let fault = Fault::answer(fails).on(Operation::Send).times(1);
    app.sms.handle.faults.add(fault);
    assert_eq!(ask(&app, "192.0.2.1", "01011110001").await.status, 202);
    app.app
        .wait_for("it is known to have failed", async |_| {
            db.count("sms_outbox WHERE state = 'failed' AND outcome = '3018'") == 1
        })
        .await;
    // Of a message whose answer was lost nobody knows: it is sent again, with the same code.
    let lost = Fault::network(Network::LostAnswer).on(Operation::Send);
    app.sms.handle.faults.add(lost.times(1));
    assert_eq!(ask(&app, "192.0.2.1", "01011110002").await.status, 202);
    app.app
        .wait_for("it has arrived", async |_| {
            db.count("sms_outbox WHERE state = 'delivered' AND unsure = 1") == 1
        })
        .await;
    let twice = app.sms.handle.messages_to("01011110002");
    assert_eq!(twice.len(), 2);
    assert_eq!(
        twice[0].content, twice[1].content,
        "the same code: a copy harms nobody"
    );
    // Three times at most.
    let lost = Fault::network(Network::LostAnswer).on(Operation::Send);
    assert!(matches!(lost.effect, Effect::Network(_)));
    app.sms.handle.faults.add(lost);
    assert_eq!(ask(&app, "192.0.2.1", "01011110003").await.status, 202);
    app.app
        .wait_for("it is given up", async |_| {
            db.count("sms_outbox WHERE state = 'failed' AND outcome = 'noanswer'") == 1
        })
        .await;
    assert_eq!(app.sms.handle.messages_to("01011110003").len(), 3);
    app.stop().await;
});
