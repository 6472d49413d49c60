//! `zijspan keys`: new keys, ready to paste, and the list of those in use.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{ConfigFile, EXIT_REFUSED, Outcome, print, say};
use crate::config::{self, Config, KEY_BYTES, SiteKey, fingerprint};
use crate::domain::{Clock, SiteId, Timestamp, today_in_nl};

/// A fresh secret: how it is written, and its fingerprint.
struct Fresh {
    text: Zeroizing<String>,
    fingerprint: String,
}

fn fresh() -> anyhow::Result<Fresh> {
    let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
    SystemRandom::new()
        .fill(bytes.as_mut_slice())
        .ok()
        .context("the system gives no random bytes")?;
    Ok(Fresh {
        text: Zeroizing::new(STANDARD.encode(bytes.as_slice())),
        fingerprint: fingerprint(bytes.as_slice()),
    })
}

pub fn new(site: Option<&str>) -> Outcome {
    let today = today_in_nl(Clock::system().now()).to_string();
    let text = match site {
        None => server_key(&today)?,
        Some(id) => match SiteId::parse(id) {
            Ok(site) => site_keys(&site, &today)?,
            Err(error) => {
                say(&format!("zijspan: {error}"));
                return Ok(ExitCode::from(EXIT_REFUSED));
            }
        },
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn server_key(today: &str) -> anyhow::Result<Zeroizing<String>> {
    let key = fresh()?;
    Ok(Zeroizing::new(format!(
        "# Server key made on {today}, fingerprint {}. For the sidecar only.\n\
         [[server.key]]\n\
         version = 1            # a number that no other server key has\n\
         state = \"current\"\n\
         secret = \"{}\"\n",
        key.fingerprint, *key.text
    )))
}

fn site_keys(site: &SiteId, today: &str) -> anyhow::Result<Zeroizing<String>> {
    let (request, response) = (fresh()?, fresh()?);
    // Two pairs made on one day must differ too.
    let tag: String = request.fingerprint.chars().take(6).collect();
    let short: String = site.as_str().chars().take(40).collect();
    let keyid = format!("{short}-{tag}");
    let response_keyid = format!("{short}-response-{tag}");
    let mut out = Zeroizing::new(String::with_capacity(2048));
    write!(
        out,
        "# Into the sidecar's configuration, below [[site]] {site}:\n\
         [[site.key]]\n\
         state = \"current\"\n\
         scopes = [\"pages\"]\n\
         not_before = \"{today}\"\n\
         [site.key.request]      # fingerprint {}\n\
         keyid = \"{keyid}\"\n\
         secret = \"{}\"\n\
         [site.key.response]     # fingerprint {}\n\
         keyid = \"{response_keyid}\"\n\
         secret = \"{}\"\n\n\
         // Into wp-config.php of the site, above \"That's all, stop editing!\":\n\
         define( 'ZIJSPAN_REQUEST_KEYID', '{keyid}' );\n\
         define( 'ZIJSPAN_REQUEST_SECRET', '{}' );\n\
         define( 'ZIJSPAN_RESPONSE_KEYID', '{response_keyid}' );\n\
         define( 'ZIJSPAN_RESPONSE_SECRET', '{}' );\n",
        request.fingerprint,
        *request.text,
        response.fingerprint,
        *response.text,
        *request.text,
        *response.text,
    )?;
    Ok(out)
}

/// Lists what is in the file, also when the file would not start.
pub fn list(file: &ConfigFile) -> Outcome {
    let config = match config::load(&file.path) {
        Ok(config) => config,
        Err(errors) => {
            say(&errors.to_string());
            return Ok(ExitCode::from(EXIT_REFUSED));
        }
    };
    print(&table(&config, Clock::system().now()))?;
    Ok(ExitCode::SUCCESS)
}

fn table(config: &Config, now: Timestamp) -> String {
    let mut rows =
        vec![["SITE", "KEYID", "SCOPES", "STATE", "FINGERPRINT", "AGE"].map(String::from)];
    for key in &config.server.keys {
        rows.push([
            "(server)".to_owned(),
            format!("version {}", key.version),
            String::new(),
            format!("{:?}", key.state).to_lowercase(),
            key.secret.fingerprint(),
            String::new(),
        ]);
    }
    for site in &config.sites {
        for key in &site.keys {
            let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
            let sides = [
                (&key.request, scopes.join(",")),
                (&key.response, "(response)".to_owned()),
            ];
            for (side, scopes) in sides {
                rows.push([
                    site.id.to_string(),
                    side.keyid.to_string(),
                    scopes,
                    key.state.as_str().to_owned(),
                    side.secret.fingerprint(),
                    age(key, now),
                ]);
            }
        }
    }
    columns(&rows)
}

/// Days since the key became valid; empty when the file does not say.
fn age(key: &SiteKey, now: Timestamp) -> String {
    key.not_before
        .map(|from| format!("{} days", from.secs_until(now) / 86_400))
        .unwrap_or_default()
}

fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0_usize; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(widths);
        let line: String = cells
            .map(|(cell, width)| format!("{cell:width$}  "))
            .collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
