//! The binary.

use std::{process::Stdio, time::Duration};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::support::client;

/// How long the process may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stand-in in a process of its own, killed when the test ends.
struct Process {
    child: Child,
    address: String,
    /// Held open: its log would fail otherwise.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Process {
    async fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_simulators"))
            .args(["serve", "--mfds-port", "0"])
            .args(arguments)
            .env("RUST_LOG", "info")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = async {
            loop {
                let line = output.next_line().await.unwrap().unwrap();
                if let Some((_, rest)) = line.split_once("http://") {
                    return rest.split('/').next().unwrap().to_owned();
                }
            }
        };
        let address = timeout(PATIENCE, address).await.unwrap();
        Self {
            child,
            address,
            _output: output,
        }
    }

    async fn stopped_by(mut self, signal: Signal) -> Option<i32> {
        let id = i32::try_from(self.child.id().unwrap()).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
        timeout(PATIENCE, self.child.wait())
            .await
            .unwrap()
            .unwrap()
            .code()
    }
}

#[tokio::test]
async fn it_serves_with_faults_and_stops_on_a_signal() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let fault = "http-status,status=503,operation=pill";
        let process = Process::start(&["--items", "300", "--seed", "2", "--fault", fault]).await;
        let base = format!("http://{}/1471000", process.address);
        let list = format!(
            "{base}/DrugPrdtPrmsnInfoService07/getDrugPrdtPrmsnInq07?serviceKey=k&type=json"
        );
        let body = client()
            .get(list)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(body.contains("\"totalCount\":300"), "{body}");
        let pill =
            format!("{base}/MdcinGrnIdntfcInfoService03/getMdcinGrnIdntfcInfoList03?serviceKey=k");
        assert_eq!(client().get(pill).send().await.unwrap().status(), 503);
        assert_eq!(process.stopped_by(signal).await, Some(0));
    }
}

#[tokio::test]
async fn it_refuses_what_is_no_fault() {
    let output = Command::new(env!("CARGO_BIN_EXE_simulators"))
        .args(["serve", "--mfds-port", "0", "--fault", "earthquake"])
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("earthquake"));
}

#[tokio::test]
async fn all_stand_ins_share_a_port() {
    let redirect = "http://127.0.0.1:9/callback";
    let arguments = ["--oauth-redirect-uri", redirect, "--sms-sender", "15881234"];
    let process = Process::start(&arguments).await;
    let base = format!("http://{}", process.address);
    let get = async |path: &str| client().get(format!("{base}{path}")).send().await.unwrap();
    for stand_in in ["", "/sms", "/oauth", "/s3", "/slack"] {
        let health = get(&format!("/_control{stand_in}/health")).await;
        assert_eq!(health.status(), 204, "{stand_in}");
    }
    assert!(
        get("/sms")
            .await
            .text()
            .await
            .unwrap()
            .contains("보낸 문자")
    );
    let discovery = get("/google/.well-known/openid-configuration").await;
    let discovery = discovery.text().await.unwrap();
    assert!(
        discovery.contains(&format!("\"{base}/google\"")),
        "{discovery}"
    );
    let ask = async |redirect: &str| {
        let query = format!("client_id=sample-kakao-id&response_type=code&redirect_uri={redirect}");
        get(&format!("/kakao/oauth/authorize?{query}"))
            .await
            .status()
    };
    assert_eq!(ask(redirect).await, 200);
    assert_eq!(ask("http://127.0.0.1:9/other").await, 400);
    let object = get("/s3/pillnuts/a").await;
    assert_eq!(object.status(), 403);
    assert!(
        object
            .text()
            .await
            .unwrap()
            .contains("<Code>AccessDenied</Code>")
    );
    assert_eq!(process.stopped_by(Signal::SIGTERM).await, Some(0));
}
