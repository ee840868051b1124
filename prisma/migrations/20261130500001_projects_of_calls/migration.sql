-- In which projects, departments and node pools a call was, as they were then: ids of lists of names.
ALTER TABLE kube_request ADD COLUMN projects_id int, ADD COLUMN departments_id int, ADD COLUMN node_pools_id int;
ALTER TABLE recording ADD COLUMN projects_id int, ADD COLUMN departments_id int, ADD COLUMN node_pools_id int;
