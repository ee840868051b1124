-- The token that a call was made with: two sessions of one person under the same session id are told apart.
ALTER TABLE kube_request ADD COLUMN token_id uuid;
