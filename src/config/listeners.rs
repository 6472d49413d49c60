//! `[listeners]`: the four sockets, separate so that a municipality can put them in zones.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::report::{At, Report};
use super::secret::{Text, world_readable};
use super::words::filled;

#[derive(Debug, Clone, Serialize)]
pub struct Listeners {
    /// Signed calls from WordPress, and nothing else.
    pub api: ApiListener,
    /// Browsers: login callback, tickets. `None` when switched off.
    pub public: Option<Listener>,
    /// Webhooks of upstreams. `None` when switched off.
    pub hooks: Option<Listener>,
    /// Health, readiness, metrics. `None` when switched off.
    pub ops: Option<Listener>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Listener {
    pub bind: Bind,
    pub tls: Tls,
}

#[derive(Debug, Clone, Serialize)]
pub struct ApiListener {
    pub bind: Bind,
    pub tls: Tls,
    /// The `Host` values, in lower case, that a signature's `@authority` may name.
    pub authorities: Vec<String>,
}

impl ApiListener {
    pub fn as_listener(&self) -> Listener {
        Listener {
            bind: self.bind.clone(),
            tls: self.tls.clone(),
        }
    }
}

/// Where a listener listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bind {
    /// 127.0.0.1 and, where present, ::1.
    Localhost(u16),
    Addr(SocketAddr),
    Unix(PathBuf),
}

impl Bind {
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Self::Unix(path.into()));
        }
        if let Some(port) = text.strip_prefix("localhost:") {
            return port.parse().ok().map(Self::Localhost);
        }
        text.parse().ok().map(Self::Addr)
    }

    /// Only processes of this machine reach it.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Localhost(_) | Self::Unix(_) => true,
            Self::Addr(addr) => addr.ip().is_loopback(),
        }
    }

    /// What clients write into `Host` when they call this address; empty for "any address".
    fn authorities(&self) -> Vec<String> {
        match self {
            Self::Unix(_) => vec!["localhost".to_owned()],
            Self::Localhost(port) => ["localhost", "127.0.0.1", "[::1]"]
                .map(|host| format!("{host}:{port}"))
                .to_vec(),
            Self::Addr(addr) if addr.ip().is_unspecified() => Vec::new(),
            Self::Addr(addr) => vec![addr.to_string()],
        }
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Localhost(port) => write!(f, "localhost:{port}"),
            Self::Addr(addr) => write!(f, "{addr}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Serialize for Bind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Plain HTTP on this machine.
    Off,
    /// Plain HTTP behind a proxy that ends TLS, declared by the administrator.
    Terminated,
    /// TLS by the sidecar itself, from PEM files.
    Files { cert: PathBuf, key: PathBuf },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListeners {
    api: RawApi,
    public: RawListener,
    hooks: RawListener,
    ops: RawListener,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawApi {
    bind: String,
    tls: String,
    tls_cert_file: Option<Text>,
    tls_key_file: Option<Text>,
    authorities: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawListener {
    enabled: bool,
    bind: String,
    tls: String,
    tls_cert_file: Option<Text>,
    tls_key_file: Option<Text>,
}

impl RawListeners {
    pub fn build(self, at: &At, base: &Path, report: &mut Report) -> Option<Listeners> {
        let api = self.api.build(&at.key("api"), base, report);
        let public = self.public.build(&at.key("public"), base, report);
        let hooks = self.hooks.build(&at.key("hooks"), base, report);
        let ops = self.ops.build(&at.key("ops"), base, report);
        Some(Listeners {
            api: api?,
            public: public?,
            hooks: hooks?,
            ops: ops?,
        })
    }
}

impl RawApi {
    fn build(self, at: &At, base: &Path, report: &mut Report) -> Option<ApiListener> {
        let place = at.key("authorities");
        let mut authorities = Vec::new();
        for authority in &self.authorities {
            match authority_of(authority) {
                Some(authority) => authorities.push(authority),
                None => report.refuse(
                    &place,
                    format!("{authority:?} is not a host name with an optional port; write each one out, without * or scheme"),
                ),
            }
        }
        let listener = RawListener {
            enabled: true,
            bind: self.bind,
            tls: self.tls,
            tls_cert_file: self.tls_cert_file,
            tls_key_file: self.tls_key_file,
        }
        .build(at, base, report)??;
        if self.authorities.is_empty() {
            authorities = listener.bind.authorities();
            if authorities.is_empty() {
                report.refuse(
                    &place,
                    "is not set, and bind names every address; list the host names with port that WordPress calls",
                );
            }
        }
        Some(ApiListener {
            bind: listener.bind,
            tls: listener.tls,
            authorities,
        })
    }
}

impl RawListener {
    /// `None` when it is wrong, `Some(None)` when it is switched off.
    #[expect(
        clippy::option_option,
        reason = "wrong and switched off are two things"
    )]
    fn build(self, at: &At, base: &Path, report: &mut Report) -> Option<Option<Listener>> {
        if !self.enabled {
            return Some(None);
        }
        let bind = Bind::parse(self.bind.trim());
        if bind.is_none() {
            report.refuse(
                &at.key("bind"),
                "must be localhost:PORT, an IP address with a port, or unix:/path",
            );
        }
        let tls = self.tls(at, base, report);
        let (bind, tls) = (bind?, tls?);
        if tls == Tls::Off && !bind.is_loopback() {
            report.refuse(
                at,
                format!("plain HTTP on {bind} leaves this machine; bind localhost, set tls_cert_file and tls_key_file, or declare tls = \"terminated\" when a proxy in front ends TLS"),
            );
        }
        Some(Some(Listener { bind, tls }))
    }

    fn tls(&self, at: &At, base: &Path, report: &mut Report) -> Option<Tls> {
        let cert = filled(self.tls_cert_file.as_ref());
        let key = filled(self.tls_key_file.as_ref());
        let declared = match self.tls.as_str() {
            "off" => Tls::Off,
            "terminated" => Tls::Terminated,
            _ => {
                report.refuse(&at.key("tls"), "must be \"off\" or \"terminated\"");
                return None;
            }
        };
        match (cert, key) {
            (None, None) => Some(declared),
            (Some(cert), Some(key)) if declared == Tls::Off => {
                let (cert, key) = (base.join(cert), base.join(key));
                for (name, path) in [("tls_cert_file", &cert), ("tls_key_file", &key)] {
                    if !path.is_file() {
                        report.refuse(
                            &at.key(name),
                            format!("there is no file {}; correct the path", path.display()),
                        );
                    }
                }
                if world_readable(&key) {
                    let shown = key.display();
                    report.refuse(
                        &at.key("tls_key_file"),
                        format!("everybody can read {shown}; run `chmod 600 {shown}`"),
                    );
                }
                Some(Tls::Files { cert, key })
            }
            (Some(_), Some(_)) => {
                report.refuse(
                    &at.key("tls"),
                    "is \"terminated\" beside tls_cert_file and tls_key_file; keep one of the two",
                );
                None
            }
            (Some(_), None) => {
                report.refuse(
                    &at.key("tls_key_file"),
                    "is not set; tls_cert_file needs it",
                );
                None
            }
            (None, Some(_)) => {
                report.refuse(
                    &at.key("tls_cert_file"),
                    "is not set; tls_key_file needs it",
                );
                None
            }
        }
    }
}

/// A `Host` value in lower case: a name or an address, with a port where it is not the default one.
fn authority_of(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let url = url::Url::parse(&format!("zijspan://{text}")).ok()?;
    let plain = url.host_str().is_some_and(|host| !host.contains('*'))
        && url.username().is_empty()
        && url.password().is_none()
        && url.path().is_empty()
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bind_knows_whether_it_leaves_the_machine() {
        for inside in [
            "localhost:8480",
            "127.0.0.1:0",
            "[::1]:8480",
            "unix:/run/z.sock",
        ] {
            assert!(Bind::parse(inside).unwrap().is_loopback(), "{inside}");
            assert_eq!(Bind::parse(inside).unwrap().to_string(), inside);
        }
        for outside in ["0.0.0.0:8480", "[::]:8480", "10.0.0.1:80"] {
            assert!(!Bind::parse(outside).unwrap().is_loopback(), "{outside}");
        }
        for bad in [
            "8480",
            "localhost",
            "sidecar:8480",
            "unix:z.sock",
            "localhost:99999",
        ] {
            assert!(Bind::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn an_authority_is_a_host_and_a_port() {
        assert_eq!(
            authority_of("Sidecar.Example:8480").as_deref(),
            Some("sidecar.example:8480")
        );
        assert_eq!(authority_of("[::1]:8480").as_deref(), Some("[::1]:8480"));
        for bad in ["*", "*.example.nl", "https://a.nl", "a.nl/x", "u@a.nl", ""] {
            assert!(authority_of(bad).is_none(), "{bad}");
        }
    }
}
