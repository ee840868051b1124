-- Grants: how each came to be, when it was used last, changed, and why it was taken back.
ALTER TABLE grants
  ADD COLUMN origin text NOT NULL DEFAULT 'grant',
  ADD COLUMN last_used_at timestamptz(3),
  ADD COLUMN changed_at timestamptz(3),
  ADD COLUMN revoked_by text,
  ADD COLUMN revoke_reason text;
CREATE INDEX grants_created_at_idx ON grants (created_at);

-- Requests for access. The grant that one becomes has the request's id.
CREATE TABLE access_requests (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  state text NOT NULL,
  user_id uuid NOT NULL,
  person text NOT NULL,
  role_id uuid NOT NULL,
  role_name text NOT NULL,
  cluster_id uuid,
  cluster_name text,
  project_id uuid,
  project_name text,
  namespaces text[] NOT NULL DEFAULT '{}',
  duration_seconds integer NOT NULL,
  reason text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  answer_by timestamptz(3) NOT NULL,
  decided_at timestamptz(3),
  decided_by text,
  word text
);
CREATE INDEX access_requests_user_id_created_at_idx ON access_requests (user_id, created_at);
CREATE INDEX access_requests_state_answer_by_idx ON access_requests (state, answer_by);
CREATE INDEX access_requests_created_at_idx ON access_requests (created_at);

-- Who is told of requests: where to, and what is still to be sent.
CREATE TABLE webhooks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE,
  url text NOT NULL,
  secret bytea NOT NULL,
  types text[] NOT NULL DEFAULT '{}',
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  last_at timestamptz(3),
  last_type text,
  last_status integer,
  last_error text,
  dropped integer NOT NULL DEFAULT 0
);

CREATE TABLE webhook_deliveries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  webhook_id uuid NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  type text NOT NULL,
  body text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  not_before timestamptz(3) NOT NULL DEFAULT now(),
  lease_until timestamptz(3)
);
CREATE INDEX webhook_deliveries_not_before_idx ON webhook_deliveries (not_before);
CREATE INDEX webhook_deliveries_webhook_id_idx ON webhook_deliveries (webhook_id);

-- By which grant a call was allowed, and how that grant came to be.
ALTER TABLE kube_request
  ADD COLUMN grant_id uuid,
  ADD COLUMN grant_origin_id int;
