-- A token may count for one cluster alone. No reference: a token whose cluster is gone must not become one for all of them.
ALTER TABLE access_tokens ADD COLUMN cluster_id uuid, ADD COLUMN cluster_name text;
