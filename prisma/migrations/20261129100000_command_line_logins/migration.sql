-- Logins of the command line: who may refresh, and what was asked for and not yet answered or redeemed.
CREATE TABLE command_line_logins (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name text NOT NULL,
  flow text NOT NULL,
  family_hash bytea NOT NULL UNIQUE,
  token_hash bytea NOT NULL,
  previous_hash bytea,
  rotated_at timestamptz(3),
  session_id uuid,
  second_factor_at timestamptz(3),
  scopes text[] NOT NULL DEFAULT ARRAY['*'],
  user_agent text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  created_from text,
  expires_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(3) NOT NULL DEFAULT now(),
  last_used_from text,
  ended_at timestamptz(3)
);
CREATE INDEX command_line_logins_user_id_idx ON command_line_logins (user_id);
CREATE INDEX command_line_logins_session_id_idx ON command_line_logins (session_id);

ALTER TABLE access_tokens ADD COLUMN login_id uuid REFERENCES command_line_logins (id) ON DELETE CASCADE;
CREATE INDEX access_tokens_login_id_idx ON access_tokens (login_id);

CREATE TABLE authorization_codes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code_hash bytea NOT NULL UNIQUE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  session_id uuid NOT NULL,
  second_factor_at timestamptz(3),
  scopes text[] NOT NULL,
  name text NOT NULL,
  redirect_uri text NOT NULL,
  code_challenge text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  login_id uuid
);
CREATE INDEX authorization_codes_user_id_idx ON authorization_codes (user_id);
CREATE INDEX authorization_codes_expires_at_idx ON authorization_codes (expires_at);

CREATE TABLE device_requests (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  device_code_hash bytea NOT NULL UNIQUE,
  user_code_hash bytea NOT NULL UNIQUE,
  name text NOT NULL,
  scopes text[] NOT NULL,
  source_ip text,
  source_network text NOT NULL,
  user_agent text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  interval_seconds int NOT NULL,
  polled_at timestamptz(3),
  answered_at timestamptz(3),
  approved boolean NOT NULL DEFAULT false,
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  session_id uuid,
  second_factor_at timestamptz(3)
);
CREATE INDEX device_requests_expires_at_idx ON device_requests (expires_at);
CREATE INDEX device_requests_source_network_idx ON device_requests (source_network);
