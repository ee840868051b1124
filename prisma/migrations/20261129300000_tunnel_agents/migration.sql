CREATE TABLE tunnel_authorities (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  certificate text NOT NULL,
  key bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  ends_at timestamptz(3) NOT NULL
);

CREATE TABLE tunnel_agents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  cluster_id uuid NOT NULL REFERENCES clusters (id) ON DELETE CASCADE ON UPDATE CASCADE,
  name text NOT NULL,
  tags text[] NOT NULL DEFAULT '{}',
  tags_kept boolean NOT NULL DEFAULT false,
  version text,
  address text,
  joined_at timestamptz(3) NOT NULL DEFAULT now(),
  joined_by text,
  fingerprint text NOT NULL,
  serial text NOT NULL,
  certificate_ends_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  revoked_by text,
  revoke_reason text,
  last_seen_at timestamptz(3),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  events_since timestamptz(3),
  events int NOT NULL DEFAULT 0,
  events_left_out int NOT NULL DEFAULT 0
);
CREATE INDEX tunnel_agents_cluster_id_idx ON tunnel_agents (cluster_id);
CREATE UNIQUE INDEX tunnel_agents_name_key ON tunnel_agents (cluster_id, name) WHERE revoked_at IS NULL;

CREATE TABLE tunnel_join_tokens (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  cluster_id uuid NOT NULL REFERENCES clusters (id) ON DELETE CASCADE ON UPDATE CASCADE,
  token_hash bytea NOT NULL,
  created_by text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  agent_id uuid REFERENCES tunnel_agents (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX tunnel_join_tokens_token_hash_key ON tunnel_join_tokens (token_hash);
CREATE INDEX tunnel_join_tokens_cluster_id_idx ON tunnel_join_tokens (cluster_id);
CREATE INDEX tunnel_join_tokens_agent_id_idx ON tunnel_join_tokens (agent_id);

CREATE TABLE tunnel_connections (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid NOT NULL REFERENCES tunnel_agents (id) ON DELETE CASCADE ON UPDATE CASCADE,
  instance text NOT NULL,
  hub text NOT NULL,
  process text NOT NULL,
  address text,
  version text,
  since timestamptz(3) NOT NULL DEFAULT now(),
  seen_at timestamptz(3) NOT NULL DEFAULT now(),
  until timestamptz(3),
  ending text,
  calls bigint NOT NULL DEFAULT 0,
  bytes_in bigint NOT NULL DEFAULT 0,
  bytes_out bigint NOT NULL DEFAULT 0
);
CREATE INDEX tunnel_connections_agent_id_since_idx ON tunnel_connections (agent_id, since);
CREATE INDEX tunnel_connections_open_idx ON tunnel_connections (agent_id) WHERE until IS NULL;

CREATE TABLE tunnel_used_proofs (
  id text PRIMARY KEY,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX tunnel_used_proofs_expires_at_idx ON tunnel_used_proofs (expires_at);
