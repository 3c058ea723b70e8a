//! The binary.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::client;

/// A stand-in in a process of its own, killed when the test ends.
struct Process {
    child: Child,
    address: String,
    /// Held open: its log would fail otherwise.
    _output: BufReader<ChildStdout>,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_simulators"))
            .args(["serve", "--mfds-port", "0"])
            .args(arguments)
            .env("RUST_LOG", "info")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let address = output
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once("http://")?;
                Some(rest.split('/').next()?.to_owned())
            })
            .unwrap();
        Self {
            child,
            address,
            _output: output,
        }
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    fn exit_code(&mut self) -> Option<i32> {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < deadline, "it does not stop");
            std::thread::yield_now();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails when it has ended already, which is what most tests want.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[tokio::test]
async fn it_serves_with_faults_and_stops_on_a_signal() {
    for signal in ["-TERM", "-INT"] {
        let fault = "http-status,status=503,operation=pill";
        let mut process = Process::start(&["--items", "300", "--seed", "2", "--fault", fault]);
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
        process.signal(signal);
        assert_eq!(process.exit_code(), Some(0));
    }
}

#[test]
fn it_refuses_what_is_no_fault() {
    let output = Command::new(env!("CARGO_BIN_EXE_simulators"))
        .args(["serve", "--mfds-port", "0", "--fault", "earthquake"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("earthquake"));
}
