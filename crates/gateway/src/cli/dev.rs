//! `paragon-gateway dev`: gateway, demo app and simulated Microsoft on this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use clap::Args;
use url::Url;

use super::dev_keys::{self, DevKeys};
use super::{logging, server};
use crate::clock::Clock;
use crate::config::{self, AzureDevopsConfig, Config, KeyConfig, LogFormat, ProjectConfig};
use crate::demo::{self, DemoBackend, PROJECT};
use crate::http::host;
use crate::http::router::router;
use crate::jobs::background;
use crate::limits::LimitsConfig;
use crate::operators::Role;
use crate::operators::service::{Change, OperatorError};
use crate::projects::DevelopmentKeys;
use crate::serving::Workers;
use crate::state::App;
use crate::store::keep_private;
use crate::{operators, runs};
use paragon_sandbox::{self as sandbox, Sandbox, SandboxConfig};

/// Operator of the dashboard in `dev`.
const OPERATOR: &str = "operator@harbor-desk.example";

/// Arguments of `dev`.
#[derive(Debug, Args)]
pub(super) struct Dev {
    /// Port of the gateway and the demo app; the Microsoft simulator uses the next one.
    #[arg(long, default_value_t = 4400, value_parser = clap::value_parser!(u16).range(1024..=65534))]
    port: u16,
    /// Folder for keys and database.
    #[arg(long, default_value = "paragon-data")]
    data: PathBuf,
    /// Log filter, such as `info` or `paragon_gateway=debug`.
    #[arg(long, env = "PARAGON_LOG", default_value = "warn")]
    log: String,
    /// Lifetime of simulated access tokens, in seconds.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86400))]
    token_life: u64,
    /// Page of an app that receives authorization codes itself, for `completeInstall`; repeatable.
    #[arg(long)]
    redirect_url: Vec<String>,
    /// Workflow definition to deploy; repeatable.
    #[arg(long)]
    workflow: Vec<PathBuf>,
}

impl Dev {
    /// Serves until told to stop.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        logging::start(&self.log, LogFormat::Text)?;
        // Both ports first: nothing is written when one is taken.
        let gateway = server::listen(local(self.port), "--port").await?;
        let simulator = server::listen(local(self.port + 1), "--port").await?;
        let keys = DevKeys::read_or_make(&self.data)?;
        let config = self.config(&keys)?;
        let checked = config::check(&config, true)?;
        let connections = checked.connections.clone();
        let sandbox = self.sandbox()?;
        let demo = DemoBackend {
            private_key_pem: keys.signing.private_pem,
        };
        keep_private(&config.workflow_database())?;
        let app = App::start(&config, checked, Clock::system(), Some(demo)).await?;
        runs::run_workflows(&app, &config.workflow_database()).await?;
        background::begin(&app);
        let own = Url::parse(&self.simulator_url())?;
        let simulated = sandbox.router().layer(from_fn(move |request, next| {
            local_names_only(own.clone(), request, next)
        }));
        let limits = connections.clone();
        let simulating = tokio::spawn(async move {
            server::serve(simulator, simulated, limits, &Workers::here()).await;
        });
        self.add_operator(&app).await?;
        println!("simulated Microsoft: {}", self.simulator_url());
        println!("demo: {}", config.public_url);
        let routes = router(app.clone());
        server::serve(gateway, routes, connections, &Workers::here()).await;
        simulating.await.context("the simulator failed")?;
        server::close(&app).await;
        Ok(())
    }

    /// The demo's operator; one that is there keeps the password that it has.
    async fn add_operator(&self, app: &App) -> anyhow::Result<()> {
        let password = dev_keys::operator_password(&self.data)?;
        let change = Change {
            actor: "command line",
            at: app.clock.now(),
            keeps_admin: false,
        };
        match operators::service::add(&app.store, change, OPERATOR, Role::Admin, &password).await {
            Ok(_) | Err(OperatorError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let file = self.data.join(dev_keys::OPERATOR_PASSWORD);
        println!(
            "dashboard: http://localhost:{}/dashboard (sign in as {OPERATOR} with the password in {})",
            self.port,
            file.display()
        );
        Ok(())
    }

    fn simulator_url(&self) -> String {
        format!("http://localhost:{}", self.port + 1)
    }

    fn config(&self, keys: &DevKeys) -> anyhow::Result<Config> {
        let project = ProjectConfig {
            id: PROJECT.into(),
            name: "Harbor Desk".into(),
            allowed_origins: Vec::new(),
            audience: None,
            reference_client: true,
            signing_keys: vec![KeyConfig {
                kid: None,
                public_key: Some(keys.signing.public_pem.clone()),
                public_key_file: None,
            }],
            jwks_url: None,
            azure_devops: AzureDevopsConfig {
                redirect_urls: self.redirect_url.clone(),
                ..AzureDevopsConfig::default()
            },
            settings: demo::settings(),
            workflows: demo::workflows()?,
            workflow_files: self.workflow.clone(),
            secrets: std::collections::BTreeMap::new(),
        };
        Ok(Config {
            listen: local(self.port).to_string(),
            public_url: format!("http://localhost:{}", self.port),
            database: format!("sqlite:{}", database_path(&self.data)?),
            vault_keys: vec![keys.vault.clone()],
            entra_authority: format!("{}/login.microsoftonline.com", self.simulator_url()),
            azure_devops_simulator: Some(self.simulator_url()),
            // Whoever develops tries things out at any speed; accounts and all else are their own.
            limits: LimitsConfig::NONE,
            development_keys: Some(DevelopmentKeys {
                client_id: sandbox::DEV_CLIENT_ID.into(),
                client_secret: sandbox::DEV_CLIENT_SECRET.to_owned().into(),
            }),
            projects: vec![project],
            ..Config::default()
        })
    }

    fn sandbox(&self) -> anyhow::Result<Sandbox> {
        let mut config = SandboxConfig::new(Url::parse(&self.simulator_url())?);
        config.access_token_lifetime = Duration::from_secs(self.token_life);
        let own = format!("http://localhost:{}/oauth", self.port);
        let redirect_uris: Vec<_> = std::iter::once(own)
            .chain(self.redirect_url.iter().cloned())
            .collect();
        let apps = [sandbox::App::development(), sandbox::App::practice()];
        config.apps = apps
            .map(|app| sandbox::App {
                redirect_uris: redirect_uris.clone(),
                ..app
            })
            .into();
        Ok(Sandbox::new(config))
    }
}

/// The simulator's pages sign anybody in: pages of other names must not reach it.
async fn local_names_only(own: Url, request: Request, next: Next) -> Response {
    if host::is_local(&request, &own) {
        return next.run(request).await;
    }
    host::misdirected()
}

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn database_path(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join("gateway.sqlite");
    path.to_str()
        .map(str::to_owned)
        .with_context(|| format!("the folder `{}` is not UTF-8", folder.display()))
}
