//! Runs the stand-ins as a process of their own.

use std::{net::IpAddr, process::ExitCode};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use simulators::{
    mfds::{Catalogue, CatalogueSpec, Config, Fault, Faults, Simulator},
    oauth, s3, slack, sms,
};
use tokio::{net::TcpListener, signal, task};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Local stand-ins of the third parties that the servers call.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGTERM or Ctrl-C.
    Serve(Serve),
}

#[derive(Debug, Args)]
struct Serve {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port of all stand-ins; 0 takes a free one.
    #[arg(long, default_value_t = 8090)]
    mfds_port: u16,
    /// The only MFDS service key that is known, decoded; without it any key will do.
    #[arg(long)]
    mfds_key: Option<String>,
    /// Fill the sample catalogue up to this many products with made-up ones.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=i64::from(CatalogueSpec::MAX_ITEMS)))]
    items: u32,
    /// The seed of the made-up products.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave the sample of real products out.
    #[arg(long)]
    no_sample: bool,
    /// Add a record without a name, which a careful reader rejects.
    #[arg(long)]
    rejected_record: bool,
    /// A fault, for example `quota,after=100` or `delay,millis=500,operation=pill,pages=3-5,times=2`.
    #[arg(long = "fault")]
    faults: Vec<Fault>,
    /// Wrap each element of `items` in `item`, as some services do.
    #[arg(long)]
    wrapped_items: bool,
    #[command(flatten)]
    third_parties: ThirdParties,
}

/// What the other stand-ins, on the same port, know of the service.
#[derive(Debug, Args)]
struct ThirdParties {
    /// Where browsers reach this process; it stands in ID tokens. By default the address it listens on.
    #[arg(long)]
    public_url: Option<String>,
    /// An address that sign-ins may return to, compared exactly; without one, all of this machine.
    #[arg(long = "oauth-redirect-uri")]
    redirect_uris: Vec<String>,
    /// Where Kakao tells that somebody unlinked.
    #[arg(long)]
    kakao_webhook: Option<url::Url>,
    /// A number that messages may come from, digits only; may be given more than once.
    #[arg(long = "sms-sender")]
    sms_senders: Vec<String>,
}

impl ThirdParties {
    fn sms(&self) -> sms::Config {
        let mut config = sms::Config::default();
        if !self.sms_senders.is_empty() {
            config.senders.clone_from(&self.sms_senders);
        }
        config
    }

    fn oauth(&self) -> oauth::Config {
        oauth::Config {
            redirect_uris: self.redirect_uris.clone(),
            kakao_webhook: self.kakao_webhook.clone(),
            ..oauth::Config::default()
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();
    let Command::Serve(arguments) = Cli::parse().command;
    match serve(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Serve) -> anyhow::Result<()> {
    let spec = CatalogueSpec {
        sample: !arguments.no_sample,
        items: arguments.items,
        seed: arguments.seed,
        rejected_record: arguments.rejected_record,
        ..CatalogueSpec::default()
    };
    let catalogue = task::spawn_blocking(move || Catalogue::from_spec(&spec)).await?;
    let faults = arguments
        .faults
        .into_iter()
        .fold(Faults::none(), Faults::with);
    let item_form = if arguments.wrapped_items {
        simulators::mfds::ItemForm::Wrapped
    } else {
        simulators::mfds::ItemForm::Plain
    };
    let config = Config {
        service_key: arguments.mfds_key,
        item_form,
    };
    let address = (arguments.host, arguments.mfds_port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {}:{}", address.0, address.1))?;
    let address = listener.local_addr()?;
    let base_url = arguments
        .third_parties
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    tracing::info!(?catalogue, "MFDS stand-in at http://{address}/1471000");
    tracing::info!("SMS stand-in at http://{address}/sms/v2, messages at http://{address}/sms");
    tracing::info!("sign-in stand-ins at {base_url}/naver, {base_url}/google, {base_url}/kakao");
    tracing::info!("S3 stand-in at http://{address}/s3");
    let webhook = slack::Config::default();
    let path = webhook.path();
    tracing::info!("Slack stand-in at http://{address}{path}, messages at http://{address}/slack");

    let stop = CancellationToken::new();
    let stopped = stop.clone();
    task::spawn(async move {
        if let Err(error) = stop_signal().await {
            tracing::error!(%error, "cannot wait for a stop signal, stopping at once");
        }
        stopped.cancel();
    });
    let router = Simulator::new(catalogue, faults, config, stop.clone())
        .into_router()
        .merge(sms::Simulator::new(arguments.third_parties.sms(), stop.clone()).into_router())
        .merge(
            oauth::Simulator::new(arguments.third_parties.oauth(), &base_url, stop.clone())
                .into_router(),
        )
        .merge(s3::Simulator::new(s3::Config::default(), stop.clone()).into_router())
        .merge(slack::Simulator::new(webhook, stop.clone()).into_router());
    simulators::serve(listener, router, stop).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Resolves on SIGTERM or Ctrl-C.
async fn stop_signal() -> std::io::Result<()> {
    let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = signal::ctrl_c() => result,
        _ = terminated.recv() => Ok(()),
    }
}
