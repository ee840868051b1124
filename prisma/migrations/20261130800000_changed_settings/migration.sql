-- Settings that an administrator has changed while it ran: rows of `settings` with a revision, under the setting's name. The other rows are
-- marks of the installation, and keep none.
CREATE SEQUENCE settings_revision;
ALTER TABLE settings
  ADD COLUMN revision bigint,
  ADD COLUMN changed_by text;
