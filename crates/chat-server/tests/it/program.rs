//! The real program on a store of its own, for scripts that talk to it and tests that break it.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::OnceLock;

use chat_server::settings::StoreSettings;
use chat_server::store::Store;
use chat_server::store::model::Rules;
use tempfile::TempDir;
use test_kit::{Mongo, Server, free_port, mongo, skip_or_fail};
use tokio::runtime::Runtime;

use crate::store_kit::mongo_settings;

/// Limits out of the way of those who try how much the server can take.
pub(crate) const UNLIMITED: [(&str, &str); 7] = [
    ("CHAT_BURST_MESSAGES", "1000000"),
    ("CHAT_MESSAGES_PER_MINUTE", "1000000"),
    ("CHAT_EVENTS_PER_MINUTE", "1000000"),
    ("CHAT_SOCKETS_PER_ADDRESS", "1000000"),
    ("CHAT_CONNECTS_PER_MINUTE", "1000000"),
    ("CHAT_GUESTS_PER_HOUR", "1000000"),
    ("CHAT_SOCKET_QUEUE", "10000"),
];

/// Where one test keeps its conversations.
pub(crate) struct Place {
    settings: StoreSettings,
    variable: (&'static str, String),
    folder: TempDir,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/chat.db", folder.path().display());
        Self {
            settings: StoreSettings::Sqlite(url.parse().unwrap()),
            variable: ("CHAT_DATABASE_URL", url),
            folder,
        }
    }

    /// On the server that all tests share; `None` where there is none.
    pub(crate) fn mongodb() -> Option<Self> {
        let Ok(server) = std::env::var(mongo::SERVER) else {
            skip_or_fail("no MongoDB to test against: TEST_MONGODB_URI is unset");
            return None;
        };
        Some(Self::on(&server))
    }

    /// On a server that this test may stop; `None` where none can be started.
    pub(crate) fn own_mongodb() -> Option<(Self, Mongo)> {
        if !Mongo::is_installed() {
            skip_or_fail("no MongoDB is installed (cargo xtask test installs one)");
            return None;
        }
        let server = Mongo::start().unwrap();
        Some((Self::on(&server.uri()), server))
    }

    fn on(server: &str) -> Self {
        let name = format!("chat_{}", uuid::Uuid::new_v4().simple());
        let (host, options) = server.split_once('?').unwrap_or((server, ""));
        let uri = format!("{}/{name}?{options}", host.trim_end_matches('/'));
        Self {
            settings: mongo_settings(server, &name),
            variable: ("MONGODB_URI", uri),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The file of the embedded store.
    pub(crate) fn file(&self) -> String {
        let file = self.folder.path().join("chat.db");
        file.to_string_lossy().into_owned()
    }

    /// The folder that the server keeps its data in.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The ports that the server has to call for its store.
    pub(crate) fn ports(&self) -> BTreeSet<u16> {
        let uri = self.variable.1.strip_prefix("mongodb://");
        let host = uri.and_then(|uri| uri.split('/').next());
        host.and_then(|host| host.rsplit(':').next())
            .map(|port| port.parse().unwrap())
            .into_iter()
            .collect()
    }

    /// The same conversations, past the server.
    pub(crate) fn store(&self) -> Store {
        let open = Store::open(&self.settings, Rules::default());
        runtime().block_on(open).unwrap()
    }
}

/// For the steps of a test that are asynchronous.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

/// The real program.
pub(crate) struct Program {
    pub(crate) server: Server,
    pub(crate) port: u16,
    operations: u16,
}

impl Program {
    /// Starts it on this store and waits until it is ready.
    pub(crate) fn start(place: &Place, more: &[(&str, &str)]) -> Self {
        let (port, operations) = (free_port().unwrap(), free_port().unwrap());
        let (name, value) = &place.variable;
        let mut builder = Server::builder("chat-server", env!("CARGO_BIN_EXE_chat-server"))
            .env("DATA_DIR", place.folder())
            .env("CHAT_PORT", port.to_string())
            .env("CHAT_OPS_PORT", operations.to_string())
            .env(name, value)
            .ready_at(operations, "/readyz");
        for (name, value) in more {
            builder = builder.env(name, value);
        }
        let server = builder.start().unwrap();
        Self {
            server,
            port,
            operations,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// The ports that it calls just now.
    pub(crate) fn calls(&self) -> BTreeSet<u16> {
        calls(self.server.pid(), &[self.port, self.operations])
    }

    pub(crate) fn url(&self) -> String {
        url(self.port)
    }
}

/// The ports that a process is connected to, or tries to be, by TCP connections that it has opened itself: not those
/// to its own `listening` ports.
pub(crate) fn calls(pid: u32, listening: &[u16]) -> BTreeSet<u16> {
    const LISTEN: &str = "0A";
    let files = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    let sockets: BTreeSet<String> = files
        .filter_map(|file| std::fs::read_link(file.ok()?.path()).ok())
        .filter_map(|link| {
            let inode = link.to_str()?.strip_prefix("socket:[")?;
            Some(inode.strip_suffix(']')?.to_owned())
        })
        .collect();
    let port = |address: &str| u16::from_str_radix(address.rsplit(':').next().unwrap(), 16);
    let mut called = BTreeSet::new();
    for table in ["tcp", "tcp6"] {
        let table = std::fs::read_to_string(format!("/proc/{pid}/net/{table}"));
        for line in table.unwrap_or_default().lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (local, remote) = (port(fields[1]).unwrap(), port(fields[2]).unwrap());
            let own = sockets.contains(fields[9]) && fields[3] != LISTEN;
            if own && !listening.contains(&local) {
                called.insert(remote);
            }
        }
    }
    called
}

/// Where clients connect.
pub(crate) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Makes a test of each store out of a `fn(&Place)`.
macro_rules! on_both_places {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $test() {
                super::$test(&crate::program::Place::sqlite());
            })+
        }
        mod mongodb {
            $(#[test]
            fn $test() {
                if let Some(place) = crate::program::Place::mongodb() {
                    super::$test(&place);
                }
            })+
        }
    };
}
pub(crate) use on_both_places;
