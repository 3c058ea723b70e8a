//! Asks a local server as hard as it can, on one thread, and tells what it saw.
//!
//! One job comes as a line of JSON on standard input, one result leaves as JSON on standard output. A program of its
//! own, because its cost must be small and known: `xtask` is compiled for a quick start, this for speed.

mod client;
mod cpu;
mod each;
mod job;
mod plain;
mod posts;
mod record;
mod rounds;
mod steady;
#[cfg(test)]
mod tests;
mod wishes;
#[cfg(test)]
mod wishes_tests;

use std::io::BufRead as _;
use std::process::ExitCode;

use anyhow::Context;

use crate::client::Target;
use crate::job::{Job, Work};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let job: Job = serde_json::from_str(&line).context("the job on standard input")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(perform(job))?;
    tell(&result)
}

async fn perform(job: Job) -> anyhow::Result<serde_json::Value> {
    let target = Target::new(job.port, &job.encoding)?;
    let result = match job.work {
        Work::Record { paths, first } => {
            serde_json::to_value(record::run(&target, &paths, first).await?)
        }
        Work::Rounds(plan) => serde_json::to_value(rounds::run(&target, &plan).await?),
        Work::Each { paths } => serde_json::to_value(each::run(&target, &paths).await?),
        Work::Steady(plan) => serde_json::to_value(steady::run(&target, &plan).await?),
        Work::Posts(plan) => serde_json::to_value(posts::run(&target, &plan).await?),
        Work::Wishes(plan) => serde_json::to_value(wishes::run(&target, &plan).await?),
    };
    Ok(result?)
}

#[expect(clippy::print_stdout, reason = "the result goes to whoever started us")]
fn tell(result: &serde_json::Value) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(result)?);
    Ok(())
}

#[expect(clippy::print_stderr, reason = "the last word of a job that failed")]
fn complain(error: &anyhow::Error) {
    eprintln!("load: {error:#}");
}
