-- The rows of a session's start and end, by its recording. Few rows have one.
CREATE INDEX "kube_request_recording_id_idx" ON "kube_request" ("recording_id") WHERE "recording_id" IS NOT NULL;
