-- The console session that a SCIM token was made in: whoever revokes that revokes the token.
ALTER TABLE scim_tokens ADD COLUMN session_id uuid;
