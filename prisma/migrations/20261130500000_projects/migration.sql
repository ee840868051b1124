-- Named sets of namespaces on clusters, named sets of those, and named sets of nodes.
CREATE TABLE projects (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    members jsonb NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT projects_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX projects_name_key ON projects (name);

CREATE TABLE departments (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT departments_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX departments_name_key ON departments (name);

CREATE TABLE department_projects (
    department_id uuid NOT NULL,
    project_id uuid NOT NULL,
    CONSTRAINT department_projects_pkey PRIMARY KEY (department_id, project_id),
    CONSTRAINT department_projects_department_id_fkey FOREIGN KEY (department_id) REFERENCES departments (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT department_projects_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX department_projects_project_id_idx ON department_projects (project_id);

CREATE TABLE node_pools (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    members jsonb NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT node_pools_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX node_pools_name_key ON node_pools (name);

-- A grant on one of these names no cluster: to a replica of the version before, null would be every cluster, and the nil UUID is none.
ALTER TABLE grants ADD COLUMN project_id uuid, ADD COLUMN department_id uuid, ADD COLUMN node_pool_id uuid;
ALTER TABLE grants ADD CONSTRAINT grants_one_scope CHECK (
    num_nonnulls(project_id, department_id, node_pool_id) = 0
    OR (num_nonnulls(project_id, department_id, node_pool_id) = 1
        AND cluster_id IS NOT DISTINCT FROM '00000000-0000-0000-0000-000000000000'::uuid AND cardinality(namespaces) = 0)
);
CREATE INDEX grants_project_id_idx ON grants (project_id);
CREATE INDEX grants_department_id_idx ON grants (department_id);
CREATE INDEX grants_node_pool_id_idx ON grants (node_pool_id);
