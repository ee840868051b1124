-- Who is told when something is on the record.
CREATE TABLE alert_channels (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE,
  kind text NOT NULL,
  settings jsonb NOT NULL,
  secret bytea,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_at timestamptz(3),
  last_error text,
  dropped int NOT NULL DEFAULT 0
);

CREATE TABLE alerts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE,
  surface text NOT NULL,
  filter text NOT NULL,
  time_zone text NOT NULL,
  more_than int NOT NULL,
  within_ms bigint NOT NULL,
  again_after_ms bigint NOT NULL,
  quiet jsonb,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  created_by text,
  problem text,
  fired_at timestamptz(3),
  held_matches int NOT NULL DEFAULT 0,
  held_from timestamptz(3),
  held_to timestamptz(3)
);

CREATE TABLE alert_channels_of_alerts (
  alert_id uuid NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  channel_id uuid NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
  PRIMARY KEY (alert_id, channel_id)
);
CREATE INDEX alert_channels_of_alerts_channel_id_idx ON alert_channels_of_alerts (channel_id);

CREATE TABLE alert_counts (
  alert_id uuid NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  at timestamptz(3) NOT NULL,
  matches int NOT NULL,
  PRIMARY KEY (alert_id, at)
);

CREATE TABLE alert_firings (
  id uuid PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  at timestamptz(3) NOT NULL DEFAULT now(),
  matches int NOT NULL,
  from_at timestamptz(3) NOT NULL,
  to_at timestamptz(3) NOT NULL,
  filter text NOT NULL,
  quiet boolean NOT NULL DEFAULT false,
  told_at timestamptz(3)
);
CREATE INDEX alert_firings_alert_id_at_idx ON alert_firings (alert_id, at);
CREATE INDEX alert_firings_untold_idx ON alert_firings (alert_id) WHERE told_at IS NULL;

CREATE TABLE alert_deliveries (
  id uuid PRIMARY KEY,
  channel_id uuid NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
  alert_id uuid NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  message jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  attempts int NOT NULL DEFAULT 0,
  not_before timestamptz(3) NOT NULL DEFAULT now(),
  lease_until timestamptz(3)
);
CREATE INDEX alert_deliveries_not_before_idx ON alert_deliveries (not_before);
CREATE INDEX alert_deliveries_channel_id_idx ON alert_deliveries (channel_id);
