import type { Words } from '../../platform/errors/words.ts'

/** An opportunity that is new. */
export interface Found {
  id: string
  customer_id: string
  owner_id: string | null
  name: string
  plan: string
  next_plan: string
  users: number
  uses: number
  estimated_arr: number
}

/** What a card says of an opportunity (UPS-3): company, users, use, estimated annual revenue. */
export function cardOf({ name, plan, next_plan, users, uses, estimated_arr }: Found, currency: string) {
  const money = moneyText(estimated_arr, currency)
  const count = (value: number) => value.toLocaleString('en')
  const title: Words = { ja: `アップセルの機会: ${name}`, en: `Upsell opportunity: ${name}` }
  const text: Words = {
    ja: [
      `会社: ${name}`,
      `利用者: ${count(users)}名（${plan}）`,
      `利用: ${count(uses)}回（30日間）`,
      `見込みARR: ${money}（${next_plan}への移行時）`,
    ].join('\n'),
    en: [
      `Company: ${name}`,
      `Users: ${count(users)} (${plan})`,
      `Use: ${count(uses)} times in 30 days`,
      `Estimated ARR: ${money} (with ${next_plan})`,
    ].join('\n'),
  }
  return { title, text }
}

/** An amount with the sign of its currency. */
export function moneyText(amount: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 0 }).format(amount)
}
