import { z } from 'zod'
import { type DemoReport, makeDemo } from './demo.ts'
import { operate } from './operate.ts'
import { checked } from './operator-wishes.ts'

const demoWish = z.object({
  customers: z.coerce.number().int().min(50).max(210_200),
  months: z.coerce.number().int().min(1).max(60),
  seed: z.coerce.number().int().min(0).max(2_000_000_000),
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/)
    .optional(),
})

/**
 * Makes a demo company of any size from 50 to 210,200 customers; the same seed makes the same company.
 * @throws AppError `invalid_input`, `conflict`
 */
export async function createDemo(wish: z.input<typeof demoWish>, tell: (done: number) => void): Promise<DemoReport> {
  const { slug, ...size } = checked(demoWish, wish)
  return operate(installation =>
    makeDemo(installation, { ...size, slug: slug ?? `demo-${size.customers}-${size.months}-${size.seed}` }, tell),
  )
}
