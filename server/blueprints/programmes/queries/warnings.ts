import { sql } from 'kysely'
import type { Context, JsonObject, JsonValue } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { cardsOf, countingCards } from '../../../signals/scorecards/queries/cards.ts'

/** Names that are told of one kind. */
const mostNamed = 10

/** What items name and the company does not have yet: they work, and find nothing until it does. */
export async function warningsOf(ctx: Context, items: readonly JsonObject[]): Promise<Words[]> {
  const events = new Set<string>()
  const channels = new Set<string>()
  for (const item of items) collect(item, events, channels)
  events.delete('*')
  const { rows } = await sql<{ kind: 'event' | 'channel'; name: string }>`
    select 'event' as kind, name from unnest(${[...events]}::text[]) name
    where not exists (select 1 from usage_daily u where u.tenant_id = ${ctx.tenantId} and u.feature = name)
    union all
    select 'channel', key from unnest(${[...channels]}::text[]) key
    where not exists (select 1 from notice_channel c where c.tenant_id = ${ctx.tenantId} and c.key = key)`.execute(
    ctx.tx,
  )
  const warnings: Words[] = []
  for (const [kind, words] of Object.entries(kinds)) {
    const names = rows.filter(row => row.kind === kind).map(({ name }) => name)
    if (names.length === 0) continue
    const more = names.length > mostNamed ? '…' : ''
    const listed = names.slice(0, mostNamed)
    warnings.push({ ja: words.ja(listed.join('、') + more), en: words.en(listed.join(', ') + more) })
  }
  return warnings
}

/** Scorecards of a plan that would judge nobody, because one that is tried before them takes every customer. */
export async function shadowedCards(
  ctx: Context,
  changes: readonly { section: string; key: string; after: JsonObject | null }[],
): Promise<Words[]> {
  const cards = countingCards(await cardsOf(ctx))
  const first = cards.findIndex(({ condition }) => condition === null)
  const before = cards[first]
  if (!before) return []
  const isPlanned = (key: string) =>
    changes.some(each => each.section === 'scorecards' && each.key === key && each.after)
  return cards
    .slice(first + 1)
    .filter(({ key }) => isPlanned(key))
    .map(({ name_ja, name_en }) => ({
      ja: `スコアカード「${name_ja}」は使われません。先に判定される「${before.name_ja}」がすべての顧客を対象にしています。`,
      en: `The scorecard "${name_en}" will judge nobody: "${before.name_en}", which is tried first, takes every customer.`,
    }))
}

const kinds: Record<'event' | 'channel', { ja(names: string): string; en(names: string): string }> = {
  event: {
    ja: names => `まだ届いたことのないイベントが使われています: ${names}。自社のイベント名に置き換えてください。`,
    en: names => `Events that have never arrived are named: ${names}. Put the names of your own events in their place.`,
  },
  channel: {
    ja: names => `通知チャネルが未登録です: ${names}。登録するまで、これらのチャネルには通知されません。`,
    en: names => `These notice channels do not exist yet: ${names}. Nothing is sent to them until they do.`,
  },
}

function collect(value: JsonValue, events: Set<string>, channels: Set<string>): void {
  if (Array.isArray(value)) {
    for (const each of value) collect(each, events, channels)
    return
  }
  if (value === null || typeof value !== 'object') return
  if (typeof value.event === 'string') events.add(value.event)
  for (const [name, into] of [
    ['events', events],
    ['channels', channels],
  ] as const) {
    const list = value[name]
    if (Array.isArray(list)) for (const each of list) if (typeof each === 'string') into.add(each)
  }
  for (const each of Object.values(value)) collect(each, events, channels)
}
