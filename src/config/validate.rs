//! What shows only when the sections are held against each other.

use std::collections::HashMap;

use super::claims::ClaimMap;
use super::identity::{LoginMode, SubjectKind};
use super::keys::{self, KeyState, Scope};
use super::report::{At, Report};
use super::site::{Environment, Site};
use super::{Bind, Config, Purpose};
use crate::domain::Timestamp;

const YEAR: i64 = 365 * 24 * 3600;

pub(super) fn validate(config: &Config, purpose: Purpose, now: Timestamp, report: &mut Report) {
    // What could not be read is missing from `config`; do not complain about its absence too.
    let complete = report.errors.is_empty();
    if complete && config.sites.is_empty() {
        report.refuse(
            &At::default().key("site"),
            "there is no [[site]]; add the WordPress site that this sidecar serves",
        );
    }
    if config.exposed {
        let file = config.file().display();
        let message = format!(
            "everybody can read this file and it holds secrets; run `chmod 600 {file}` or move the secrets to files"
        );
        match purpose {
            Purpose::Serve => report.refuse(&At::default(), message),
            Purpose::Demo => report.warn(&At::default(), message),
        }
    }
    listeners(config, purpose, report);
    let mut site_ids = HashMap::new();
    for site in &config.sites {
        if site_ids.insert(site.id.clone(), ()).is_some() {
            report.refuse(
                &site.at().key("id"),
                "is used by two sites; give each its own",
            );
        }
        environment(site, purpose, report);
        names(site, report);
        logins(site, config, complete, report);
        site_keys(site, complete, now, report);
        if complete && site.sources.is_empty() {
            report.warn(
                &site.at().key("source"),
                "there is no [[site.source]]; the pages of this site will show nothing",
            );
        }
    }
    key_ids(config, report);
    secrets(config, report);
}

fn listeners(config: &Config, purpose: Purpose, report: &mut Report) {
    let at = At::default().key("listeners");
    let api = config.listeners.api.as_listener();
    let mut seen: Vec<(&str, &Bind)> = Vec::new();
    let all = [
        ("api", Some(&api)),
        ("public", config.listeners.public.as_ref()),
        ("hooks", config.listeners.hooks.as_ref()),
        ("ops", config.listeners.ops.as_ref()),
    ];
    for (name, listener) in all {
        let Some(listener) = listener else { continue };
        let place = at.key(name).key("bind");
        if purpose == Purpose::Demo && !listener.bind.is_loopback() {
            report.refuse(&place, "leaves this machine; a demo binds localhost only");
        }
        if let Some((other, _)) = seen.iter().find(|(_, bind)| collide(bind, &listener.bind)) {
            report.refuse(
                &place,
                format!("is the address of listeners.{other} too; give each listener its own"),
            );
        }
        seen.push((name, &listener.bind));
    }
    if let Some(ops) = &config.listeners.ops
        && !ops.bind.is_loopback()
    {
        report.warn(
            &at.key("ops").key("bind"),
            "leaves this machine; health and metrics are meant for it alone",
        );
    }
}

fn collide(one: &Bind, other: &Bind) -> bool {
    let port = |bind: &Bind| match bind {
        Bind::Localhost(port) => Some(*port),
        Bind::Addr(addr) => Some(addr.port()),
        Bind::Unix(_) => None,
    };
    match (one, other) {
        (Bind::Unix(one), Bind::Unix(other)) => one == other,
        (Bind::Addr(one), Bind::Addr(other)) => one == other && one.port() != 0,
        // localhost takes both loopback addresses, and any-address takes all of them.
        (Bind::Localhost(_), Bind::Addr(addr)) | (Bind::Addr(addr), Bind::Localhost(_))
            if !addr.ip().is_loopback() && !addr.ip().is_unspecified() =>
        {
            false
        }
        _ => port(one).is_some_and(|port_one| port_one != 0 && Some(port_one) == port(other)),
    }
}

fn environment(site: &Site, purpose: Purpose, report: &mut Report) {
    let at = site.at().key("environment");
    match (purpose, site.environment) {
        (Purpose::Serve, Environment::Demo) => report.refuse(
            &at,
            "is \"demo\", which only `zijspan demo` runs; set \"acceptatie\" or \"productie\"",
        ),
        (Purpose::Demo, Environment::Acceptatie | Environment::Productie) => report.refuse(
            &at,
            format!(
                "is {:?}, and a demo has made-up logins; set \"demo\" or use `zijspan serve`",
                site.environment.as_str()
            ),
        ),
        _ => {}
    }
    if site.environment != Environment::Productie {
        return;
    }
    for (index, idp) in site.idps.iter().enumerate() {
        let made_up = idp.oidc.as_ref().is_some_and(
            |oidc| matches!(&oidc.claim_map, ClaimMap::Preset(name) if name == "demo"),
        );
        if made_up {
            report.refuse(
                &site
                    .at()
                    .key("idp")
                    .item(index, Some(idp.name.as_str()))
                    .key("claim_map"),
                "is \"demo\", which is how test providers write; name the map of your provider",
            );
        }
        let loopback = idp
            .oidc
            .as_ref()
            .is_some_and(|oidc| oidc.issuer_url.is_loopback());
        if loopback {
            report.refuse(
                &site
                    .at()
                    .key("idp")
                    .item(index, Some(idp.name.as_str()))
                    .key("issuer"),
                "is on this machine, where only test providers are; name the real issuer or set environment to \"acceptatie\"",
            );
        }
    }
}

fn names(site: &Site, report: &mut Report) {
    for (index, source) in site.sources.iter().enumerate() {
        let earlier = site.sources.iter().take(index);
        if earlier.into_iter().any(|other| other.name == source.name) {
            let at = site
                .at()
                .key("source")
                .item(index, Some(source.name.as_str()));
            report.refuse(
                &at.key("name"),
                "is used by two sources of this site; give each its own",
            );
        }
    }
    for (index, idp) in site.idps.iter().enumerate() {
        if site
            .idps
            .iter()
            .take(index)
            .any(|other| other.name == idp.name)
        {
            let at = site.at().key("idp").item(index, Some(idp.name.as_str()));
            report.refuse(
                &at.key("name"),
                "is used by two identity providers of this site; give each its own",
            );
        }
    }
}

fn logins(site: &Site, config: &Config, complete: bool, report: &mut Report) {
    let by_rp = site.idps.iter().any(|idp| idp.mode == LoginMode::Rp);
    if by_rp && site.public_url.is_none() {
        report.refuse(
            &site.at().key("public_url"),
            "is not set, and mode \"rp\" needs an address for the login to come back to; set public_url or use mode \"exchange\"",
        );
    }
    if by_rp && config.listeners.public.is_none() {
        report.refuse(
            &At::default().key("listeners").key("public").key("enabled"),
            format!(
                "is false, and site {} logs in by mode \"rp\", which needs it; set it to true",
                site.id
            ),
        );
    }
    for kind in SubjectKind::ALL {
        let modes = site.login_modes(kind);
        if modes.contains(&LoginMode::Asserted) && modes.len() > 1 {
            report.refuse(
                &site.at().key("idp"),
                format!(
                    "mode \"asserted\" stands beside another mode for {}; WordPress could then claim who was never proven: keep one of them",
                    kind.as_str()
                ),
            );
        }
    }
    let live = |scope| {
        site.keys
            .iter()
            .any(|key| key.state != KeyState::Revoked && key.scopes.contains(&scope))
    };
    let asserted = site.idps.iter().any(|idp| idp.mode == LoginMode::Asserted);
    if complete && asserted && !live(Scope::Assert) {
        report.refuse(
            &site.at().key("key"),
            "mode \"asserted\" needs a key with scope \"assert\"; add the scope to the key of the login",
        );
    }
    if !asserted && live(Scope::Assert) {
        report.warn(
            &site.at().key("key"),
            "a key has scope \"assert\" and no login uses mode \"asserted\"; remove the scope",
        );
    }
    if complete && !live(Scope::Pages) {
        report.refuse(
            &site.at().key("key"),
            "there is no key with scope \"pages\" that is not revoked; make one with `zijspan keys new`",
        );
    }
}

fn site_keys(site: &Site, complete: bool, now: Timestamp, report: &mut Report) {
    let mut usable = false;
    for (index, key) in site.keys.iter().enumerate() {
        let at = keys::place(&site.at(), index, Some(key.request.keyid.as_str()));
        if key.state == KeyState::Revoked {
            continue;
        }
        let ended = key.not_after.is_some_and(|end| end <= now);
        let begun = key.not_before.is_none_or(|start| start <= now);
        usable |= begun && !ended && key.scopes.contains(&Scope::Pages);
        if ended {
            report.warn(&at.key("not_after"), "has passed; remove the key");
        }
        if key
            .not_before
            .is_some_and(|start| start.secs_until(now) > YEAR)
        {
            report.warn(
                &at.key("not_before"),
                "the key is older than a year; make a new one with `zijspan keys new`",
            );
        }
        if key.scopes.contains(&Scope::Pages) && key.scopes.contains(&Scope::Admin) {
            report.warn(
                &at.key("scopes"),
                "\"pages\" and \"admin\" are on one key; two keys keep the policy apart from the pages",
            );
        }
    }
    if complete && !site.keys.is_empty() && !usable {
        report.warn(
            &site.at().key("key"),
            "no key with scope \"pages\" is valid today; every page will be refused",
        );
    }
}

/// A key id is looked up before anything else is known, so it may exist only once.
fn key_ids(config: &Config, report: &mut Report) {
    let mut seen: HashMap<&str, &Site> = HashMap::new();
    for site in &config.sites {
        for (index, key) in site.keys.iter().enumerate() {
            let at = keys::place(&site.at(), index, Some(key.request.keyid.as_str()));
            let shared = site.keys.iter().take(index).any(|other| {
                other.response.keyid == key.response.keyid
                    && other.response.secret.bytes().expose()
                        == key.response.secret.bytes().expose()
            });
            let request = (at.key("request"), key.request.keyid.as_str());
            let response = (at.key("response"), key.response.keyid.as_str());
            let mut ids = vec![request];
            if !shared {
                ids.push(response);
            }
            for (at, keyid) in ids {
                if let Some(other) = seen.insert(keyid, site) {
                    let whose = if other.index == site.index {
                        "twice in this site".to_owned()
                    } else {
                        format!("by site {} too", other.id)
                    };
                    report.refuse(
                        &at.key("keyid"),
                        format!("key id {keyid:?} is used {whose}; give every key its own"),
                    );
                }
            }
        }
    }
}

/// One secret has one purpose: a request cannot be replayed as an answer, nor one site as another.
fn secrets(config: &Config, report: &mut Report) {
    let mut seen: Vec<(&[u8], String)> = Vec::new();
    let mut note = Vec::new();
    for (index, key) in config.server.keys.iter().enumerate() {
        let at = At::default().key("server").key("key").item(index, None);
        note.push((
            at.key("secret"),
            &key.secret,
            format!("server key {}", key.version),
        ));
    }
    for site in &config.sites {
        for (index, key) in site.keys.iter().enumerate() {
            let at = keys::place(&site.at(), index, Some(key.request.keyid.as_str()));
            let name = |keyid: &dyn std::fmt::Display| format!("key {keyid} of site {}", site.id);
            note.push((
                at.key("request").key("secret"),
                &key.request.secret,
                name(&key.request.keyid),
            ));
            note.push((
                at.key("response").key("secret"),
                &key.response.secret,
                name(&key.response.keyid),
            ));
        }
    }
    for (at, secret, what) in note {
        let bytes = secret.bytes().expose();
        match seen.iter().find(|(other, name)| *other == bytes && *name != what) {
            Some((_, other)) => report.refuse(
                &at,
                format!("has the same secret as {other}; every key needs its own, requests and responses too"),
            ),
            None => seen.push((bytes, what)),
        }
    }
}
