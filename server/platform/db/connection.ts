import pg from 'pg'

/**
 * One connection outside the pool, opened; the caller ends it. When it breaks, the query under way or the next one
 * fails: without a listener the whole process would end.
 * @param purpose shown by the server beside the connection
 * @param options settings of the session, as `-c name=value`
 */
export async function openConnection(url: string, purpose: string, options?: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: `kizuna ${purpose}`, options })
  client.on('error', () => {})
  await client.connect()
  return client
}
