//! The WebDriver server, one for all the tests that run now.

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::scratch::Scratch;
use crate::server::Server;
use crate::wait::eventually;

/// A profile, its caches and shared memory of a few sessions.
const ROOM: u64 = 512 << 20;
const START_DEADLINE: Duration = Duration::from_secs(60);

/// Chromium's own switches. Nothing but 127.0.0.1 can be reached, whatever a page asks for.
const SWITCHES: [&str; 17] = [
    "--headless",
    // Tests run as root in containers, where Chromium's sandbox can't be set up; the pages are our own.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-breakpad",
    // A container's /dev/shm may have 64 MB.
    "--disable-dev-shm-usage",
    // Without it a killed chromedriver leaves its browsers behind: they end with the pipe.
    "--remote-debugging-pipe",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--lang=ko-KR",
    "--force-color-profile=srgb",
];

/// A running chromedriver and the folder that it and its browsers write to. `Drop` ends and deletes all of it.
#[derive(Debug)]
pub(super) struct Driver {
    server: Server,
    port: u16,
    _folder: Scratch,
}

/// The driver that the tests of this process share; it ends with the last of them.
pub(super) fn shared() -> anyhow::Result<Arc<Driver>> {
    static SHARED: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(driver) = shared.upgrade() {
        return Ok(driver);
    }
    let driver = Arc::new(Driver::start()?);
    *shared = Arc::downgrade(&driver);
    Ok(driver)
}

impl Driver {
    fn start() -> anyhow::Result<Self> {
        let program = super::driver_program()?;
        let folder = Scratch::new(ROOM)?;
        let port = crate::ports::free_port()?;
        let server = Server::builder("chromedriver", program)
            .arg(format!("--port={port}"))
            .args(["--allowed-ips=127.0.0.1", "--log-level=WARNING"])
            .env("TMPDIR", folder.path())
            .env("HOME", folder.path())
            .env("TZ", "Asia/Seoul")
            .spawn()?;
        // Not by the probe of `Server`: chromedriver refuses HTTP/1.0.
        let listens = || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
        if !eventually(START_DEADLINE, listens) {
            bail!("chromedriver doesn't come up:\n{}", server.log_tail(10));
        }
        Ok(Self {
            server,
            port,
            _folder: folder,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its last words, for the message of a failure.
    pub(super) fn log_tail(&self) -> String {
        self.server.log_tail(10)
    }
}

/// Files that only a folder of cargo's holds. A copied one may lack the first.
const SIGNS: [&str; 2] = ["CACHEDIR.TAG", ".rustc_info.json"];

/// What a session asks of the driver.
pub(super) fn capabilities() -> anyhow::Result<fantoccini::wd::Capabilities> {
    let wanted = json!({
        "goog:chromeOptions": {
            "args": SWITCHES,
            "prefs": {"intl.accept_languages": "ko-KR,ko"},
        },
        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        "timeouts": {"pageLoad": 20_000, "script": 20_000, "implicit": 0},
    });
    match wanted {
        Value::Object(wanted) => Ok(wanted),
        _ => None.context("capabilities are a JSON object"),
    }
}

/// The folder that cargo builds into, found from a test's own place in it.
pub(super) fn target_folder() -> anyhow::Result<std::path::PathBuf> {
    let program = std::env::current_exe().context("can't tell where this test is")?;
    program
        .ancestors()
        .find(|folder| SIGNS.iter().any(|sign| folder.join(sign).is_file()))
        .map(Path::to_path_buf)
        .context("this test isn't in a folder that cargo built")
}
