import { z } from 'zod'
import { AppError } from './platform/errors/app-error.ts'
import type { Words } from './platform/errors/words.ts'
import { emailAddress, line } from './platform/http/contract.ts'
import { localeShape, newPassword, slugShape, timeZone } from './platform/identity/contract/account.ts'
import { permissions, roles } from './platform/permissions/contract.ts'

/** What `tenant create` takes. Without a password a new person gets a generated one. */
export const companyWish = z.object({
  name: line(120),
  slug: slugShape,
  locale: localeShape,
  timeZone,
  adminEmail: emailAddress,
  adminName: line(120),
  password: newPassword.optional(),
})

/** What `user create` takes. `tenant`: address (slug) or id of the company. */
export const userWish = z.object({
  tenant: z.string(),
  email: emailAddress,
  name: line(120),
  role: z.enum(roles),
  password: newPassword.optional(),
})

/** What `api-key create` takes; `expires`: a day (ends at its beginning, UTC) or a moment. */
export const apiKeyWish = z.object({
  tenant: z.string(),
  name: line(80),
  role: z.enum(roles),
  scopes: z.array(z.enum(permissions)),
  expires: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })])
    .transform(text => new Date(text))
    .optional(),
})

/** What an option accepts, by its name in the shapes. */
const accepted: Record<string, Words> = {
  name: { ja: '1行の文字列（120文字以内）', en: 'one line of at most 120 characters' },
  adminName: { ja: '1行の文字列（120文字以内）', en: 'one line of at most 120 characters' },
  slug: { ja: '英小文字・数字・ハイフン、3〜40文字', en: '3 to 40 lower-case letters, digits and hyphens' },
  locale: { ja: 'ja または en', en: 'ja or en' },
  timeZone: { ja: 'Asia/Tokyo のようなタイムゾーン名', en: 'the name of a time zone, such as Asia/Tokyo' },
  email: { ja: 'メールアドレス', en: 'an e-mail address' },
  adminEmail: { ja: 'メールアドレス', en: 'an e-mail address' },
  password: { ja: '8〜256文字', en: '8 to 256 characters' },
  id: { ja: 'ジョブのID（数字）', en: 'the id of a job, a number' },
  role: { ja: roles.join('、'), en: roles.join(', ') },
  scopes: { ja: permissions.join('、'), en: permissions.join(', ') },
  expires: { ja: '2027-03-31 または 2027-03-31T09:00:00Z', en: '2027-03-31 or 2027-03-31T09:00:00Z' },
}

/** Checks what the command line was given. @throws AppError `invalid_input` that names every faulty option */
export function checked<Shape extends z.ZodObject>(shape: Shape, wish: z.input<Shape>): z.output<Shape> {
  const result = shape.safeParse(wish)
  if (result.success) return result.data
  const names = new Set(result.error.issues.map(issue => String(issue.path[0])))
  const faults = [...names].map(name => {
    const option = optionOf(name)
    const hint = accepted[name] ?? { ja: '文字列', en: 'a text' }
    return {
      path: option,
      message: { ja: `${option} が正しくありません: ${hint.ja}`, en: `${option} is not valid. It takes: ${hint.en}` },
    }
  })
  const list = (locale: keyof Words) => faults.map(fault => fault.message[locale]).join('\n')
  throw new AppError('invalid_input', { ja: list('ja'), en: list('en') }, { faults })
}

/** `adminEmail` as it is typed: `--admin-email`. */
function optionOf(name: string): string {
  if (name === 'password') return '--password-stdin'
  if (name === 'id') return 'id'
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}
