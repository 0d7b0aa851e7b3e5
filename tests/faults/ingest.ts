/**
 * `node tests/faults/ingest.ts`: the SDKs of Segment and RudderStack, as they are published, deliver 100,000 events while
 * PostgreSQL is killed with SIGKILL again and again. Ends with exit code 1 unless every event that an SDK reports as
 * delivered is stored exactly once and the roll-ups equal a count of the raw events. `node tests/faults/ingest.ts 20000 4`
 * delivers 20,000 and kills four times.
 */

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { Analytics } from '@segment/analytics-node'
import pg from 'pg'
import { applicationUrl } from '../../server/platform/db/pool.ts'
import { startProduct } from './product.ts'

const events = Number(process.argv[2] ?? 100_000)
const kills = Number(process.argv[3] ?? 10)
const together = 1_000

/** Ids of events that an SDK reports as delivered, and how many it gave up. */
const delivered = new Set<string>()
let givenUp = 0

const product = await startProduct()
try {
  await product.healthy(60)
  const address = `http://127.0.0.1:${product.port}`
  const headers = { authorization: await product.authorization(), 'content-type': 'application/json' }
  const made = await fetch(`${address}/api/v1/sources`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'faults', kind: 'server' }),
  })
  const { id, writeKey } = (await made.json()) as { id: string; writeKey: string }
  let done = false
  const sending = Promise.all([
    bySegment(address, writeKey, events / 2),
    byRudder(address, writeKey, events / 2),
  ]).finally(() => {
    done = true
  })
  sending.catch(() => {})
  const recoveries: number[] = []
  while (recoveries.length < kills && !done) {
    await Promise.race([delay(400 + Math.random() * 1_500), sending])
    if (done) break
    recoveries.push(await product.kill('database'))
    console.log(
      `${recoveries.length}/${kills} killed PostgreSQL, healthy after ${recoveries.at(-1)} s, ${delivered.size} delivered`,
    )
  }
  await sending
  const verdict = await judge(id)
  recoveries.sort((one, other) => one - other)
  const result = {
    events,
    kills: recoveries.length,
    delivered: delivered.size,
    givenUp,
    ...verdict,
    recoverySeconds: { median: recoveries[recoveries.length >> 1], longest: recoveries.at(-1) },
  }
  console.log(JSON.stringify(result))
  if (verdict.lost + verdict.doubled + verdict.rollUpFaults > 0 || delivered.size < events * 0.9) process.exitCode = 1
} finally {
  await product.end()
}

function eventOf(index: number) {
  const groupId = `company-${index % 20}`
  return {
    messageId: randomUUID(),
    userId: `user-${index % 300}`,
    event: ['Report Viewed', 'Item Created', 'Signed In'][index % 3]!,
    properties: { index },
    context: { groupId },
  }
}

async function bySegment(host: string, writeKey: string, count: number): Promise<void> {
  const analytics = new Analytics({ writeKey, host, flushAt: 100, flushInterval: 200, maxRetries: 200 })
  analytics.on('error', () => {})
  for (let at = 0; at < count; at += together) {
    await Promise.all(
      Array.from({ length: Math.min(together, count - at) }, (_, index) => {
        const event = eventOf(at + index)
        return new Promise<void>(resolve => {
          analytics.track(event, (_error, ctx) => {
            if (ctx?.failedDelivery()) givenUp++
            else delivered.add(event.messageId)
            resolve()
          })
        })
      }),
    )
  }
  await analytics.closeAndFlush()
}

async function byRudder(dataPlaneUrl: string, writeKey: string, count: number): Promise<void> {
  const rudder = new RudderAnalytics(writeKey, {
    dataPlaneUrl,
    flushAt: 100,
    flushInterval: 200,
    retryCount: 200,
    axiosRetryConfig: { retryDelay: () => 250 },
    logLevel: 'none',
    errorHandler: () => {},
  })
  for (let at = 0; at < count; at += 100) {
    await Promise.all(
      Array.from({ length: Math.min(100, count - at) }, (_, index) => {
        const event = eventOf(at + index)
        return new Promise<void>(resolve => {
          // Its types know nothing of the error that it passes.
          rudder.track(event, (...failures: unknown[]) => {
            if (failures[0]) givenUp++
            else delivered.add(event.messageId)
            resolve()
          })
        })
      }),
    )
  }
}

/** Waits until all is processed and compares what is stored with what was reported as delivered. */
async function judge(
  sourceId: string,
): Promise<{ lost: number; doubled: number; stored: number; rollUpFaults: number }> {
  const base64 = readFileSync(join(product.dataDir, 'keys'), 'utf8').trim().split(':')[1]!
  const client = new pg.Client({ connectionString: applicationUrl(product.ownerUrl(), Buffer.from(base64, 'base64')) })
  await client.connect()
  try {
    const directory = await client.query("select tenant_id from tenant_directory where slug = 'demo'")
    await client.query(`set app.tenant = ${client.escapeLiteral(directory.rows[0].tenant_id)}`)
    for (let wait = 0; wait < 300; wait++) {
      const { rows } = await client.query(
        'select (select count(*) from ingest_batch) + (select count(*) from usage_dirty) as left',
      )
      if (Number(rows[0].left) === 0) break
      await delay(200)
    }
    const { rows } = await client.query<{ id: string; times: string }>(
      'select message_id as id, count(*) as times from usage_event where source_id = $1 group by message_id',
      [sourceId],
    )
    const times = new Map(rows.map(row => [row.id, Number(row.times)]))
    const faults = await client.query(
      `with raw as (
        select e.tenant_id, e.person, (e.occurred_at at time zone t.time_zone)::date as day, e.name, k.id as customer, count(*)::bigint as events
        from usage_event e join tenant t on t.id = e.tenant_id
        left join customer k on k.tenant_id = e.tenant_id and k.external_id = e.group_id
        where e.source_id = $1 group by 1, 2, 3, 4, 5),
      rolled as (
        select d.tenant_id, d.person, d.day, d.feature, d.customer_id, sum(d.events)::bigint from usage_daily d
        where (d.tenant_id, d.person) in (select tenant_id, person from raw) group by 1, 2, 3, 4, 5)
      select count(*) as faults from (
        (select * from raw except select * from rolled) union all (select * from rolled except select * from raw)) difference`,
      [sourceId],
    )
    return {
      lost: [...delivered].filter(message => !times.has(message)).length,
      doubled: [...times.values()].filter(count => count > 1).length,
      stored: times.size,
      rollUpFaults: Number(faults.rows[0].faults),
    }
  } finally {
    await client.end()
  }
}
