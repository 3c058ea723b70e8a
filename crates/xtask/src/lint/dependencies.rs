//! Who may depend on whom: the rules of ARCHITECTURE.md, checked against cargo's own tree.

use anyhow::bail;

use crate::cargo;
use crate::say::say;

/// Every kind of dependency, tests' and build scripts' included.
const ALL: &str = "normal,build,dev";
/// What ends up in a shipped binary.
const SHIPPED: &str = "normal";

/// A package (or the whole workspace) and what must not stand in its tree.
struct Rule {
    package: Option<&'static str>,
    edges: &'static str,
    /// A name, or with a `*` at its end the beginning of one.
    forbidden: &'static [&'static str],
    why: &'static str,
}

const RULES: [Rule; 7] = [
    Rule {
        package: Some("domain"),
        edges: SHIPPED,
        forbidden: &[
            "tokio*",
            "async-*",
            "futures*",
            "actix*",
            "axum*",
            "tower*",
            "hyper*",
            "http",
            "reqwest*",
            "mio",
            "socket2",
            "diesel*",
            "r2d2",
            "mysql*",
            "libsqlite3-sys",
            "mongodb",
            "rustls*",
            "ring",
            "tracing*",
            "metrics*",
            "tempfile",
            "rand*",
            "clap*",
            "service-kit",
        ],
        why: "domain is pure: no I/O, no async, no framework",
    },
    Rule {
        package: Some("web-api"),
        edges: ALL,
        forbidden: &["chat-server"],
        why: "the servers are deployed and fail apart",
    },
    Rule {
        package: Some("chat-server"),
        edges: ALL,
        forbidden: &["web-api"],
        why: "the servers are deployed and fail apart",
    },
    Rule {
        package: Some("web-api"),
        edges: SHIPPED,
        forbidden: &["test-kit", "simulators", "proptest", "insta"],
        why: "tests' helpers don't ship",
    },
    Rule {
        package: Some("chat-server"),
        edges: SHIPPED,
        forbidden: &["test-kit", "simulators", "proptest", "insta", "actix*"],
        why: "tests' helpers don't ship, and chat-server stands on axum alone",
    },
    Rule {
        package: Some("simulators"),
        edges: ALL,
        forbidden: &["domain", "service-kit", "web-api", "chat-server"],
        why: "a stand-in that shares code with what it tests shares its mistakes",
    },
    Rule {
        package: None,
        edges: ALL,
        forbidden: &[
            "aws-lc-*",
            "openssl",
            "openssl-sys",
            "openssl-src",
            "native-tls",
            "mysqlclient-sys",
        ],
        why: "one TLS (rustls on ring), no C client library, nothing to install but a C compiler",
    },
];

/// What `domain` may name in its manifest. A new entry is a decision: read the crate first.
const DOMAIN_MAY_USE: [&str; 11] = [
    "base64ct",
    "chrono",
    "hmac",
    "html-escape",
    "rust_decimal",
    "serde",
    "sha2",
    "subtle",
    "thiserror",
    "unicode-normalization",
    "zeroize",
];

/// Checks every rule and prints what breaks it and through which crates it came.
pub(super) fn check() -> anyhow::Result<()> {
    let mut broken = 0_usize;
    for rule in &RULES {
        let tree = tree(rule.package, &["--edges", rule.edges])?;
        for name in offenders(&tree, rule.forbidden) {
            broken += 1;
            let package = rule.package.unwrap_or("the workspace");
            say(&format!(
                "{package} must not depend on {name}: {}",
                rule.why
            ));
            say(&self::tree(
                rule.package,
                &["--edges", rule.edges, "--invert", &name],
            )?);
        }
    }
    let direct = tree(
        Some("domain"),
        &["--edges", SHIPPED, "--depth", "1", "--prefix", "none"],
    )?;
    for name in names(&direct).filter(|name| *name != "domain" && !DOMAIN_MAY_USE.contains(name)) {
        broken += 1;
        say(&format!(
            "domain names {name} in its manifest, which isn't in DOMAIN_MAY_USE"
        ));
    }
    if broken > 0 {
        bail!("{broken} forbidden dependencies");
    }
    Ok(())
}

fn tree(package: Option<&str>, more: &[&str]) -> anyhow::Result<String> {
    let mut arguments = vec!["tree", "--locked"];
    match package {
        Some(name) => arguments.extend(["--package", name]),
        None => arguments.push("--workspace"),
    }
    arguments.extend(more);
    cargo::output(&arguments)
}

/// The crate names of a tree. Cargo draws it with signs that no crate's name begins with.
fn names(tree: &str) -> impl Iterator<Item = &str> {
    tree.lines().filter_map(|line| {
        line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric())
            .split(' ')
            .next()
            .filter(|name| !name.is_empty())
    })
}

fn offenders(tree: &str, forbidden: &[&str]) -> Vec<String> {
    let matches = |name: &str| {
        forbidden.iter().any(|rule| match rule.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == *rule,
        })
    };
    let mut found: Vec<String> = names(tree)
        .filter(|name| matches(name))
        .map(str::to_owned)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "domain v0.1.0 (/x/crates/domain)\n├── chrono v0.4.1\n│   └── num-traits v0.2\n\
        [dev-dependencies]\n└── tokio-util v0.7 (*)\n";

    #[test]
    fn names_are_read_from_a_drawn_tree() {
        let names: Vec<&str> = names(TREE).collect();
        assert_eq!(
            names,
            [
                "domain",
                "chrono",
                "num-traits",
                "dev-dependencies]",
                "tokio-util"
            ]
        );
    }

    #[test]
    fn a_forbidden_crate_is_found_by_name_and_by_its_beginning() {
        assert_eq!(
            offenders(TREE, &["tokio*", "num-traits"]),
            ["num-traits", "tokio-util"]
        );
        assert_eq!(offenders(TREE, &["tokio", "num"]), Vec::<String>::new());
    }
}
