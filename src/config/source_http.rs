//! How a source is spoken to: places and the queue before them, second attempts, the breaker, TLS.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};

use super::report::{At, Report};
use super::secret::{Given, Text};
use super::words::{count, filled, millis, show_millis, within};
use crate::domain::SecretBytes;

/// A bundle of authorities fits; a mistaken path does not.
const MAX_PEM: u64 = 1024 * 1024;

#[derive(Debug, Clone, Serialize)]
pub struct SourceHttp {
    /// Calls that wait for a place; a further one is refused at once.
    pub max_waiting: usize,
    /// Attempts after the first one that failed.
    pub retries: u32,
    pub breaker: SourceBreaker,
    pub tls: SourceTls,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct SourceBreaker {
    /// Faults in a row after which the source is skipped for a while.
    pub faults: u32,
    #[serde(rename = "open_ms", serialize_with = "show_millis")]
    pub open: Duration,
    #[serde(rename = "max_open_ms", serialize_with = "show_millis")]
    pub max_open: Duration,
}

/// Without anything: the trust store of the machine, and no certificate of our own.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SourceTls {
    #[serde(rename = "ca_file")]
    pub ca: Option<Pem>,
    #[serde(rename = "cert_file")]
    pub identity: Option<Identity>,
}

/// Certificates, which may be read by everybody.
#[derive(Debug, Clone)]
pub struct Pem {
    pub file: PathBuf,
    pub bytes: Arc<[u8]>,
}

/// Our certificate with its chain and its key.
#[derive(Debug, Clone)]
pub struct Identity {
    pub file: PathBuf,
    pub pem: SecretBytes,
}

impl Serialize for Pem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.file.display())
    }
}

impl Serialize for Identity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.file.display())
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBreaker {
    faults: u64,
    open_ms: u64,
    max_open_ms: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTls {
    ca_file: Option<Text>,
    cert_file: Option<Text>,
    key_file: Option<Text>,
}

/// What stands at a source about this; `at` is the source.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawHttp<'a> {
    pub max_concurrent: usize,
    pub max_waiting: Option<u64>,
    pub retries: u64,
    pub breaker: RawBreaker,
    pub tls: &'a RawTls,
}

impl RawHttp<'_> {
    pub fn build(self, at: &At, base: &Path, report: &mut Report) -> Option<SourceHttp> {
        let max_waiting = match self.max_waiting {
            Some(given) => count(report, &at.key("max_waiting"), given, 0, 100_000),
            None => self.max_concurrent.saturating_mul(2),
        };
        let retries = within(report, &at.key("retries"), self.retries, 0, 2);
        let breaker = self.breaker.build(&at.key("breaker"), report);
        let tls = self.tls.build(&at.key("tls"), base, report)?;
        Some(SourceHttp {
            max_waiting,
            retries: u32::try_from(retries).unwrap_or(0),
            breaker,
            tls,
        })
    }
}

impl RawBreaker {
    fn build(self, at: &At, report: &mut Report) -> SourceBreaker {
        let faults = within(report, &at.key("faults"), self.faults, 1, 1000);
        let open = millis(report, &at.key("open_ms"), self.open_ms, 10, 600_000);
        let max_open = millis(
            report,
            &at.key("max_open_ms"),
            self.max_open_ms,
            10,
            600_000,
        );
        if open > max_open {
            report.refuse(
                &at.key("open_ms"),
                format!(
                    "is {} and max_open_ms is {}; lower open_ms or raise max_open_ms",
                    open.as_millis(),
                    max_open.as_millis()
                ),
            );
        }
        SourceBreaker {
            faults: u32::try_from(faults).unwrap_or(u32::MAX),
            open,
            max_open,
        }
    }
}

impl RawTls {
    pub(super) fn build(&self, at: &At, base: &Path, report: &mut Report) -> Option<SourceTls> {
        let ca = filled(self.ca_file.as_ref()).map(|file| authorities(at, base, &file, report));
        let identity = match (
            filled(self.cert_file.as_ref()),
            filled(self.key_file.as_ref()),
        ) {
            (None, None) => None,
            (Some(cert), Some(key)) => Some(identity(at, base, &cert, &key, report)),
            (Some(_), None) => {
                report.refuse(&at.key("key_file"), "is not set; cert_file needs it");
                return None;
            }
            (None, Some(_)) => {
                report.refuse(&at.key("cert_file"), "is not set; key_file needs it");
                return None;
            }
        };
        // Absent is fine, given and wrong is not.
        Some(SourceTls {
            ca: ca.map_or(Some(None), |ca| ca.map(Some))?,
            identity: identity.map_or(Some(None), |identity| identity.map(Some))?,
        })
    }
}

fn authorities(at: &At, base: &Path, file: &str, report: &mut Report) -> Option<Pem> {
    let at = at.key("ca_file");
    let (file, bytes) = read(&at, base, file, report)?;
    let mut roots = rustls::RootCertStore::empty();
    let usable = certificates(&bytes)
        .filter(|chain| !chain.is_empty())
        .is_some_and(|chain| chain.into_iter().all(|root| roots.add(root).is_ok()));
    if !usable {
        report.refuse(
            &at,
            format!(
                "{} does not hold certificates in PEM; put there the authorities that this source may have its certificate from",
                file.display()
            ),
        );
        return None;
    }
    Some(Pem {
        file,
        bytes: bytes.into(),
    })
}

fn identity(at: &At, base: &Path, cert: &str, key: &str, report: &mut Report) -> Option<Identity> {
    let read_cert = read(&at.key("cert_file"), base, cert, report);
    let given = Given {
        inline: None,
        file: Some(key),
        name: "key",
    };
    let key = given.text(at, base, report);
    let (file, bytes) = read_cert?;
    let key = key?;
    let Some(chain) = certificates(&bytes).filter(|chain| !chain.is_empty()) else {
        report.refuse(
            &at.key("cert_file"),
            format!(
                "{} does not hold a certificate in PEM; put there ours, with the chain behind it",
                file.display()
            ),
        );
        return None;
    };
    let Ok(private) = PrivateKeyDer::from_pem_slice(key.bytes().expose()) else {
        report.refuse(
            &at.key("key_file"),
            "does not hold a private key in PEM; one that is locked with a password cannot be used",
        );
        return None;
    };
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    if CertifiedKey::from_der(chain, private, &provider).is_err() {
        report.refuse(
            &at.key("key_file"),
            "is not the key of the certificate in cert_file; put the pair there that belongs together",
        );
        return None;
    }
    let mut pem = key.bytes().expose().to_vec();
    pem.push(b'\n');
    pem.extend_from_slice(&bytes);
    Some(Identity {
        file,
        pem: SecretBytes::new(pem),
    })
}

fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .ok()
}

fn read(at: &At, base: &Path, file: &str, report: &mut Report) -> Option<(PathBuf, Vec<u8>)> {
    let path = base.join(file);
    let shown = path.display();
    let content = std::fs::metadata(&path).and_then(|meta| {
        if meta.len() > MAX_PEM {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        std::fs::read(&path)
    });
    match content {
        Ok(bytes) => Some((path, bytes)),
        Err(error) => {
            report.refuse(
                at,
                format!("cannot read {shown} ({}); correct the path", error.kind()),
            );
            None
        }
    }
}
