//! Statements given to a MySQL-family server through its command-line client: this crate links no database client.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::process;

/// Where a server is and who we are there: `mysql://user[:password]@host[:port]/[database][?options]`.
#[derive(Clone)]
pub struct ServerUrl {
    authority: String,
    user: String,
    password: String,
    host: String,
    port: u16,
    query: String,
}

impl std::fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerUrl")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl ServerUrl {
    /// Reads a URL. A database in it is ignored: each test makes its own.
    ///
    /// # Errors
    /// When it isn't of the form above. The message doesn't repeat the URL, which may hold a password.
    pub fn parse(url: &str) -> anyhow::Result<Self> {
        let rest = url
            .strip_prefix("mysql://")
            .context("a MySQL URL begins with mysql://")?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = rest.split('/').next().unwrap_or_default();
        let (account, address) = authority
            .rsplit_once('@')
            .context("a MySQL URL names its user: user@host")?;
        let (user, password) = account.split_once(':').unwrap_or((account, ""));
        let (host, port) = address.split_once(':').unwrap_or((address, "3306"));
        Ok(Self {
            authority: authority.to_owned(),
            user: percent_decoded(user)?,
            password: percent_decoded(password)?,
            host: host.to_owned(),
            port: port
                .parse()
                .context("the port of a MySQL URL is a number")?,
            query: if query.is_empty() {
                String::new()
            } else {
                format!("?{query}")
            },
        })
    }

    /// The URL of one database on this server.
    #[must_use]
    pub fn database(&self, name: &str) -> String {
        format!("mysql://{}/{name}{}", self.authority, self.query)
    }

    /// Runs statements, without a default database or in the one given, and returns what they print
    /// (tab-separated, without column names).
    ///
    /// # Errors
    /// When no client program is installed or the server refuses a statement.
    pub fn run(&self, database: Option<&str>, sql: &str) -> anyhow::Result<String> {
        let program = process::find_program("mariadb")
            .or_else(|| process::find_program("mysql"))
            .context("neither mariadb nor mysql is installed; on Debian: apt-get install mariadb-client-core")?;
        let mut child = Command::new(program)
            .args(["--no-defaults", "--protocol=tcp", "--batch", "--skip-column-names"])
            .args(["--connect-timeout=10", "--default-character-set=utf8mb4"])
            .arg(format!("--host={}", self.host))
            .arg(format!("--port={}", self.port))
            .arg(format!("--user={}", self.user))
            .args(database)
            // By environment: arguments are visible to every user of the machine.
            .env("MYSQL_PWD", &self.password)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("can't start the MySQL client")?;
        if let Some(mut input) = child.stdin.take() {
            // A client that can't connect closes its end: its own message, below, says more than a broken pipe.
            drop(input.write_all(sql.as_bytes()));
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!(
                "the MySQL client failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn percent_decoded(text: &str) -> anyhow::Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|d| char::from(d).to_digit(16));
        let value = digit()
            .zip(digit())
            .and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(value.context("a % in a MySQL URL is followed by two hexadecimal digits")?);
    }
    Ok(String::from_utf8(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_url_is_read() {
        let url =
            ServerUrl::parse("mysql://an%40a:s%3Aecret@db.example:3307/ignored?require_ssl=true")
                .unwrap();
        assert_eq!(
            (url.user.as_str(), url.password.as_str()),
            ("an@a", "s:ecret")
        );
        assert_eq!((url.host.as_str(), url.port), ("db.example", 3307));
        assert_eq!(
            url.database("t1"),
            "mysql://an%40a:s%3Aecret@db.example:3307/t1?require_ssl=true"
        );
    }

    #[test]
    fn a_url_that_is_none_is_refused_without_repeating_it() {
        for broken in [
            "postgres://secret@h/",
            "mysql://host-secret/",
            "mysql://secret@h:x/",
            "mysql://a:%zsecret@h/",
        ] {
            let message = format!("{:#}", ServerUrl::parse(broken).unwrap_err());
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let url = ServerUrl::parse("mysql://u:hidden@h/").unwrap();
        assert!(!format!("{url:?}").contains("hidden"));
    }
}
