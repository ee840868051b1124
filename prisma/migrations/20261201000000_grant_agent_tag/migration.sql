-- A grant may say which agents carry its calls, on clusters that are called through agents.
ALTER TABLE grants ADD COLUMN agent_tag text;
