import type { TestProject } from 'vitest/node'
import { startTestPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: { url: string; superuserUrl: string; template: string }
  }
}

/** Starts one PostgreSQL for the whole run, with the migrated database that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, superuserUrl, end } = await startTestPostgres()
  project.provide('postgres', { url, superuserUrl, template: new URL(url).pathname.slice(1) })
  return end
}
