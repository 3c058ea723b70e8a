//! Visitors over real connections, servers over both stores, and tokens as web-api signs them.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use chat_server::app::Parts;
use chat_server::gateway::{Answers, Opening, Said};
use chat_server::hub::Hub;
use chat_server::store::Store;
use chat_server::store::model::{Conversation, Rules};
use chrono::{DateTime, TimeDelta, Utc};
use domain::account::Role;
use domain::token::{ACCESS_TOKEN_TYPE, RawClaims, TokenRules};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use mongodb::options::ClientOptions;
use serde_json::{Value, json};
use test_kit::{mongo, skip_or_fail};

use crate::gateway::Socket;
use crate::server::Server;

/// Longest wait for anything that should happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What the bot and the hours say in tests.
#[derive(Debug)]
pub(crate) struct Scripted {
    pub(crate) open: AtomicBool,
    pub(crate) dumb: AtomicBool,
    /// Whether it thinks about what begins with 「천천히」 until it may go on.
    pub(crate) slow: AtomicBool,
    pub(crate) thinks: AtomicBool,
}

impl Scripted {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            open: AtomicBool::new(true),
            dumb: AtomicBool::new(false),
            slow: AtomicBool::new(true),
            thinks: AtomicBool::new(false),
        })
    }
}

fn said(text: &str) -> Said {
    Said {
        text: text.parse().unwrap(),
        links: Vec::new(),
        quick_replies: vec!["상담 연결하기".to_owned()],
    }
}

impl Answers for Scripted {
    fn emergency(&self, text: &str) -> Option<Said> {
        text.contains("응급").then(|| said("119에 전화해 주세요."))
    }

    fn answer(&self, text: &str, _: &Conversation, _: DateTime<Utc>) -> Option<Said> {
        if text.starts_with("천천히") {
            self.thinks.store(true, Ordering::SeqCst);
            tokio::task::block_in_place(|| {
                while self.slow.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(5));
                }
            });
        }
        if self.dumb.load(Ordering::SeqCst) || text.starts_with("조용") {
            return None;
        }
        Some(said(&format!("봇: {text}")))
    }

    fn greeting(&self, _: DateTime<Utc>) -> Option<Said> {
        None
    }

    fn opening(&self, now: DateTime<Utc>) -> Opening {
        let open = self.open.load(Ordering::SeqCst);
        Opening {
            open,
            opens_at: Some(if open { now } else { now + TimeDelta::hours(5) }),
            closes_at: open.then(|| now + TimeDelta::hours(1)),
        }
    }

    fn expected_wait_seconds(&self, position: i64) -> Option<u64> {
        u64::try_from(position).ok().map(|place| place * 60)
    }
}

/// A server, what its bot says, and its store from outside.
pub(crate) struct Chat {
    pub(crate) server: Server,
    pub(crate) script: Arc<Scripted>,
    pub(crate) hub: Hub,
    /// By how many minutes the clock of its servers is ahead.
    pub(crate) ahead: Arc<AtomicI64>,
    pub(crate) store: Store,
    pub(crate) pairs: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

impl Chat {
    async fn start(store: Vec<(String, String)>, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = Signer::of_tests().jwks();
        let mut pairs: Vec<(String, String)> = vec![
            ("ACCESS_PUBLIC_KEYS".to_owned(), keys),
            ("CHAT_BURST_MESSAGES".to_owned(), "10000".to_owned()),
            ("CHAT_MESSAGES_PER_MINUTE".to_owned(), "10000".to_owned()),
            ("CHAT_EVENTS_PER_MINUTE".to_owned(), "10000".to_owned()),
        ];
        pairs.extend(store);
        for (name, value) in more {
            pairs.retain(|(known, _)| known != name);
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
        let script = Scripted::new();
        let hub = Hub::default();
        let ahead = Arc::<AtomicI64>::default();
        let server = Self::serve(&pairs, &script, &hub, &ahead).await;
        let settings = server.settings.store.clone();
        Self {
            store: Store::open(&settings, Rules::default()).await.unwrap(),
            server,
            script,
            hub,
            ahead,
            pairs,
            _folder: folder,
        }
    }

    async fn serve(
        pairs: &[(String, String)],
        script: &Arc<Scripted>,
        hub: &Hub,
        ahead: &Arc<AtomicI64>,
    ) -> Server {
        let ahead = Arc::clone(ahead);
        let parts = Parts {
            answers: Some(Arc::<Scripted>::clone(script)),
            hub: hub.clone(),
            clock: Arc::new(move || Utc::now() + TimeDelta::minutes(ahead.load(Ordering::SeqCst))),
        };
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let server = Server::start_with(&pairs, parts).await;
        server.until_status("ready").await;
        server
    }

    /// Another instance over the same store.
    pub(crate) async fn another(&self) -> Server {
        Self::serve(&self.pairs, &self.script, &Hub::default(), &self.ahead).await
    }

    /// A new guest whose conversation is open.
    pub(crate) async fn guest(&self) -> (Visitor, String) {
        let mut visitor = Visitor::connect(&self.server, json!({})).await.unwrap();
        let open = visitor.ask("conversation:open", json!({})).await;
        assert_eq!(open["ok"], true, "{open}");
        let token = open["guestToken"].as_str().expect("a token").to_owned();
        (visitor, token)
    }

    pub(crate) async fn member(&self, user: &str) -> Visitor {
        let token = Signer::of_tests().member(user, &format!("session-{user}"));
        Visitor::opened(&self.server, json!({"token": token})).await
    }
}

/// Runs a test over a server on SQLite.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(
    more: &[(&str, &str)],
    test: impl FnOnce(Chat) -> F,
) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/chat.db", folder.path().display());
    test(Chat::start(vec![("CHAT_DATABASE_URL".to_owned(), url)], more).await).await;
}

/// Runs a test over a server on MongoDB.
pub(crate) async fn on_mongodb<F: Future<Output = ()>>(
    more: &[(&str, &str)],
    test: impl FnOnce(Chat) -> F,
) {
    let Ok(server) = std::env::var(mongo::SERVER) else {
        skip_or_fail(
            "no MongoDB to test against: TEST_MONGODB_URI is unset (cargo xtask test sets it)",
        );
        return;
    };
    let name = format!("chat_{}", uuid::Uuid::new_v4().simple());
    let (host, options) = server.split_once('?').unwrap_or((&server, ""));
    let uri = format!("{}/{name}?{options}", host.trim_end_matches('/'));
    test(Chat::start(vec![("MONGODB_URI".to_owned(), uri)], more).await).await;
    let options = ClientOptions::parse(&server).await.unwrap();
    let client = mongodb::Client::with_options(options).unwrap();
    client.database(&name).drop().await.unwrap();
}

/// Makes a test of each store out of an `async fn(Chat)`; settings may follow in brackets.
macro_rules! on_both_servers {
    ($($test:ident $([$($name:literal = $value:literal),+])?),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::visitor_kit::on_sqlite(&[$($(($name, $value)),+)?], super::$test).await;
            })+
        }
        mod mongodb {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::visitor_kit::on_mongodb(&[$($(($name, $value)),+)?], super::$test).await;
            })+
        }
    };
}
pub(crate) use on_both_servers;

/// A socket that knows acknowledgements from pushes.
pub(crate) struct Visitor {
    socket: Socket,
    asked: u64,
    pushed: VecDeque<(String, Value)>,
}

impl Visitor {
    /// A socket in the namespace, or the code of its refusal.
    pub(crate) async fn connect(server: &Server, auth: Value) -> Result<Self, String> {
        Self::join(Socket::open(server).await, &auth).await
    }

    pub(crate) async fn join(mut socket: Socket, auth: &Value) -> Result<Self, String> {
        socket.send(&format!("40{auth}")).await;
        let answer = socket.next().await.expect("an answer");
        if let Some(refused) = answer.strip_prefix("44") {
            let refused: Value = serde_json::from_str(refused).unwrap();
            return Err(refused["message"].as_str().expect("a code").to_owned());
        }
        assert!(answer.starts_with("40{"), "{answer}");
        Ok(Self {
            socket,
            asked: 0,
            pushed: VecDeque::new(),
        })
    }

    /// A socket whose conversation is open.
    pub(crate) async fn opened(server: &Server, auth: Value) -> Self {
        let mut visitor = Self::connect(server, auth).await.unwrap();
        let open = visitor.ask("conversation:open", json!({})).await;
        assert_eq!(open["ok"], true, "{open}");
        visitor
    }

    /// Sends an event and gives its acknowledgement.
    pub(crate) async fn ask(&mut self, event: &str, data: Value) -> Value {
        let id = self.send(&json!([event, data]).to_string()).await;
        self.ack(id).await
    }

    /// Sends the arguments of an event as they are; gives the number of its acknowledgement.
    pub(crate) async fn send(&mut self, arguments: &str) -> u64 {
        self.asked += 1;
        let packet = format!("42{}{arguments}", self.asked);
        self.socket.send(&packet).await;
        self.asked
    }

    /// Sends an event without asking for an acknowledgement.
    pub(crate) async fn emit(&mut self, event: &str, data: Value) {
        self.socket
            .send(&format!("42{}", json!([event, data])))
            .await;
    }

    pub(crate) async fn binary(&mut self, bytes: &[u8]) {
        self.socket.binary(bytes).await;
    }

    pub(crate) async fn raw(&mut self, packet: &str) {
        self.socket.send(packet).await;
    }

    /// The acknowledgement of a number; what is pushed meanwhile is kept.
    pub(crate) async fn ack(&mut self, id: u64) -> Value {
        let wanted = format!("43{id}[");
        loop {
            let packet = self.packet().await.expect("an acknowledgement");
            if packet.starts_with(&wanted) {
                let list: Vec<Value> =
                    serde_json::from_str(packet.strip_prefix(&format!("43{id}")).unwrap()).unwrap();
                return list.into_iter().next().unwrap();
            }
            self.keep(&packet);
        }
    }

    /// The number and the content of the next acknowledgement.
    pub(crate) async fn next_ack(&mut self) -> (u64, Value) {
        loop {
            let packet = self.packet().await.expect("an acknowledgement");
            if let Some(ack) = packet.strip_prefix("43") {
                let (id, ack) = ack.split_at(ack.find('[').unwrap());
                let list: Vec<Value> = serde_json::from_str(ack).unwrap();
                return (id.parse().unwrap(), list[0].clone());
            }
            self.keep(&packet);
        }
    }

    /// The next push of a name, before or after now.
    pub(crate) async fn push(&mut self, event: &str) -> Value {
        loop {
            if let Some(at) = self.pushed.iter().position(|(name, _)| name == event) {
                return self.pushed.remove(at).unwrap().1;
            }
            let packet = self.packet().await.expect("a push");
            self.keep(&packet);
        }
    }

    /// The next push of a name that is as wanted.
    pub(crate) async fn push_where(
        &mut self,
        event: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        loop {
            let push = self.push(event).await;
            if wanted(&push) {
                return push;
            }
        }
    }

    /// Pushes of a name that have come so far.
    pub(crate) fn pushed(&self, event: &str) -> Vec<Value> {
        let named = self.pushed.iter().filter(|(name, _)| name == event);
        named.map(|(_, data)| data.clone()).collect()
    }

    /// Waits for the end; gives the notices that came before it.
    pub(crate) async fn ends(&mut self) -> Vec<Value> {
        while let Some(packet) = self.packet().await {
            if packet == "41" {
                break;
            }
            self.keep(&packet);
        }
        self.pushed("notice")
    }

    async fn packet(&mut self) -> Option<String> {
        tokio::time::timeout(PATIENCE, self.socket.next())
            .await
            .expect("in time")
    }

    fn keep(&mut self, packet: &str) {
        if let Some(event) = packet.strip_prefix("42") {
            let list: Vec<Value> = serde_json::from_str(event).unwrap();
            let name = list[0].as_str().unwrap().to_owned();
            self.pushed.push_back((name, list[1].clone()));
        } else {
            assert!(["6", "1"].contains(&packet), "{packet}");
        }
    }

    /// Says something; gives its number.
    pub(crate) async fn say(&mut self, id: &str, text: &str) -> i64 {
        let data = json!({"clientMessageId": id, "text": text});
        let ack = self.ask("message:send", data).await;
        assert_eq!(ack["ok"], true, "{ack}");
        ack["message"]["seq"].as_i64().unwrap()
    }
}

/// PKCS#8 around an Ed25519 seed (RFC 8410, 7).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Signs as web-api does.
pub(crate) struct Signer {
    key: EncodingKey,
    kid: String,
}

impl Signer {
    pub(crate) fn of_tests() -> Self {
        Self::new(7)
    }

    pub(crate) fn new(seed: u8) -> Self {
        Self {
            key: EncodingKey::from_ed_der(&[&PKCS8[..], &[seed; 32]].concat()),
            kid: format!("key-{seed}"),
        }
    }

    pub(crate) fn jwks(&self) -> String {
        let jwk = Jwk::from_encoding_key(&self.key, Algorithm::EdDSA).unwrap();
        let jwk = serde_json::to_value(&jwk).unwrap();
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": self.kid, "x": jwk["x"]}]})
            .to_string()
    }

    pub(crate) fn claims(user: &str, session: &str, role: Role) -> RawClaims {
        let rules = TokenRules::new("pillnuts-web", "pillnuts", TimeDelta::zero()).unwrap();
        let (user, session) = (user.parse().unwrap(), session.parse().unwrap());
        rules.issue(&user, &session, role, Utc::now())
    }

    pub(crate) fn member(&self, user: &str, session: &str) -> String {
        self.sign(&Self::claims(user, session, Role::Member))
    }

    /// A token that ends in so many seconds.
    pub(crate) fn ending(&self, user: &str, seconds: i64) -> String {
        let mut claims = Self::claims(user, &format!("session-{user}"), Role::Member);
        claims.exp = Utc::now().timestamp() + seconds;
        claims.iat = claims.exp - 600;
        self.sign(&claims)
    }

    pub(crate) fn sign(&self, claims: &RawClaims) -> String {
        self.sign_as(ACCESS_TOKEN_TYPE, claims)
    }

    pub(crate) fn sign_as(&self, typ: &str, claims: &impl serde::Serialize) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.to_owned());
        header.kid = Some(self.kid.clone());
        encode(&header, claims, &self.key).unwrap()
    }
}
