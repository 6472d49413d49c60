//! A betrokkene that a rol gives by URL: fetched at the register that the source is configured with, and
//! nowhere else. What cannot be fetched stays a URL, which proves nothing.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::Value;

use super::model;
use crate::domain::zgw::{Betrokkene, Rol};
use crate::upstream::zgw::{Asker, Component, Zgw};

/// Different addresses that are fetched for one answer.
const MAX_FETCHED: usize = 20;

impl Zgw {
    pub(super) async fn fetch_betrokkenen(&self, mut rollen: Vec<Rol>, asker: &Asker) -> Vec<Rol> {
        if !self.has(Component::Betrokkenen) {
            return rollen;
        }
        let mut urls: Vec<String> = rollen
            .iter()
            .filter_map(|rol| match &rol.betrokkene {
                Betrokkene::Url(url) => Some(url.clone()),
                _ => None,
            })
            .collect();
        urls.sort();
        urls.dedup();
        urls.truncate(MAX_FETCHED);
        let fetched: HashMap<String, Betrokkene> = join_all(urls.into_iter().map(|url| async {
            let found = self.fetch_betrokkene(&url, asker).await?;
            Some((url, found))
        }))
        .await
        .into_iter()
        .flatten()
        .collect();
        for rol in &mut rollen {
            if let Betrokkene::Url(url) = &rol.betrokkene
                && let Some(found) = fetched.get(url)
            {
                rol.betrokkene = found.clone();
            }
        }
        rollen
    }

    async fn fetch_betrokkene(&self, url: &str, asker: &Asker) -> Option<Betrokkene> {
        let path = self.urls().betrokkene_path(url)?;
        let ask = self.ask("betrokkene.get", Component::Betrokkenen, &path, &[], asker);
        // A failure is logged where it happens; the rol then proves nothing.
        let read = |zgw: &Self, value: &Value| Ok(model::fetched_betrokkene(zgw.object(value)));
        Arc::unwrap_or_clone(self.get(ask, read).await.ok()?)
    }
}
