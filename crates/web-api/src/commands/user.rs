//! `web-api user`: what is done to members from the command line. The first admin can only come from
//! here.

use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::account::{LoginId, Role};
use domain::token::UserId;

use crate::accounts::handlers::staff::{reason, until};
use crate::accounts::{AccountSettings, Accounts, Person, SharedClock, SystemClock, Whom};
use crate::db::{DatabaseSettings, Pool};

/// What to do.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum UserCommand {
    /// Roles of members.
    #[command(subcommand)]
    Role(RoleCommand),
    /// Show a member: id, role, state.
    Show {
        /// Whom.
        #[command(flatten)]
        whom: Somebody,
    },
    /// Shut a member out.
    Suspend {
        /// Whom.
        #[command(flatten)]
        whom: Somebody,
        /// Why: 1 to 200 characters.
        #[arg(long)]
        reason: String,
        /// Until when, for example 2026-12-31T15:00:00Z; without it, until he is let in again.
        #[arg(long)]
        until: Option<String>,
    },
    /// Let a member in again.
    Unsuspend {
        /// Whom.
        #[command(flatten)]
        whom: Somebody,
    },
}

/// A member.
#[derive(Debug, Clone, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Somebody {
    /// The name that he signs in with.
    pub login_id: Option<LoginId>,
    /// His id, for who signs in by another service only.
    #[arg(long)]
    pub id: Option<UserId>,
}

impl Somebody {
    fn whom(&self) -> anyhow::Result<Whom> {
        match (&self.id, &self.login_id) {
            (Some(id), _) => Ok(Whom::Id(id.clone())),
            (None, Some(login_id)) => Ok(Whom::LoginId(login_id.clone())),
            (None, None) => bail!("expected a login id, or --id"),
        }
    }
}

impl fmt::Display for Somebody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.id, &self.login_id) {
            (Some(id), _) => write!(f, "nobody has the id {id}"),
            (None, Some(login_id)) => write!(f, "nobody signs in as {}", login_id.as_str()),
            (None, None) => f.write_str("nobody was named"),
        }
    }
}

/// What to do with a role.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum RoleCommand {
    /// Give a member another role; he is signed out everywhere.
    #[command(allow_missing_positional = true)]
    Set {
        /// Whom.
        #[command(flatten)]
        whom: Somebody,
        /// `member`, `counsellor` or `admin`.
        role: Role,
    },
}

impl UserCommand {
    fn whom(&self) -> &Somebody {
        match self {
            Self::Role(RoleCommand::Set { whom, .. })
            | Self::Show { whom }
            | Self::Suspend { whom, .. }
            | Self::Unsuspend { whom } => whom,
        }
    }
}

/// Does it, and says how the member is now. Servers that run see it within seconds.
///
/// # Errors
/// No such member, a rule that forbids it, a database that is away.
pub async fn run(
    database: &DatabaseSettings,
    settings: AccountSettings,
    command: UserCommand,
) -> anyhow::Result<()> {
    let pool = Pool::new(database);
    pool.migrate().await?;
    let accounts = Accounts::open(settings, pool, Arc::new(SystemClock))?;
    let person = act(&accounts, &SystemClock, command).await?;
    let administered = accounts.is_administered().await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "id             {}", person.id)?;
    writeln!(out, "role           {}", person.role)?;
    writeln!(out, "state          {}", person.state)?;
    if let Some(until) = person.suspended_until {
        writeln!(out, "until          {}", until.to_rfc3339())?;
    }
    let factor = if person.second_factor {
        "set up"
    } else {
        "none"
    };
    writeln!(out, "second factor  {factor}")?;
    if !administered {
        writeln!(
            out,
            "nobody administers now: `user role set LOGIN_ID admin` makes an admin"
        )?;
    }
    Ok(())
}

async fn act(
    accounts: &Accounts,
    clock: &dyn SharedClock,
    command: UserCommand,
) -> anyhow::Result<Person> {
    let whom = command.whom().whom()?;
    let found = accounts.find_member(None, whom.clone()).await?;
    let Some(person) = found else {
        bail!("{}", command.whom());
    };
    match command {
        UserCommand::Show { .. } => return Ok(person),
        UserCommand::Role(RoleCommand::Set { role, .. }) => {
            return Ok(accounts.set_role(None, person.id, role).await?);
        }
        UserCommand::Suspend {
            reason: text,
            until: end,
            ..
        } => {
            let reason = reason(&text).map_err(|_| {
                anyhow::anyhow!("expected --reason with 1 to 200 characters, no control characters")
            })?;
            let until = until(end.as_deref(), clock.now()).map_err(|_| {
                anyhow::anyhow!(
                    "expected --until within ten years, for example 2026-12-31T15:00:00Z"
                )
            })?;
            return Ok(accounts.suspend(None, person.id, reason, until).await?);
        }
        UserCommand::Unsuspend { .. } => {
            accounts.unsuspend(None, person.id).await?;
        }
    }
    let person = accounts.find_member(None, whom).await?;
    person.context("the member is gone")
}
