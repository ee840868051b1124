-- Break-glass that lasts is asked for on every page; there is little of it among many grants.
CREATE INDEX grants_break_glass_idx ON grants (expires_at) WHERE origin = 'break_glass' AND revoked_at IS NULL;
