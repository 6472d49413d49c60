//! What the configuration says of one register.

use std::time::Duration;

use zijspan::domain::{BaseUrl, SourceName};
use zijspan::upstream::http::ClientSettings;
use zijspan::upstream::http::auth::AuthSettings;

#[derive(Debug, Clone)]
pub struct ParkerenSettings {
    pub name: SourceName,
    pub base_url: BaseUrl,
    pub auth: AuthSettings,
    /// Most pages of one list that are read.
    pub max_pages: u32,
    /// How long an answer may be used again within the session that asked.
    pub fresh: Duration,
    pub http: ClientSettings,
}
