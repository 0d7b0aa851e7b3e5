import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { type NewNotice, notify } from '../../notices/commands/notify.ts'
import { colleaguesOf, routesOf } from '../queries/colleagues.ts'
import { wordedFacts } from '../queries/facts.ts'
import type { StoredRule } from '../queries/rules.ts'
import { assigneeOf, everybodyOf } from '../recipients.ts'
import type { Opened } from './episodes.ts'

/** Alerts of one rule that are told one by one; of more, the same people and channels are told once of all of them. */
const mostSingle = 5
/** Customers that a notice about many names. */
const mostNamed = 10

interface Assigned {
  id: string
  subject: { kind: string; id: string }
  customerName: string | null
  owner: string | null
  facts: Words[]
  members: string[]
  channels: readonly string[]
}

/** Gives new alerts their owners by the rule's routing, keeps what caused them in words, and tells who has to know. */
export async function assignAndTell(ctx: Context, rule: StoredRule, opened: readonly Opened[]): Promise<void> {
  if (opened.length === 0) return
  const assigned = await assign(ctx, rule, opened)
  const lines = assigned.map(({ id, owner, facts }) => ({ id, owner_id: owner, facts }))
  await sql`
    update alert a set owner_id = line.owner_id, facts = line.facts
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, owner_id uuid, facts jsonb)
    where a.tenant_id = ${ctx.tenantId} and a.id = line.id`.execute(ctx.tx)
  const audiences = Map.groupBy(assigned, ({ members, channels }) => JSON.stringify([[...members].sort(), channels]))
  const notices = [...audiences.values()].flatMap(alerts =>
    alerts.length > mostSingle ? [noticeOfMany(ctx, rule, alerts)] : alerts.map(alert => noticeOf(rule, alert)),
  )
  await notify(ctx, notices)
}

async function assign(ctx: Context, rule: StoredRule, opened: readonly Opened[]): Promise<Assigned[]> {
  const facts = await wordedFacts(ctx, rule.trigger, opened)
  const customers = opened.flatMap(({ customer_id }) => customer_id ?? [])
  const { rows } = await sql<{ id: string; name: string; owner_id: string | null }>`
    select c.id, c.name, c.owner_id from customer c where c.tenant_id = ${ctx.tenantId} and c.id = any(${customers}::uuid[])`.execute(
    ctx.tx,
  )
  const known = new Map(rows.map(row => [row.id, row]))
  const routes = await routesOf(ctx, rule.routing, customers)
  const colleagues = await colleaguesOf(ctx)
  const given = new Map<string, number>()
  return opened.map(({ id, subject_id, customer_id }) => {
    const customer = customer_id ? known.get(customer_id) : undefined
    const place = customer_id ? routes.get(customer_id) : rule.routing.findIndex(({ when }) => when === null)
    const route = place === undefined ? undefined : rule.routing[place]
    const csm = customer?.owner_id ?? null
    const owner = assigneeOf(route?.assign ?? [], csm, colleagues, given)
    const members = everybodyOf(route?.notify ?? [], csm, colleagues)
    return {
      id,
      subject: customer_id ? { kind: 'customer', id: customer_id } : { kind: 'company', id: ctx.tenantId },
      customerName: customer?.name ?? null,
      owner,
      facts: facts.get(subject_id) ?? [],
      members: [...new Set([...(owner ? [owner] : []), ...members])],
      channels: route?.channels ?? [],
    }
  })
}

function noticeOf(rule: StoredRule, { id, subject, customerName, facts, members, channels }: Assigned): NewNotice {
  const title = (name: string, of: string) => (customerName ? `${name}: ${customerName}` : `${name}${of}`)
  return {
    ...aboutRule(rule),
    subject,
    title: { ja: title(rule.name.ja, ''), en: title(rule.name.en, '') },
    text: {
      ja: [...facts.map(fact => fact.ja), rule.advice.ja].filter(Boolean).join('\n') || rule.name.ja,
      en: [...facts.map(fact => fact.en), rule.advice.en].filter(Boolean).join('\n') || rule.name.en,
    },
    link: `/alerts?open=${id}`,
    key: `alert:${id}`,
    to: { members, channels },
  }
}

function noticeOfMany(ctx: Context, rule: StoredRule, alerts: readonly Assigned[]): NewNotice {
  const [first] = alerts
  const names = alerts.slice(0, mostNamed).map(({ customerName }) => customerName ?? '')
  const others = alerts.length - names.length
  return {
    ...aboutRule(rule),
    title: { ja: `${rule.name.ja}: ${alerts.length}社`, en: `${rule.name.en}: ${alerts.length} customers` },
    text: {
      ja: [`${names.join('、')}${others > 0 ? `、ほか${others}社` : ''}`, rule.advice.ja].filter(Boolean).join('\n'),
      en: [`${names.join(', ')}${others > 0 ? `, and ${others} more` : ''}`, rule.advice.en].filter(Boolean).join('\n'),
    },
    link: `/alerts?rule=${rule.id}`,
    key: `alerts:${rule.id}:${ctx.now.toISOString()}:${first!.id}`,
    to: { members: first!.members, channels: first!.channels },
  }
}

function aboutRule({ topic, severity, pace }: StoredRule) {
  return { topic, severity, pace } as const
}
