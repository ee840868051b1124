-- Identity providers that administrators keep in the console, beside those of the configuration.
CREATE TABLE identity_providers (
  id text PRIMARY KEY,
  kind text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  settings jsonb NOT NULL,
  secrets bytea,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);

-- Requests for a SAML assertion: each is answered once, on whichever replica.
CREATE TABLE saml_requests (
  attempt text PRIMARY KEY,
  request_id text NOT NULL,
  provider text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  answered_at timestamptz(3),
  answer bytea
);
CREATE INDEX saml_requests_expires_at_idx ON saml_requests (expires_at);

-- Logout tokens that were taken: one counts once.
CREATE TABLE spent_logout_tokens (
  id text PRIMARY KEY,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX spent_logout_tokens_expires_at_idx ON spent_logout_tokens (expires_at);

ALTER TABLE sessions ADD COLUMN provider_session_id text;
ALTER TABLE sessions ADD COLUMN provider_sign_out bytea;
CREATE INDEX sessions_provider_provider_session_id_idx ON sessions (provider, provider_session_id);

ALTER TABLE groups ADD COLUMN display_name text;

-- Until now it was set for everybody who signed in, whatever their provider said of the address: it is learnt anew at the next sign-in.
UPDATE users SET email_verified = NULL WHERE email_verified IS NOT NULL;
