/** The commands that rooms offer: the built script behind each and its help (OPS-002). */
'use strict'

const ON_THE_STACK = 'Works on the running local stack unless DATABASE_OWNER_URL or DATABASE_URL names another database.'

/** @type {Readonly<Record<string, { script: string, help: string }>>} */
const ROOM_COMMANDS = {
  'db:migrate': {
    script: 'db-migrate',
    help: `npm run db:migrate

Brings the schema up to date; run twice = no change. With DATABASE_ADMIN_URL, PARKING_OWNER_PASSWORD and PARKING_APP_PASSWORD
the roles and the database are made first. ${ON_THE_STACK}`,
  },
  'db:new': { script: 'db-new', help: 'npm run db:new -- <slug>\n\nWrites an empty migration and its line in the list.' },
  'db:dump': {
    script: 'db-dump',
    help: `npm run db:dump -- [--check]

Writes db/schema.sql from the migrated database; --check compares instead. ${ON_THE_STACK}`,
  },
  'db:seed': {
    script: 'db-seed',
    help: `npm run db:seed

Writes the demo of SIMULATOR_SEED (7) into a database that has none; run twice = no change. ${ON_THE_STACK}`,
  },
  'temporal:setup': {
    script: 'temporal-setup',
    help: `npm run temporal:setup

Registers TEMPORAL_NAMESPACE (parking) and its search attributes at TEMPORAL_ADDRESS (the running local stack's when unset).`,
  },
  openapi: { script: 'openapi', help: 'npm run openapi -- [--check]\n\nWrites openapi.json from the contract; --check compares instead.' },
  'histories:record': {
    script: 'histories-record',
    help: 'npm run histories:record\n\nRecords histories of every workflow type against a real server, for the replay tests.',
  },
  simulate: {
    script: 'simulate',
    help: 'npm run simulate -- --site demo --seed 7 --days 3\n\nPlays a site on a virtual clock and prints the digest of what happened; same seed, same bytes.',
  },
}

module.exports = { ROOM_COMMANDS }
