-- When and from where a session was used last: it ends when that was too long ago.
ALTER TABLE sessions ADD COLUMN last_seen_at timestamptz(3) NOT NULL DEFAULT now();
ALTER TABLE sessions ADD COLUMN last_seen_ip text;
