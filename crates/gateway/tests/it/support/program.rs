//! The program itself, `paragon-gateway serve`, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use paragon_gateway::identity::{KeyAlgorithm, KeyPair, mint};
use paragon_gateway::vault::Vault;
use secrecy::ExposeSecret as _;
use serde_json::json;

/// Ends with its value.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    pub folder: tempfile::TempDir,
    pub vault_key: String,
    key: KeyPair,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Program {
    /// Serves project `app` with `extra` lines of configuration.
    pub fn start(extra: &str) -> Self {
        Self::start_as(extra, &[])
    }

    /// The same, as the last argument of another program: `["prlimit", "--nofile=256"]`.
    pub fn start_as(extra: &str, wrapper: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate(KeyAlgorithm::Es256).unwrap();
        let vault_key = Vault::generate_key().expose_secret().to_owned();
        let text = format!(
            "listen = \"127.0.0.1:0\"\npublic_url = \"http://localhost:4400\"\n{extra}\n\
             [[projects]]\nid = \"app\"\nname = \"App\"\nallowed_origins = [\"{origin}\"]\n\
             signing_keys = [{{ public_key = \"\"\"{public}\"\"\" }}]\n\
             [projects.azure_devops]\nclient_id = \"id\"\nclient_secret = \"secret\"\n",
            origin = super::ORIGIN,
            public = key.public_pem,
        );
        std::fs::write(folder.path().join("paragon-gateway.toml"), text).unwrap();
        let mut child = spawn(folder.path(), &vault_key, wrapper);
        let log = Arc::<Mutex<String>>::default();
        let (say, heard) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let kept = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(address) = listening(&line) {
                    let _ = say.send(address);
                }
                let mut kept = kept.lock().unwrap();
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let address = heard.recv_timeout(Duration::from_mins(1));
        let Ok(address) = address else {
            panic!("it does not listen: {}", log.lock().unwrap());
        };
        Self {
            child,
            address,
            folder,
            vault_key,
            key,
            log,
            reader: Some(reader),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        stream
    }

    pub fn token(&self, user: &str) -> String {
        let claims = json!({ "sub": user, "exp": 4_000_000_000_i64 });
        mint(
            &self.key.private_pem,
            &serde_json::from_value(claims).unwrap(),
        )
        .unwrap()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it logged up to now.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Stops it, and gives what it logged.
    pub fn stop(mut self) -> String {
        self.child.kill().unwrap();
        self.reader.take().unwrap().join().unwrap();
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(folder: &Path, vault_key: &str, wrapper: &[&str]) -> Child {
    let program = env!("CARGO_BIN_EXE_paragon-gateway");
    let mut words = wrapper.iter().copied().chain([program, "serve"]);
    Command::new(words.next().unwrap())
        .args(words)
        .current_dir(folder)
        .env("PARAGON_VAULT_KEYS", format!("[\"{vault_key}\"]"))
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The address, in text (`listening address=127.0.0.1:4400`) or in JSON.
fn listening(line: &str) -> Option<SocketAddr> {
    if !line.contains("listening") {
        return None;
    }
    let rest = line.split("address=").nth(1);
    let rest = rest.or_else(|| line.split("\"address\":\"").nth(1))?;
    rest.split([' ', '"']).next()?.parse().ok()
}
