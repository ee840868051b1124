-- What a key may be used for and from where: '*' is all that its owner may, no network is everywhere. Keys from before are as they were.
ALTER TABLE access_tokens
  ADD COLUMN scopes text[] NOT NULL DEFAULT ARRAY['*'],
  ADD COLUMN networks text[] NOT NULL DEFAULT ARRAY[]::text[],
  ADD COLUMN last_used_from text,
  -- Of an application's token: the secret that it was bought with.
  ADD COLUMN secret_id uuid;

ALTER TABLE applications
  ADD COLUMN scopes text[] NOT NULL DEFAULT ARRAY['*'],
  ADD COLUMN networks text[] NOT NULL DEFAULT ARRAY[]::text[],
  ADD COLUMN last_used_from text,
  ADD COLUMN secret_id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN secret_created_at timestamptz(3),
  -- The secret before, while it still counts beside the present one.
  ADD COLUMN previous_secret_id uuid,
  ADD COLUMN previous_secret_hash bytea,
  ADD COLUMN previous_secret_ends_at timestamptz(3),
  ADD COLUMN previous_secret_token_id uuid,
  ADD COLUMN previous_secret_session_id uuid;

-- Lists of everybody's keys are read by what is newest.
CREATE INDEX access_tokens_created_at_id_idx ON access_tokens (created_at DESC, id DESC) WHERE terminal_id IS NULL;
