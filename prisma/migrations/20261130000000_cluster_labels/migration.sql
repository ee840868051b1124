-- What administrators call a cluster, for rules and projects to go by.
ALTER TABLE clusters ADD COLUMN labels jsonb NOT NULL DEFAULT '{}';
