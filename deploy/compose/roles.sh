#!/bin/sh
# Run once by the database's image, when its folder is empty: who owns the tables, and the site's
# user, which reads and writes rows alone.
set -eu
psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres <<SQL
CREATE ROLE materiality_owner LOGIN PASSWORD '$OWNER_PASSWORD';
CREATE ROLE materiality_site LOGIN PASSWORD '$SITE_PASSWORD';
CREATE DATABASE materiality OWNER materiality_owner;
SQL
psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d materiality <<SQL
ALTER DEFAULT PRIVILEGES FOR ROLE materiality_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO materiality_site;
ALTER DEFAULT PRIVILEGES FOR ROLE materiality_owner GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO materiality_site;
SQL
