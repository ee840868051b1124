-- A cluster is called directly, or through the reverse tunnel of its agents.
ALTER TABLE clusters ADD COLUMN connection text NOT NULL DEFAULT 'direct';
ALTER TABLE clusters ADD COLUMN agent_tag text;
ALTER TABLE clusters ADD COLUMN tunnel_credential text NOT NULL DEFAULT 'gateway';
