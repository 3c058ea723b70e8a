//! `cargo xtask test`: the servers that tests need, then every test and a short `fuzz`, then nothing
//! left behind.

use std::process::{Command, ExitCode, ExitStatus};

use test_kit::skip::REQUIRE_SERVERS;
use test_kit::{MariaDb, Mongo, Redis, database, mongo, redis};

use crate::interrupt::{self, Interrupt};
use crate::packages::{self, Needs};
use crate::say::say;
use crate::task::Interrupted;
use crate::{cargo, fuzz, task, tools};

/// The packages whose tests open a browser.
const WITH_PAGES: [&str; 2] = ["web-api", "test-kit"];

/// The packages whose tests ask a MongoDB.
const WITH_MONGO: [&str; 2] = ["chat-server", "test-kit"];

/// The packages whose tests talk by the stock client of Socket.IO.
const WITH_NODE: [&str; 1] = ["chat-server"];

/// The package that `fuzz` asks.
const FUZZED: &str = "web-api";

/// Where property tests begin to draw, unless the caller says otherwise: a red run is then the
/// change's own doing, and the same everywhere. Looking further is a run with another number.
const SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "20261122");

/// How many tests run at once, unless the caller says otherwise. Most of their time they wait for
/// servers, timers and browsers: with one a core the cores were idle for two thirds of it.
const AT_ONCE: &str = "RUST_TEST_THREADS";
const PER_CORE: usize = 2;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Run only tests whose name contains this
    #[arg(long)]
    filter: Option<String>,
    /// Run only the tests of these packages
    #[arg(long, short)]
    package: Vec<String>,
}

/// Runs the tests; the exit code is cargo's.
pub(crate) fn run(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    match with_servers(options, interrupt) {
        Err(error) if error.is::<Interrupted>() => {
            say("Interrupted; everything that was started is stopped.");
            Ok(ExitCode::from(interrupt::EXIT_CODE))
        }
        other => other,
    }
}

fn with_servers(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    let given = std::env::var(database::SERVER).ok();
    let with_mongo = chosen(&options.package, &WITH_MONGO);
    let needs = Needs {
        server: given.is_none(),
        browser: chosen(&options.package, &WITH_PAGES),
        client: true,
        // Also where one was named from outside: some tests kill theirs.
        redis: true,
        python: fuzzes(options) || (with_mongo && !Mongo::is_installed()),
        node: chosen(&options.package, &WITH_NODE),
    };
    packages::ensure(needs, interrupt)?;
    if needs.node {
        tools::ensure_socket_io_client(interrupt)?;
    }
    // Lives to the end of this function, whichever way that is left.
    let mut mariadb = None;
    let url = match given {
        Some(url) => url,
        None => mariadb.insert(MariaDb::start()?).url(),
    };
    if let Some(server) = &mariadb {
        say(&format!("MariaDB for the tests: port {}", server.port()));
    }
    let mut own_redis = None;
    let redis_url = match std::env::var(redis::SERVER) {
        Ok(url) => url,
        Err(_) => own_redis.insert(Redis::start()?).url(),
    };
    if with_mongo {
        // Also where one was named from outside: some tests kill theirs.
        tools::ensure_mongo(interrupt)?;
    }
    let mut own_mongo = None;
    let mongo_uri = match std::env::var(mongo::SERVER) {
        Ok(uri) => Some(uri),
        Err(_) if with_mongo => Some(own_mongo.insert(Mongo::start()?).uri()),
        Err(_) => None,
    };
    if let Some(server) = &own_mongo {
        say(&format!("MongoDB for the tests: port {}", server.port()));
    }
    let mut servers = vec![
        (database::SERVER, url.as_str()),
        (redis::SERVER, redis_url.as_str()),
    ];
    servers.extend(mongo_uri.as_deref().map(|uri| (mongo::SERVER, uri)));
    // Every failure is worth seeing at once, so a failed test binary doesn't hold back the others.
    let tests = cargo_test(&["--all-targets", "--no-fail-fast"], options, &servers);
    let tests = task::finish(tests, interrupt)?;
    if !tests.success() {
        return Ok(code_of(tests));
    }
    let examples = cargo_test(&["--doc"], options, &servers);
    let examples = task::finish(examples, interrupt)?;
    if !examples.success() || !fuzzes(options) {
        return Ok(code_of(examples));
    }
    fuzz::run(&fuzz::Options::default(), interrupt)
}

/// Whether web-api is asked by its OpenAPI document, too: where all of its tests run.
fn fuzzes(options: &Options) -> bool {
    let packages = &options.package;
    options.filter.is_none() && chosen(packages, &[FUZZED])
}

/// Whether one of these packages is tested: all are where none is named.
fn chosen(packages: &[String], among: &[&str]) -> bool {
    packages.is_empty() || packages.iter().any(|name| among.contains(&name.as_str()))
}

fn cargo_test(what: &[&str], options: &Options, servers: &[(&str, &str)]) -> Command {
    let mut command = cargo::command(&["test", "--locked"]);
    if options.package.is_empty() {
        command.arg("--workspace");
    }
    command
        .args(options.package.iter().flat_map(|name| ["--package", name]))
        .args(what);
    command.args(&options.filter);
    command
        .envs(servers.iter().copied())
        .env(REQUIRE_SERVERS, "1");
    let (seed, usual) = SEED;
    if std::env::var_os(seed).is_none() {
        command.env(seed, usual);
    }
    if std::env::var_os(AT_ONCE).is_none() {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        command.env(AT_ONCE, (cores * PER_CORE).to_string());
    }
    command
}

fn code_of(status: ExitStatus) -> ExitCode {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}
