//! `chat-server counsellor`, as it is typed.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn run(folder: &TempDir, arguments: &[&str], input: &str) -> Output {
    run_with(folder, &[("CHAT_PASSWORD_COST", "4")], arguments, input)
}

fn run_with(
    folder: &TempDir,
    environment: &[(&str, &str)],
    arguments: &[&str],
    input: &str,
) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chat-server"))
        .arg("counsellor")
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Not every command reads.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Vec<String>> {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let parts = |line: &str| line.split('\t').map(str::to_owned).collect();
    text.lines().map(parts).collect()
}

#[test]
fn accounts_are_made_listed_and_shut_out() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["add", "kimpharm", "--name", "김약사", "--pharmacist"];
    let made = lines(&run(&folder, &add, "correct horse 1\n"));
    assert_eq!(made[0][0], "kimpharm");
    assert_eq!(
        made[0][2..].join(" "),
        "counsellor pharmacist active no second factor 김약사"
    );
    let admin = ["add", "boss1234", "--name", "관리자", "--admin"];
    lines(&run(&folder, &admin, "correct horse 1"));
    lines(&run(&folder, &["disable", "kimpharm"], ""));
    lines(&run(
        &folder,
        &["password", "boss1234"],
        "another horse 2\n",
    ));
    let listed = lines(&run(&folder, &["list"], ""));
    let states: Vec<_> = listed
        .iter()
        .map(|one| (one[0].as_str(), one[2].as_str(), one[4].as_str()))
        .collect();
    assert_eq!(
        states,
        [
            ("boss1234", "admin", "active"),
            ("kimpharm", "counsellor", "disabled")
        ]
    );

    // The password is nowhere in what the program keeps.
    for entry in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(13).any(|part| part == b"correct horse");
            assert!(!found, "{}", path.display());
        }
    }
}

#[test]
fn what_cannot_be_done_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["add", "kimpharm", "--name", "김약사"];
    lines(&run(&folder, &add, "correct horse 1\n"));
    for (arguments, input, says) in [
        (&add[..], "correct horse 1\n", "already"),
        (
            &["add", "weak1234", "--name", "이름"][..],
            "short\n",
            "at least 8",
        ),
        (
            &["add", "none1234", "--name", "이름"][..],
            "",
            "no password",
        ),
        (
            &[
                "add",
                "long1234",
                "--name",
                "가나다라마바사아자차카타파하가나다라마바사아자차카타파하가나다",
            ][..],
            "correct horse 1\n",
            "--name",
        ),
        (&["disable", "nobody12"][..], "", "no account"),
    ] {
        let refused = run(&folder, arguments, input);
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && error.contains(says), "{error}");
    }
}

#[test]
fn in_production_the_key_is_given_and_never_made() {
    let folder = tempfile::tempdir().unwrap();
    let production = [
        ("APP_ENV", "production"),
        ("CHAT_DATABASE_URL", "sqlite://chat.db"),
        ("CHAT_PASSWORD_COST", "10"),
    ];
    let add = ["add", "kimpharm", "--name", "김약사"];
    let refused = run_with(&folder, &production, &add, "correct horse 1\n");
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && error.contains("CHAT_STAFF_KEY"),
        "{error}"
    );
    let key = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
    let given = [&production[..], &[("CHAT_STAFF_KEY", key)]].concat();
    let made = run_with(&folder, &given, &add, "correct horse 1\n");
    assert_eq!(lines(&made)[0][0], "kimpharm");
    assert!(!folder.path().join("data/keys/staff.key").exists());
}
