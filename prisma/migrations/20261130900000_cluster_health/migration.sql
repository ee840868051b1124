-- What the last check of each cluster found, and when the next one is due: whichever replica comes first makes it.
CREATE TABLE cluster_health (
  cluster_id uuid PRIMARY KEY REFERENCES clusters (id) ON DELETE CASCADE,
  due_at timestamptz(3) NOT NULL DEFAULT now(),
  health jsonb
);
