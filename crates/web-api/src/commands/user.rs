//! `web-api user`: what is done to members from the command line. The first admin can only come from
//! here.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use domain::account::{LoginId, Role};

use crate::accounts::handlers::staff::{reason, until};
use crate::accounts::{AccountError, Person};
use crate::accounts::{AccountSettings, Accounts, SharedClock, SystemClock};
use crate::db::{DatabaseSettings, Pool};

/// What to do.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum UserCommand {
    /// Roles of members.
    #[command(subcommand)]
    Role(RoleCommand),
    /// Show a member: id, role, state.
    Show {
        /// The name that he signs in with.
        login_id: LoginId,
    },
    /// Shut a member out.
    Suspend {
        /// The name that he signs in with.
        login_id: LoginId,
        /// Why: 1 to 200 characters.
        #[arg(long)]
        reason: String,
        /// Until when, for example 2026-12-31T15:00:00Z; without it, until he is let in again.
        #[arg(long)]
        until: Option<String>,
    },
    /// Let a member in again.
    Unsuspend {
        /// The name that he signs in with.
        login_id: LoginId,
    },
}

/// What to do with a role.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum RoleCommand {
    /// Give a member another role; he is signed out everywhere.
    Set {
        /// The name that he signs in with.
        login_id: LoginId,
        /// `member`, `counsellor` or `admin`.
        role: Role,
    },
}

impl UserCommand {
    fn login_id(&self) -> &LoginId {
        match self {
            Self::Role(RoleCommand::Set { login_id, .. })
            | Self::Show { login_id }
            | Self::Suspend { login_id, .. }
            | Self::Unsuspend { login_id } => login_id,
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
    Ok(())
}

async fn act(
    accounts: &Accounts,
    clock: &dyn SharedClock,
    command: UserCommand,
) -> anyhow::Result<Person> {
    let login_id = command.login_id().clone();
    let found = accounts.find_member(None, login_id.clone()).await?;
    let Some(person) = found else {
        bail!("nobody signs in as {}", login_id.as_str());
    };
    match command {
        UserCommand::Show { .. } => return Ok(person),
        UserCommand::Role(RoleCommand::Set { role, .. }) => {
            let set = accounts.set_role(None, person.id, role).await;
            return set.map_err(explained);
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
            let suspended = accounts.suspend(None, person.id, reason, until).await;
            return suspended.map_err(explained);
        }
        UserCommand::Unsuspend { .. } => {
            let lifted = accounts.unsuspend(None, person.id).await;
            lifted.map_err(explained)?;
        }
    }
    let person = accounts.find_member(None, login_id).await?;
    person.context("the member is gone")
}

fn explained(error: AccountError) -> anyhow::Error {
    match error {
        AccountError::LastAdmin => {
            anyhow::anyhow!("this is the last admin: make another one first")
        }
        other => other.into(),
    }
}
