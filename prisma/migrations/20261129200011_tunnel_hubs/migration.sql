-- The replicas that take agents' connections: an agent holds one to each.
CREATE TABLE tunnel_hubs (
  id uuid PRIMARY KEY,
  seen_at timestamptz(3) NOT NULL DEFAULT now()
);
