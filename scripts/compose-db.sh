#!/bin/bash
# Runs once in the database container of docker-compose.yml, after roles.sql:
# gives the roles their passwords and makes the database.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
	-v owner="$PORTAL_DB_OWNER_PASSWORD" -v app="$PORTAL_DB_APP_PASSWORD" <<'SQL'
ALTER ROLE portal_owner PASSWORD :'owner';
ALTER ROLE portal_app PASSWORD :'app';
CREATE DATABASE portal OWNER portal_owner;
SQL
