import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import {
  createCampaign,
  pauseCampaign,
  prepareCampaign,
  resumeCampaign,
  startCampaign,
} from '../../server/engage/messages/commands/campaigns.ts'
import { createTemplate } from '../../server/engage/messages/commands/templates.ts'
import { createTopic } from '../../server/engage/messages/commands/topics.ts'
import type { Context } from '../../server/platform/context/context.ts'
import type { Installation } from '../../server/platform/context/installation.ts'
import type { TestApplication } from './application.ts'
import { asSystem, newCompany, type TestCompany } from './factories.ts'
import type { HostileReport } from './hostile-smtp.ts'
import { content, writeContacts } from './messages.ts'

export interface StormResult {
  recipients: number
  kills: number
  pauses: number
  /** Messages that the server had whole, and those that it had more than once. */
  serverHad: number
  serverHadTwice: number
  /** Accepted by the outbox, and unknown to the server. */
  acceptedUnknown: number
  states: Record<string, number>
  /** Connections that the killed workers had open with the server when they were killed, as the server counts them. */
  openAtKills: number
  /** Connections that the server cut behind a message. */
  cutBehindData: number
  /** Most that may be uncertain: the sum of both. */
  uncertainAtMost: number
  greylisted: number
  seconds: number
}

/** A worker and the door that it sends through. */
interface Worker {
  process: ChildProcess
  port: number
}

interface Storm {
  installation: Installation
  appUrl: string
  recipients: number
  kills: number
}

/**
 * Sends a campaign against a hostile server, by two workers that are killed again and again, one or both, while it is
 * paused and resumed. Time that passes (leases, later tries) is skipped.
 */
export async function mailStorm({ installation, appUrl, recipients, kills }: Storm): Promise<StormResult> {
  const begun = performance.now()
  const company = await newCompany({ installation } as TestApplication)
  const server = fork(new URL('hostile-smtp.ts', import.meta.url), { execArgv: [] })
  const ask = async (wish: 'door' | 'report') => {
    server.send(wish)
    return (await once(server, 'message'))[0]
  }
  const report = async (): Promise<HostileReport> => ask('report')
  const workers: Worker[] = []
  const hire = async () => {
    const { port } = (await ask('door')) as { port: number }
    const process = fork(new URL('product-worker.ts', import.meta.url), [appUrl, `smtp://127.0.0.1:${port}`], {
      execArgv: [],
    })
    await once(process, 'message')
    workers.push({ process, port })
  }
  const kill = async (worker: Worker) => {
    workers.splice(workers.indexOf(worker), 1)
    const exited = once(worker.process, 'exit')
    worker.process.kill('SIGKILL')
    await exited
  }
  // Who is stopped opens nothing more, so that what the server counts is what the kill cuts.
  const killCounted = async (victims: readonly Worker[]): Promise<number> => {
    for (const { process } of victims) process.kill('SIGSTOP')
    const open = new Map((await report()).open)
    await Promise.all(victims.map(kill))
    return victims.reduce((sum, { port }) => sum + (open.get(port) ?? 0), 0)
  }
  try {
    await writeContacts(company, recipients)
    const id = await asSystem(company, beginCampaign)
    await asSystem(company, ctx => prepareCampaign(ctx, id))
    await hire()
    await hire()
    const result = { kills: 0, pauses: 0, openAtKills: 0 }
    while (result.kills < kills && (await left(company)) > 0) {
      await delay(80 + Math.random() * 250)
      result.pauses += await pauseAndResume(company, id)
      await delay(80 + Math.random() * 250)
      const victims = result.kills % 5 === 4 ? [...workers] : workers.slice(0, 1)
      result.openAtKills += await killCounted(victims)
      result.kills += victims.length
      await skipTime(company)
      for (const _ of victims) await hire()
    }
    for (let wait = 0; (await left(company)) > 0; wait++) {
      if (wait > 600) throw new Error('The campaign does not come to an end.')
      await delay(200)
      await skipTime(company)
      // Whoever is still being told to a server by a worker that lives ends by itself; the dead are given up.
      if (wait % 10 === 9 && (await report()).open.length === 0) await giveUpTheDead(company)
    }
    const { received, dropped, greylisted } = await report()
    return {
      recipients,
      ...result,
      cutBehindData: dropped,
      uncertainAtMost: result.openAtKills + dropped,
      serverHad: received.length,
      serverHadTwice: received.filter(([, times]) => times > 1).length,
      acceptedUnknown: await acceptedUnknown(company, received),
      states: await statesOf(company),
      greylisted,
      seconds: Math.round((performance.now() - begun) / 1_000),
    }
  } finally {
    await Promise.all([...workers].map(kill))
    server.disconnect()
  }
}

async function beginCampaign(ctx: Context): Promise<string> {
  const names = { descriptionJa: '', descriptionEn: '', position: 0 }
  const topicId = await createTopic(ctx, { key: 'storm', nameJa: '嵐', nameEn: 'Storm', kind: 'marketing', ...names })
  const templateId = await createTemplate(ctx, { name: '嵐', topicId, content })
  const audience = { kind: 'condition' as const, condition: { all: [] } }
  const id = await createCampaign(ctx, { name: '嵐', templateId, topicId, senderId: null, goal: null, audience })
  await startCampaign(ctx, id, undefined)
  return id
}

/** A storm of clicks on the two buttons. @returns how often it was paused */
async function pauseAndResume(company: TestCompany, id: string): Promise<number> {
  let pauses = 0
  for (let count = 0; count < 3; count++) {
    const paused = await asSystem(company, ctx => pauseCampaign(ctx, id)).then(
      () => true,
      () => false,
    )
    if (!paused) return pauses
    pauses += 1
    await delay(Math.random() * 40)
    await asSystem(company, ctx => resumeCampaign(ctx, id))
  }
  return pauses
}

async function left(company: TestCompany): Promise<number> {
  const { rows } = await asSystem(company, ctx =>
    sql<{ count: number }>`
      select count(*)::int as count from message where tenant_id = ${ctx.tenantId} and state in ('pending', 'sending')`.execute(
      ctx.tx,
    ),
  )
  return rows[0]!.count
}

/** Leases of workers and times of later tries are over. */
async function skipTime(company: TestCompany): Promise<void> {
  await asSystem(company, async ctx => {
    // Those that a worker is at in this moment are left for the next time.
    await sql`
      update message set next_at = now(), lease_until = null where tenant_id = ${ctx.tenantId} and id in (
        select id from message where tenant_id = ${ctx.tenantId} and state = 'pending' for update skip locked)`.execute(
      ctx.tx,
    )
    await sql`update job set lease_until = now() where tenant_id = ${ctx.tenantId} and state = 'leased' and name like 'messages.%'`.execute(
      ctx.tx,
    )
    await sql`
      insert into job (tenant_id, name, payload, state, run_at, key, max_attempts)
      values (${ctx.tenantId}, 'messages.send', ${JSON.stringify({ tenantId: ctx.tenantId })}::jsonb, 'waiting', now(), 'send', 12)
      on conflict do nothing`.execute(ctx.tx)
  })
}

async function giveUpTheDead(company: TestCompany): Promise<void> {
  await asSystem(company, ctx =>
    sql`update message set lease_until = now() - interval '1 second' where tenant_id = ${ctx.tenantId} and state = 'sending'`.execute(
      ctx.tx,
    ),
  )
}

async function statesOf(company: TestCompany): Promise<Record<string, number>> {
  const { rows } = await asSystem(company, ctx =>
    sql<{ state: string; count: number }>`
      select state, count(*)::int as count from message where tenant_id = ${ctx.tenantId} group by state order by state`.execute(
      ctx.tx,
    ),
  )
  return Object.fromEntries(rows.map(row => [row.state, row.count]))
}

async function acceptedUnknown(company: TestCompany, received: HostileReport['received']): Promise<number> {
  const known = new Set(received.map(([name]) => /<([^@]+)@/.exec(name)?.[1]))
  const { rows } = await asSystem(company, ctx =>
    sql<{ id: string }>`select id from message where tenant_id = ${ctx.tenantId} and state = 'accepted'`.execute(
      ctx.tx,
    ),
  )
  return rows.filter(({ id }) => !known.has(id)).length
}
