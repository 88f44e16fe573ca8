/** Runs statements one after the other in the migration's transaction. Frozen since 2026-11. */
import type { QueryRunner } from 'typeorm'

export async function runAll(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await runner.query(statement)
}

/** Drops tables in the order given: those that point at others come first. */
export const dropTables = (...names: readonly string[]): string[] => names.map((name) => `drop table ${name}`)
