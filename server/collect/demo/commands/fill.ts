import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { createCustomers } from '../../../customers/accounts/commands/save.ts'
import { applyTierRule } from '../../../customers/accounts/commands/tiers.ts'
import { createAttributes } from '../../../customers/attributes/commands/attributes.ts'
import { createInvoices, createPayments } from '../../../customers/billing/commands/save.ts'
import { createContacts } from '../../../customers/contacts/commands/save.ts'
import { createContracts, setTerms } from '../../../customers/contracts/commands/save.ts'
import { createAnswers } from '../../../customers/feedback/commands/save.ts'
import { makeProfiles, patchProfiles } from '../../../customers/record/commands/profile.ts'
import { createTickets } from '../../../customers/support/commands/save.ts'
import { saveCommunications } from '../../../customers/timeline/commands.ts'
import type { Context } from '../../../platform/context/context.ts'
import { type Around, aroundOf } from '../around.ts'
import { dayNumber, dayText, workingMoment } from '../calendar.ts'
import { storyOf } from '../story.ts'
import { type Success, successOf } from '../success.ts'
import type { Row, Story, World } from '../world.ts'
import { writeUse } from './use.ts'

export interface DemoWish {
  customers: number
  months: number
  seed: number
}

const by = { origin: 'demo' } as const

/** The world of a demo company: who looks after customers, and what day it is. */
export async function worldOf(ctx: Context, wish: DemoWish): Promise<World> {
  const { rows } = await sql<{ id: string }>`
    select m.id from member m where m.tenant_id = ${ctx.tenantId} and m.role in ('csm', 'cs_manager') order by m.created_at, m.id`.execute(
    ctx.tx,
  )
  return { ...wish, today: dayNumber(ctx.now), owners: rows.map(row => row.id), id: () => uuidv7() }
}

/** The company's own fields that the demo's customers have. */
export async function writeVocabulary(ctx: Context): Promise<void> {
  await createAttributes(ctx, [
    {
      record: 'customer',
      key: 'acquisition_channel',
      label: '獲得経路',
      type: 'one_of',
      options: ['紹介', '展示会', 'Web', '代理店'],
    },
    { record: 'customer', key: 'sso_enabled', label: 'SSO利用', type: 'boolean' },
    { record: 'customer', key: 'sites', label: '拠点数', type: 'number' },
  ])
}

/** What modules further down the stream keep of the demo's customers: their own commands write it. */
export type Later = Success

/**
 * Writes the customers numbered `first` to `last` (not included) with all that hangs on them: a few statements each kind.
 * @returns what is left for the modules further down the stream
 */
export async function writeCustomers(ctx: Context, world: World, first: number, last: number): Promise<Later> {
  const stories = Array.from({ length: last - first }, (_, place) => storyOf(world, first + place))
  const around = stories.map(story => aroundOf(world, story))
  const all = (kind: keyof Around) => around.flatMap(item => item[kind])
  await createCustomers(
    ctx,
    stories.map(story => story.customer),
    { ...by, tierLater: true },
  )
  await createContacts(
    ctx,
    stories.flatMap(story => story.contacts.map(({ id, values }) => ({ id, values }))),
    by,
  )
  await createContracts(
    ctx,
    stories.flatMap(story => story.contract ?? []),
    by,
  )
  await writePrices(ctx, stories)
  await applyTierRule(
    ctx,
    stories.map(story => story.customer.id),
    'demo',
  )
  await createTickets(ctx, all('tickets'), by)
  await createInvoices(ctx, all('invoices'), by)
  await createPayments(ctx, all('payments'), by)
  await createAnswers(ctx, all('answers'), by)
  await saveCommunications(ctx, all('communications'))
  await writeUse(ctx, stories)
  await writeHistory(ctx, stories)
  const success = stories.map(story => successOf(world, story))
  await writeProfiles(
    ctx,
    success.flatMap(item => item.profiles),
  )
  const joined = <Kind extends keyof Success>(kind: Kind) => success.flatMap(item => item[kind])
  return {
    profiles: [],
    plans: joined('plans'),
    milestones: joined('milestones'),
    reviews: joined('reviews'),
    activities: joined('activities'),
  }
}

/** Each price of a contract from its day on: what the ledger is made of. */
async function writePrices(ctx: Context, stories: Story[]): Promise<void> {
  const lines = stories.flatMap(({ contract, prices, endDay }) =>
    contract
      ? prices
          .filter(({ day }) => endDay === undefined || day < endDay)
          .map(({ day, amount }) => ({ id: contract.id, day: dayText(day), amount }))
      : [],
  )
  await setTerms(ctx, lines)
  await sql`
    update customer target set lifetime_value = paid.amount
    from (select p.customer_id, sum(p.amount) as amount from payment p
      where p.tenant_id = ${ctx.tenantId} and p.outcome = 'SUCCEEDED'
        and p.customer_id = any(${stories.map(story => story.customer.id)}::uuid[]) group by p.customer_id) paid
    where target.tenant_id = ${ctx.tenantId} and target.id = paid.customer_id`.execute(ctx.tx)
}

/** Former owners, and the day on which each customer left: the history that the commands could not know. */
async function writeHistory(ctx: Context, stories: Story[]): Promise<void> {
  const handovers = stories.flatMap(({ customer, formerOwner, ownerId, signedDay }) =>
    formerOwner
      ? [
          {
            id: customer.id,
            field: 'owner',
            at: workingMoment(formerOwner.until, 0.3),
            from: formerOwner.id,
            to: ownerId,
            note: '担当エリアの見直し',
          },
          {
            id: customer.id,
            field: 'owner',
            at: workingMoment(signedDay, 0.1),
            from: null,
            to: formerOwner.id,
            note: null,
          },
        ]
      : [],
  )
  const departures = stories.flatMap(({ customer, endDay }) =>
    endDay === undefined
      ? []
      : [
          {
            id: customer.id,
            field: 'status',
            at: workingMoment(endDay, 0.5),
            from: 'ACTIVE',
            to: 'CHURNED',
            note: customer.values.churnReason ?? null,
          },
        ],
  )
  const starts = stories.map(({ customer, signedDay }) => ({ id: customer.id, at: workingMoment(signedDay, 0) }))
  await sql`
    update customer_history h set at = line.at, to_value = case when h.field = 'status' and h.to_value = 'CHURNED' then 'ACTIVE' else h.to_value end
    from jsonb_to_recordset(${JSON.stringify(starts)}::jsonb) as line (id uuid, at timestamptz)
    where h.tenant_id = ${ctx.tenantId} and h.customer_id = line.id`.execute(ctx.tx)
  await sql`
    update customer target set created_at = line.at
    from jsonb_to_recordset(${JSON.stringify(starts)}::jsonb) as line (id uuid, at timestamptz)
    where target.tenant_id = ${ctx.tenantId} and target.id = line.id`.execute(ctx.tx)
  await sql`
    insert into customer_history (tenant_id, id, customer_id, at, field, from_value, to_value, cause, note)
    select ${ctx.tenantId}, gen_random_uuid(), line.id, line.at, line.field, line."from", line."to", 'demo', line.note
    from jsonb_to_recordset(${JSON.stringify([...handovers, ...departures])}::jsonb)
      as line (id uuid, field text, at timestamptz, "from" text, "to" text, note text)
    on conflict do nothing`.execute(ctx.tx)
}

async function writeProfiles(ctx: Context, rows: Row[]): Promise<void> {
  await makeProfiles(
    ctx,
    rows.map(row => row.id),
  )
  await patchProfiles(ctx, rows)
}
