//! `chat-server counsellor`: accounts of counsellors. The first one can only come from here.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::Utc;
use domain::account::{LoginId, Password};
use service_kit::prompt;

use crate::settings::Settings;
use crate::staff::{NewCounsellor, StaffAccounts};
use crate::store::model::Rules;
use crate::store::{StaffAccount, Store};

/// What to do. Passwords are asked for, or read from a pipe: arguments are seen by everybody on the
/// machine.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum CounsellorCommand {
    /// Make an account; the password is asked for. The second factor is set up at the first sign-in.
    Add {
        /// The name to sign in with: 4 to 20 lower-case letters and digits.
        login: LoginId,
        /// The name that visitors see: 1 to 30 characters.
        #[arg(long)]
        name: String,
        /// Show visitors that this is a pharmacist.
        #[arg(long)]
        pharmacist: bool,
        /// Let this account administer keywords, holidays and the rest.
        #[arg(long)]
        admin: bool,
    },
    /// List all accounts.
    List,
    /// Set another password; it is asked for. Ends all sessions.
    Password {
        /// The name to sign in with.
        login: LoginId,
    },
    /// Forget a lost second factor; the next sign-in sets up another. Ends all sessions.
    FactorReset {
        /// The name to sign in with.
        login: LoginId,
    },
    /// Shut an account out. Ends all sessions.
    Disable {
        /// The name to sign in with.
        login: LoginId,
    },
    /// Let an account in again.
    Enable {
        /// The name to sign in with.
        login: LoginId,
    },
}

/// Does it. Servers that run see it within a second.
///
/// # Errors
/// No such account, a rule that forbids it, a store that is away.
pub async fn run(settings: &Settings, command: CounsellorCommand) -> anyhow::Result<()> {
    let store = Store::open(&settings.store, Rules::default()).await;
    let store = store.context("the store can't be opened")?;
    let accounts = StaffAccounts::new(store.clone(), Arc::new(Utc::now), settings.staff.clone());
    let done = act(&accounts, command).await;
    store.close().await;
    done
}

async fn act(accounts: &StaffAccounts, command: CounsellorCommand) -> anyhow::Result<()> {
    match command {
        CounsellorCommand::Add {
            login,
            name,
            pharmacist,
            admin,
        } => {
            let password = password().await?;
            let new = NewCounsellor {
                login,
                name,
                pharmacist,
                admin,
                password,
            };
            show(&[accounts.add(new).await?])
        }
        CounsellorCommand::List => show(&accounts.list().await?),
        CounsellorCommand::Password { login } => {
            let password = password().await?;
            Ok(accounts.set_password(&login, &password).await?)
        }
        CounsellorCommand::FactorReset { login } => Ok(accounts.reset_factor(&login).await?),
        CounsellorCommand::Disable { login } => Ok(accounts.set_disabled(&login, true).await?),
        CounsellorCommand::Enable { login } => Ok(accounts.set_disabled(&login, false).await?),
    }
}

/// Asked for on a thread of its own, since it blocks.
async fn password() -> anyhow::Result<Password> {
    let read = tokio::task::spawn_blocking(|| prompt::secret("Password"));
    let text = read.await?.context("no password was entered")?;
    Ok(Password::new(&text)?)
}

fn show(accounts: &[StaffAccount]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for one in accounts {
        let factor = one.factor.as_ref().is_some_and(|factor| factor.confirmed);
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            one.login.as_str(),
            one.id.as_str(),
            if one.admin { "admin" } else { "counsellor" },
            if one.pharmacist { "pharmacist" } else { "-" },
            if one.disabled { "disabled" } else { "active" },
            if factor {
                "second factor"
            } else {
                "no second factor"
            },
            one.name,
        )?;
    }
    Ok(())
}
