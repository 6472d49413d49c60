//! What a site shows and says: one versioned document per site.
