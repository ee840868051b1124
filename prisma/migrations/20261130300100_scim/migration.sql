-- SCIM 2.0: tokens, and what clients say of people and groups.
CREATE TABLE scim_tokens (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  issuer text NOT NULL,
  token_hash bytea NOT NULL,
  created_by text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);
CREATE UNIQUE INDEX scim_tokens_token_hash_key ON scim_tokens (token_hash);

ALTER TABLE users ADD COLUMN scim_provisioned_at timestamptz(3);
ALTER TABLE users ADD COLUMN scim_user_name text;
ALTER TABLE users ADD COLUMN scim_external_id text;
ALTER TABLE users ADD COLUMN scim_active boolean;
ALTER TABLE users ADD COLUMN scim_attributes jsonb;
ALTER TABLE users ADD COLUMN scim_deleted_at timestamptz(3);
ALTER TABLE users DROP CONSTRAINT users_disabled_by_check;
ALTER TABLE users ADD CONSTRAINT users_disabled_by_check CHECK (disabled_by IN ('administrator', 'identity_provider', 'scim'));
CREATE INDEX users_issuer_user_name_idx ON users (issuer, lower(coalesce(scim_user_name, email)));
CREATE INDEX users_issuer_scim_external_id_idx ON users (issuer, scim_external_id);
CREATE INDEX users_issuer_created_at_id_idx ON users (issuer, created_at, id);

ALTER TABLE groups ADD COLUMN IF NOT EXISTS display_name text;
ALTER TABLE groups ADD COLUMN scim_external_id text;
ALTER TABLE groups ADD COLUMN scim_updated_at timestamptz(3);
CREATE INDEX groups_issuer_scim_external_id_idx ON groups (issuer, scim_external_id);
CREATE INDEX groups_issuer_display_name_idx ON groups (issuer, lower(coalesce(display_name, name)));
