import { sql } from 'kysely'
import type { Context, JsonObject, JsonValue } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'

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
