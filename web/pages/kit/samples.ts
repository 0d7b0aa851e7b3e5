import type { HealthBand } from '../../kit/health.tsx'

export interface SampleCustomer {
  id: string
  name: string
  score: number | null
  band: HealthBand
  change: number | undefined
  arr: number
  renewal: string
  owner: string
  contact: string
  tags: string[]
}

/** Long, short, Latin and Japanese names, extreme amounts, a missing score. */
const seeds: [string, number | null, HealthBand, number | undefined, number, string, string, string][] = [
  [
    '株式会社みなとみらいデジタルトランスフォーメーション推進機構',
    47,
    'orange',
    -12,
    61_200_000,
    '2027-01-08',
    '橋本 健太郎',
    '公共',
  ],
  ['Kestrel Bioinformatics GmbH', 92, 'green', 1, 1_118_800_000, '2027-01-01', 'González-Ikeda Mariana', '医療'],
  ['有限会社 小春日和', 39, 'red', -2, 360_000, '2026-11-30', '佐藤 美咲', '小売'],
  ['北辰精密工業株式会社', 31, 'red', -21, 38_400_000, '2026-12-15', '佐藤 美咲', '製造'],
  ['東海ロジネット株式会社', 64, 'yellow', -20, 33_600_000, '2027-02-03', '佐藤 美咲', '物流'],
  ['信州ハイランド観光開発株式会社', null, 'none', undefined, 5_400_000, '2027-01-29', '佐藤 美咲', '観光'],
  ['Northwind Kitchens Inc.', 86, 'green', 11, 27_400_000, '2027-01-20', 'González-Ikeda Mariana', '小売'],
  ['Meridian Freight Solutions Pte. Ltd.', 38, 'red', -9, 52_800_000, '2027-01-31', '佐藤 美咲', '物流'],
]

/** Enough customers to scroll through, the same ones each time. */
export const customers: SampleCustomer[] = Array.from({ length: 48 }, (_, at) => {
  const [name, score, band, change, arr, renewal, owner, tag] = seeds[at % seeds.length]!
  const round = Math.floor(at / seeds.length)
  return {
    id: String(at),
    name: round === 0 ? name : `${name} ${round + 1}`,
    score,
    band,
    change,
    arr: arr + round * 1_000,
    renewal,
    owner,
    contact: new Date(Date.now() - (at * 37 + 5) * 3_600_000).toISOString(),
    tags: at % 3 === 0 ? [tag, 'Enterprise'] : [tag],
  }
})

export const owners = ['佐藤 美咲', '橋本 健太郎', 'González-Ikeda Mariana']

/** Net revenue retention of twelve months, and of the year before, as shares. */
export const retention = {
  months: Array.from(
    { length: 12 },
    (_, at) => `${at === 0 ? 2025 : 2026}-${String(((at + 11) % 12) + 1).padStart(2, '0')}-01`,
  ),
  now: [1.04, 1.05, 1.055, 1.06, 1.072, 1.08, 1.074, 1.088, 1.101, 1.11, 1.123, 1.134],
  before: [1.01, 1.015, 1.02, 1.018, 1.025, 1.03, 1.032, 1.035, 1.04, 1.042, 1.041, 1.043],
}
