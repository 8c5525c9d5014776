//! The program itself: what it says when something is wrong at start.

mod key_rotation;
mod metrics;
mod readiness;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paragon-gateway"));
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .args(args)
        .current_dir(folder)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    (
        status.success(),
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    )
}

/// Runs a command of `operator` with this standard input.
fn operator(folder: &Path, args: &[&str], input: &str) -> (bool, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_paragon-gateway"))
        .arg("operator")
        .args(["--database", "sqlite:gateway.sqlite"])
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let written = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    drop(written);
    (
        output.status.success(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn write_config(folder: &Path, extra: &str) {
    let (_, keys, _) = run(folder, &["keys", "signing"], &[]);
    let public = &keys[keys.find("-----BEGIN PUBLIC KEY").unwrap()..];
    let text = format!(
        "{extra}\n[[projects]]\nid = \"app\"\nname = \"App\"\nallowed_origins = [\"https://app.example.com\"]\n\
         signing_keys = [{{ public_key = \"\"\"{public}\"\"\" }}]\n[projects.azure_devops]\nclient_id = \"id\"\nclient_secret = \"secret\"\n"
    );
    std::fs::write(folder.join("paragon-gateway.toml"), text).unwrap();
}

fn vault_keys(folder: &Path) -> String {
    format!("[\"{}\"]", run(folder, &["keys", "vault"], &[]).1.trim())
}

#[test]
fn a_missing_vault_key_is_an_error_at_start_that_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "");
    for command in ["serve", "migrate"] {
        let (success, _, errors) = run(folder.path(), &[command], &[]);
        assert!(
            !success && errors.contains("paragon-gateway keys vault"),
            "{command}: {errors}"
        );
    }
    let variables = [
        ("PARAGON_VAULT_KEYS", "[\"c2hvcnQ=\"]"),
        ("PARAGON_GATEWAY_PORT", "tcp://10.0.0.1:4400"),
    ];
    let (success, _, errors) = run(folder.path(), &["serve"], &variables);
    assert!(
        !success && errors.contains("vault key number 1") && !errors.contains("c2hvcnQ="),
        "{errors}"
    );
}

#[test]
fn a_vault_key_that_the_database_needs_is_missed_at_start() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "");
    let (key, other) = (vault_keys(folder.path()), vault_keys(folder.path()));
    let migrated = run(folder.path(), &["migrate"], &[("PARAGON_VAULT_KEYS", &key)]);
    assert!(migrated.0, "{}", migrated.2);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = format!(
        "sqlite:{}",
        folder.path().join("paragon-gateway.sqlite").display()
    );
    runtime.block_on(async {
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let insert = "INSERT INTO flows (id, project_id, user_id, integration, origin, secret, secret_key_id, status, version, created_at, expires_at) \
                      VALUES ('f', 'app', 'u', 'azuredevops', 'o', x'00', 'keyOfLastYear', 'opened', 1, 0, 9)";
        sqlx::query(insert).execute(&pool).await.unwrap();
        pool.close().await;
    });
    // `migrate` first: without the check it ends, where `serve` would go on serving.
    for command in ["migrate", "serve"] {
        let (success, _, errors) =
            run(folder.path(), &[command], &[("PARAGON_VAULT_KEYS", &other)]);
        assert!(!success && errors.contains("keyOfLastYear"), "{errors}");
    }
}

#[test]
fn wrong_values_are_named_with_their_source() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "listen = 4400\n");
    let key = vault_keys(folder.path());
    let (_, _, errors) = run(folder.path(), &["serve"], &[("PARAGON_VAULT_KEYS", &key)]);
    assert!(
        errors.contains("listen") && errors.contains("paragon-gateway.toml"),
        "{errors}"
    );
    write_config(folder.path(), "lisen = \"127.0.0.1:4400\"\n");
    let (_, _, errors) = run(folder.path(), &["serve"], &[("PARAGON_VAULT_KEYS", &key)]);
    assert!(errors.contains("lisen"), "{errors}");
    write_config(folder.path(), "");
    let (_, _, errors) = run(
        folder.path(),
        &["serve", "--listen", "here"],
        &[("PARAGON_VAULT_KEYS", &key)],
    );
    assert!(
        errors.contains("`listen` is `here`") && errors.contains("127.0.0.1:4400"),
        "{errors}"
    );
    let (_, _, errors) = run(
        folder.path(),
        &["serve", "--config", "nowhere.toml"],
        &[("PARAGON_VAULT_KEYS", &key)],
    );
    assert!(errors.contains("nowhere.toml"), "{errors}");
}

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (success, _, errors) = run(folder.path(), &["dev", "--port", &port], &[]);
    assert!(
        !success && errors.contains(&port) && errors.contains("--port"),
        "{errors}"
    );
    assert!(
        !folder.path().join("paragon-data").exists(),
        "nothing is written before the ports are had"
    );
}

#[test]
fn what_would_be_open_to_everybody_is_refused_at_start() {
    let folder = tempfile::tempdir().unwrap();
    // With a port that cannot be listened on, so that it ends in any case.
    let open = "public_url = \"http://connect.example.com\"\nlisten = \"here\"\n";
    write_config(folder.path(), open);
    let key = vault_keys(folder.path());
    let (success, _, errors) = run(folder.path(), &["serve"], &[("PARAGON_VAULT_KEYS", &key)]);
    assert!(
        !success && errors.contains("`public_url`") && errors.contains("https"),
        "{errors}"
    );
    write_config(folder.path(), "");
    let zeros = format!("[\"{}=\"]", "A".repeat(43));
    for command in ["migrate", "serve"] {
        let variables = [("PARAGON_VAULT_KEYS", zeros.as_str())];
        let (success, _, errors) = run(folder.path(), &[command], &variables);
        assert!(
            !success && errors.contains("paragon-gateway keys vault") && errors.contains("zeros"),
            "{errors}"
        );
    }
}

/// Ends with its value.
struct Ended(std::process::Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn dev_and_its_simulator_answer_names_of_this_machine_alone() {
    let folder = tempfile::tempdir().unwrap();
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let port = (20_000..30_000)
        .step_by(2)
        .skip(usize::try_from(std::process::id() % 4000).unwrap())
        .find(|port| free(*port) && free(port + 1))
        .unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_paragon-gateway"))
        .args(["dev", "--port", &port.to_string()])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn();
    let mut dev = Ended(child.unwrap());
    let lines = BufReader::new(dev.0.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("demo:")), "it starts");
    let status = |port: u16, host: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    for port in [port, port + 1] {
        for host in [
            "evil.example".to_owned(),
            format!("rebound.evil.example:{port}"),
            "127.0.0.1.evil.example".to_owned(),
        ] {
            assert_eq!(status(port, &host), "421", "{host}");
        }
        for host in ["localhost", "127.0.0.1", "app.localhost"] {
            assert_ne!(status(port, &format!("{host}:{port}")), "421", "{host}");
        }
    }
}

#[test]
fn keys_of_each_kind_sign_tokens() {
    let folder = tempfile::tempdir().unwrap();
    for algorithm in ["es256", "rs256", "eddsa"] {
        let (success, keys, errors) = run(
            folder.path(),
            &["keys", "signing", "--algorithm", algorithm],
            &[],
        );
        assert!(success, "{errors}");
        let private = &keys[..keys.find("-----BEGIN PUBLIC KEY").unwrap()];
        std::fs::write(folder.path().join("key.pem"), private).unwrap();
        let (success, token, errors) = run(
            folder.path(),
            &["token", "--user", "ada", "--key", "key.pem"],
            &[],
        );
        assert!(success && token.trim().split('.').count() == 3, "{errors}");
    }
    let (success, _, errors) = run(folder.path(), &["token", "--user", "ada"], &[]);
    assert!(!success && errors.contains("--key"), "{errors}");
}

#[test]
fn definitions_are_checked_and_their_schema_is_the_published_one() {
    let folder = tempfile::tempdir().unwrap();
    let (success, schema, _) = run(folder.path(), &["workflow", "schema"], &[]);
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/workflow.schema.json");
    assert!(success);
    assert_eq!(
        schema,
        std::fs::read_to_string(published).unwrap(),
        "write it again: `paragon-gateway workflow schema > docs/workflow.schema.json`"
    );
    let good = r#"{"id": "a", "description": "A", "trigger": {"type": "appEvent", "event": "E"}, "steps": [
        {"id": "1", "do": {"type": "action", "action": "AZURE_DEVOPS_DELETE_WORKITEM", "parameters": {"id": "{{trigger.output.id}}"}}}]}"#;
    std::fs::write(folder.path().join("good.json"), good).unwrap();
    let page = include_str!("../../../../../docs/workflows.md");
    let example = page
        .split("```json\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    std::fs::write(folder.path().join("example.json"), example).unwrap();
    let (success, said, _) = run(folder.path(), &["workflow", "check", "example.json"], &[]);
    assert!(success, "the example of docs/workflows.md: {said}");
    let bad = good
        .replace("trigger.output", "triger.output")
        .replace("\"id\": \"1\"", "\"id\": \"user\"");
    std::fs::write(folder.path().join("bad.json"), bad).unwrap();
    let (success, said, errors) = run(folder.path(), &["workflow", "check", "good.json"], &[]);
    assert!(success, "{said}{errors}");
    let (success, said, errors) = run(
        folder.path(),
        &["workflow", "check", "good.json", "bad.json"],
        &[],
    );
    assert!(!success && errors.contains("2 problems"), "{errors}");
    assert!(said.contains("bad.json at `/steps/0/do/parameters/id` (step `user`), character 1: `{{triger.output.id}}`: there is no step `triger` before this one; did you mean `trigger`?"), "{said}");
    let (success, _, errors) = run(folder.path(), &["workflow", "check", "none.json"], &[]);
    assert!(
        !success && errors.contains("`none.json` cannot be read"),
        "{errors}"
    );
}

#[test]
fn operators_are_managed_with_passwords_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str], input: &str| operator(folder.path(), args, input);
    let add = ["add", "Ada@Example.com", "--role", "admin"];
    let (success, _, errors) = run(&add, "short\n");
    assert!(!success && errors.contains("12 characters"), "{errors}");
    let (success, output, errors) = run(&add, "a long enough password\n");
    assert!(success && output.contains("ada@example.com"), "{errors}");
    let (success, _, errors) = run(&add, "a long enough password\n");
    assert!(!success && errors.contains("already"), "{errors}");
    let (success, _, errors) = run(
        &["add", "ada", "--role", "viewer"],
        "a long enough password",
    );
    assert!(!success && errors.contains("`ada`"), "{errors}");
    let (_, list, _) = run(&["list"], "");
    assert!(list.starts_with("ada@example.com\tadmin\t"), "{list}");
    assert!(run(&["set-role", "ada@example.com", "viewer"], "").0);
    assert!(
        run(
            &["set-password", "ada@example.com"],
            "another long password"
        )
        .0
    );
    assert!(run(&["list"], "").1.contains("\tviewer\t"));
    assert!(run(&["remove", "ada@example.com"], "").0);
    let (success, _, errors) = run(&["remove", "ada@example.com"], "");
    assert!(!success && errors.contains("operator list"), "{errors}");
    // No argument takes a password: it would stand in the list of processes.
    let (_, help, _) = run(&["add", "--help"], "");
    assert!(
        help.contains("--role") && !help.contains("--password"),
        "{help}"
    );
}
