import type { Context } from '../../../platform/context/context.ts'
import { notify } from '../../notices/commands/notify.ts'
import type { UpsellSettings } from '../contract/settings.ts'
import { cardOf, type Found, moneyText } from '../words.ts'

/** Opportunities that are told one by one; of more, everybody is told once. */
const mostSingle = 10

/** Tells who looks after the customers, and the channels that want to know. */
export async function tellOfOpportunities(
  ctx: Context,
  { channel, currency }: UpsellSettings,
  found: readonly Found[],
): Promise<void> {
  const channels = channel ? [channel] : []
  const about = { topic: 'opportunity', severity: 'medium' } as const
  if (found.length <= mostSingle) {
    await notify(
      ctx,
      found.map(each => ({
        ...about,
        ...cardOf(each, currency),
        subject: { kind: 'customer', id: each.customer_id },
        link: `/upsell?search=${encodeURIComponent(each.name)}`,
        key: `upsell:${each.id}`,
        to: { members: each.owner_id ? [each.owner_id] : [], channels },
      })),
    )
    return
  }
  const sum = moneyText(
    found.reduce((total, each) => total + each.estimated_arr, 0),
    currency,
  )
  const first = found.slice(0, mostSingle).map(({ name }) => name)
  await notify(ctx, [
    {
      ...about,
      title: { ja: `アップセルの機会: ${found.length}社`, en: `Upsell opportunities: ${found.length} customers` },
      text: {
        ja: `見込みARRの合計: ${sum}\n${first.join('、')}、ほか${found.length - first.length}社`,
        en: `Estimated ARR: ${sum}\n${first.join(', ')}, and ${found.length - first.length} more`,
      },
      link: '/upsell',
      key: `upsell:${found[0]!.id}`,
      to: { members: [...new Set(found.flatMap(({ owner_id }) => owner_id ?? []))], channels },
    },
  ])
}
